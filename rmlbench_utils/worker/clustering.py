"""The clustering run: load, convert, fit; of models that predict also inputs, predict, latency."""

from __future__ import annotations

from typing import Any

import numpy as np
from safetensors.numpy import load_file

from rmlbench_utils.contenders.clustering_terms import Terms
from rmlbench_utils.worker import supervised
from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.timing import phase, sampled


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a clustering job.

    An algorithm has ``PREDICTS``; ``begin(x, terms)``, which is not timed and answers what its
    ``fit(x, begin)`` takes; ``attributes(x, model)``; and, if it predicts, ``predict(model, x)``.

    Returns
    -------
    dict
        ``labels`` [n] and the algorithm's other attributes, and ``predictions`` [K, m] where it
        predicts.
    """
    _refuse(job, algorithm)
    with phase(channel, "load"):
        train = load_file(job["train"]["path"])
    _check(train)
    x = supervised.held(channel, job, train)
    del train
    begin = algorithm.begin(x, Terms(_start(job, len(x)), job["seed"], job["threads"]))
    repeat = job["repeat"]
    if "fit" in repeat:
        model = sampled(channel, "fit", repeat["fit"], lambda _: algorithm.fit(x, begin))
    else:
        model = algorithm.fit(x, begin)
    answers = {}
    if algorithm.PREDICTS:
        found = supervised.predictions(channel, repeat, algorithm, model)
        answers = {name: value.astype(np.float64) for name, value in found.items()}
    return {**answers, **algorithm.attributes(x, model)}


def _refuse(job: dict[str, Any], algorithm: Any) -> None:
    if job["folds"]:
        raise Fault("unsupported", "folds", True, "clusterings are not cross-validated")
    for name in ("predict", "latency"):
        if name in job["repeat"] and not algorithm.PREDICTS:
            raise Fault("unsupported", "repeat", name, f"{job['algorithm']} does not predict")


def _check(train: dict[str, np.ndarray]) -> None:
    if "x_train" not in train:
        raise Fault("data", "x_train", sorted(train), "the training file needs this tensor")
    x = train["x_train"]
    if x.dtype != np.float64:
        raise Fault("data", "x_train", str(x.dtype), "must be float64")
    if not np.isfinite(x.sum()):
        raise Fault("data", "x_train", "nan or infinity", "every value must be finite")


def _start(job: dict[str, Any], n: int) -> np.ndarray | None:
    """The rows to begin from, of the job's ``weights`` file; None where it has none."""
    if job["weights"] is None:
        return None
    tensors = load_file(job["weights"]["path"])
    if "start" not in tensors:
        raise Fault("data", "start", sorted(tensors), "the weights file needs this tensor")
    rows = tensors["start"]
    if rows.dtype != np.int64 or rows.ndim != 1:
        raise Fault("data", "start", f"{rows.dtype} {list(rows.shape)}", "must be int64 [s]")
    for row in rows[(rows < 0) | (rows >= n)].tolist():
        raise Fault("data", "start", row, f"must be a row of x_train, 0 to {n - 1}")
    return rows
