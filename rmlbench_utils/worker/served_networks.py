"""The run of a network that was trained elsewhere: load, inputs, predict, latency."""

from __future__ import annotations

from typing import Any

import numpy as np

from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.networks import predictions
from rmlbench_utils.worker.served import model_of
from rmlbench_utils.worker.timing import phase


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a served network's job.

    Returns
    -------
    dict
        ``logits`` of every window (book/protocol.md).
    """
    if job["folds"]:
        raise Fault("unsupported", "folds", True, "a network that is served is not trained")
    with phase(channel, "load"):
        network = algorithm.load(model_of(job), job["threads"])
    return {"logits": predictions(channel, job["repeat"], algorithm, network)}
