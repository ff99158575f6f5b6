"""The regression run: load, convert, fit, inputs, predict, latency, folds."""

from __future__ import annotations

from typing import Any

import numpy as np
from safetensors.numpy import load_file

from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.timing import latencies, phase, sampled


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a regression job.

    Returns
    -------
    dict
        ``predictions`` (K x m), the algorithm's attributes, and ``cv_predictions`` (n)
        where folds are asked for.
    """
    with phase(channel, "load"):
        train = load_file(job["train"]["path"])
    _check(train)
    x, y = _held(channel, job, train), train["y_train"]
    fold = train["fold"] if job["folds"] else None
    del train
    repeat = job["repeat"]
    model = sampled(channel, "fit", repeat["fit"], lambda _: algorithm.fit(x, y)) if "fit" in repeat else algorithm.fit(x, y)
    answers = _predict(channel, repeat, algorithm, model)
    if fold is not None:
        answers["cv_predictions"] = _cross_validate(algorithm, x, y, fold)
    return {**answers, **algorithm.attributes(model)}


def _check(train: dict[str, np.ndarray]) -> None:
    for name in ("x_train", "y_train"):
        if name not in train:
            raise Fault("data", name, sorted(train), "the training file needs this tensor")
        if train[name].dtype != np.float64:
            raise Fault("data", name, str(train[name].dtype), "must be float64")


def _held(channel: Channel, job: dict[str, Any], train: dict[str, np.ndarray]) -> np.ndarray:
    """The training matrix in the asked layout; the C-order copy is dropped if it is another."""
    loaded = train.pop("x_train")
    order = job["layout"].upper()

    def build(_: int) -> np.ndarray:
        return np.array(loaded, order=order, copy=True)

    if "convert" in job["repeat"]:
        sampled(channel, "convert", job["repeat"]["convert"], build)
    return loaded if order == "C" else np.asfortranarray(loaded)


def _predict(channel: Channel, repeat: dict[str, Any], algorithm: Any, model: Any) -> dict[str, np.ndarray]:
    channel.send({"event": "inputs_wanted"})
    inputs = channel.receive()
    with phase(channel, "load"):
        tensors = load_file(inputs["path"])
    x = tensors["x"]
    views = [x[begin:end] for begin, end in tensors["windows"]]
    answers: list[Any] = [None] * len(views)

    def predict(call: int) -> None:
        k = call % len(views)
        answers[k] = algorithm.predict(model, views[k])

    if "predict" in repeat:
        sampled(channel, "predict", repeat["predict"], predict)
    for k, answer in enumerate(answers):
        if answer is None:
            predict(k)
    rows = [x[i : i + 1] for i in range(len(x))]
    if "latency" in repeat:
        latencies(channel, repeat["latency"], lambda i: algorithm.predict(model, rows[i % len(rows)]))
    return {"predictions": np.stack(answers)}


def _cross_validate(algorithm: Any, x: np.ndarray, y: np.ndarray, fold: np.ndarray) -> np.ndarray:
    predictions = np.empty_like(y)
    order = "C" if x.flags.c_contiguous else "F"
    for k in np.unique(fold):
        held_out = fold == k
        model = algorithm.fit(np.asarray(x[~held_out], order=order), y[~held_out])
        predictions[held_out] = algorithm.predict(model, np.ascontiguousarray(x[held_out]))
    return predictions
