"""The run of a served job: load a model that was fitted elsewhere, inputs, predict, latency."""

from __future__ import annotations

from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.supervised import predictions
from rmlbench_utils.worker.timing import phase


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a served job.

    ``algorithm`` has ``load(model, threads)``, from the bytes of an ONNX model to what
    ``predict`` is asked of; it may have ``decision``. Loading is what serving costs at start:
    reading the file and building the session.

    Returns
    -------
    dict
        ``predictions`` (K x m), and ``decision`` where the algorithm has one.
    """
    if job["folds"]:
        raise Fault("unsupported", "folds", True, "a model that is served is not fitted")
    with phase(channel, "load"):
        model = algorithm.load(model_of(job), job["threads"])
    return predictions(channel, job["repeat"], algorithm, model)


def model_of(job: dict[str, Any]) -> bytes:
    """The bytes of the model that a job brings.

    Raises
    ------
    Fault
        If it brings none.
    """
    if job["weights"] is None:
        raise Fault("data", "weights", None, "must name the file of the model that is served")
    path = job["weights"]["path"]
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise Fault("data", "weights", path, f"must be a safetensors file ({error})") from error
    model = tensors.get("model")
    if model is None:
        raise Fault("data", "model", sorted(tensors), "the weights need this tensor")
    if model.dtype != np.uint8:
        raise Fault("data", "model", str(model.dtype), "must be uint8")
    return model.tobytes()
