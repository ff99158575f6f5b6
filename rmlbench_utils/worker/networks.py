"""The run of a network: load, the steps of the plan, inputs, predict, latency."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.timing import latencies, phase, sampled


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a network's job.

    Returns
    -------
    dict
        ``losses`` [steps], ``initial_logits`` of the first batch, ``logits`` of every window,
        ``evaluations`` of the validation rows where there are any; with ``folds`` the gradients of
        the first step and the state after it (book/protocol.md).
    """
    params = algorithm.params
    _check(job, params)
    with phase(channel, "load"):
        network, tensors = algorithm.load(job["train"]["path"], job["weights"]["path"], job["seed"])
        order, rates = _plan(tensors, params, len(network.x))
    found = {"initial_logits": network.of_rows(order[0])}
    losses: list[float] = []
    evaluated: list[Any] = []
    every, validation = params["evaluate_every"], tensors["plan.validation"]

    def step(i: int) -> None:
        keep = job["folds"] and i == 0
        loss = network.step(order[i], rates[i], keep)
        if not math.isfinite(loss):
            allowed = f"training diverged at step {i + 1}: lower learning_rate"
            raise Fault("diverged", "loss", str(loss), allowed)
        losses.append(loss)
        if keep:
            found.update(_evidence(network))
        if every and (i + 1) % every == 0:
            evaluated.append(network.of_rows(validation).numpy())

    sampled(channel, "fit", job["repeat"]["fit"], step)
    with phase(channel, "load"):
        network.evaluating()  # some make another program of it first
    found["logits"] = predictions(channel, job["repeat"], algorithm, network)
    answers = {name: np.asarray(value) for name, value in found.items()}
    answers["losses"] = np.array(losses, dtype=np.float32)
    return answers | ({"evaluations": np.stack(evaluated)} if evaluated else {})


def _check(job: dict[str, Any], params: dict[str, Any]) -> None:
    fit = job["repeat"].get("fit")
    asked = (fit["warmup"] + fit["samples"], fit["batch"]) if fit else None
    if asked != (params["steps"], 1):
        allowed = f"must make the {params['steps']} steps of the job, one a sample"
        raise Fault("parameter", "fit", asked and asked[0], allowed)
    if job["weights"] is None:
        allowed = "must name the file with initial weights and plan"
        raise Fault("data", "weights", None, allowed)


def _plan(tensors: dict[str, Any], params: dict[str, Any], rows: int) -> tuple[Any, list[float]]:
    order, rates = tensors["plan.order"], tensors["plan.rate"].tolist()
    wanted = (params["steps"], params["batch_size"])
    if tuple(order.shape) != wanted:
        said = " x ".join(map(str, order.shape))
        raise Fault("data", "plan.order", said, f"must be {wanted[0]} x {wanted[1]}")
    if len(rates) != wanted[0]:
        raise Fault("data", "plan.rate", len(rates), f"must have {wanted[0]} values")
    for name in ("plan.order", "plan.validation"):
        values = tensors[name]
        for value in values[(values < 0) | (values >= rows)].flatten()[:1].tolist():
            raise Fault("data", name, value, f"must be from 0 to {rows - 1}")
    return order, rates


def _evidence(network: Any) -> dict[str, np.ndarray]:
    kinds = {"gradient": network.gradients(), "first": network.state()}
    return {
        f"{kind}.{name}": np.array(value.flatten())
        for kind, tensors in kinds.items()
        for name, value in tensors.items()
    }


def predictions(
    channel: Channel, repeat: dict[str, Any], algorithm: Any, network: Any
) -> np.ndarray:
    """What a network says of every window, one by one, and timed where that is asked."""
    channel.send({"event": "inputs_wanted"})
    inputs = channel.receive()
    with phase(channel, "load"):
        tensors = algorithm.inputs(inputs["path"])
    x = tensors["x"]
    views = [x[begin:end] for begin, end in tensors["windows"].tolist()]
    answers: list[Any] = [None] * len(views)

    def predict(call: int) -> None:
        k = call % len(views)
        answers[k] = network.answer(views[k])

    if "predict" in repeat:
        sampled(channel, "predict", repeat["predict"], predict)
    for k, answer in enumerate(answers):
        if answer is None:
            predict(k)
    if "latency" in repeat:
        rows = [x[i : i + 1] for i in range(len(x))]
        latencies(channel, repeat["latency"], lambda i: network.answer(rows[i % len(rows)]))
    return np.stack([np.asarray(answer) for answer in answers])
