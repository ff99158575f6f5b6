"""The run of a supervised job: load, convert, fit, inputs, predict, latency, folds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from rmlbench_utils.worker import svm
from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.timing import latencies, phase, sampled, typical


def outputs(channel: Channel, job: dict[str, Any], algorithm: Any) -> dict[str, np.ndarray]:
    """Run the phases of a supervised job.

    ``algorithm`` has ``fit``, ``predict`` and ``attributes``; it may have ``targets``, which makes
    of the file's ``y`` what its user would hold, ``decision``, its decision values,
    ``probabilities`` of the classes, None where it has none, ``floors``, and ``seeded``, which
    takes the job's seed where a fit draws random numbers. ``trace`` tells how its objective fell
    from step to step, where folds are asked for. Where it has ``uses_folds``, and that is
    true, ``fit`` is given the fold of each row too.

    Returns
    -------
    dict
        ``predictions`` (K x m), ``decision`` and ``probabilities`` where the algorithm has them,
        its attributes, and ``cv_predictions`` (n) and its trace where folds are asked for.
    """
    with phase(channel, "load"):
        train = load_file(job["train"]["path"])
    _check(train)
    x = held(channel, job, train)
    y = getattr(algorithm, "targets", lambda y: y)(train["y_train"])
    getattr(algorithm, "seeded", lambda _: None)(job["seed"])
    fold = train["fold"] if job["folds"] else None
    told = _told(algorithm, train)
    del train
    repeat = job["repeat"]
    if "fit" in repeat:
        model = sampled(channel, "fit", repeat["fit"], lambda _: algorithm.fit(x, y, *told))
    else:
        model = algorithm.fit(x, y, *told)
    answers = predictions(channel, repeat, algorithm, model)
    answers |= algorithm.attributes(model)
    if fold is not None:
        answers |= getattr(algorithm, "trace", lambda *_: {})(model, x, y)
        answers["cv_predictions"] = _cross_validate(algorithm, x, y, fold, told)
    return answers


def _check(train: dict[str, np.ndarray]) -> None:
    for name in ("x_train", "y_train"):
        if name not in train:
            raise Fault("data", name, sorted(train), "the training file needs this tensor")
        if train[name].dtype != np.float64:
            raise Fault("data", name, str(train[name].dtype), "must be float64")


def _told(algorithm: Any, train: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    """What ``fit`` is given beside rows and targets: their folds, or nothing."""
    if not getattr(algorithm, "uses_folds", False):
        return ()
    n = len(train["y_train"])
    if "fold" not in train or train["fold"].shape != (n,):
        found = list(train["fold"].shape) if "fold" in train else sorted(train)
        raise Fault("data", "fold", found, f"must have {n} values")
    svm.check_folds(train["y_train"], train["fold"])
    return (train["fold"],)


def held(channel: Channel, job: dict[str, Any], train: dict[str, np.ndarray]) -> np.ndarray:
    """The training matrix in the asked layout: an array NumPy made, since the loaded one is a
    view of the file's bytes, and only NumPy's own memory asks for huge pages."""
    loaded = train.pop("x_train")

    def build(_: int) -> np.ndarray:
        return np.array(loaded, order="F" if job["layout"] == "f" else "C", copy=True)

    if "convert" in job["repeat"]:
        sampled(channel, "convert", job["repeat"]["convert"], build)
    return build(0)


def predictions(
    channel: Channel, repeat: dict[str, Any], algorithm: Any, model: Any
) -> dict[str, np.ndarray]:
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
    if "latency" in repeat:
        _single_rows(channel, repeat["latency"], algorithm, model, x)
    told = {"predictions": np.stack(answers).astype(np.float64, copy=False)}
    for name in ("decision", "probabilities"):
        values = getattr(algorithm, name, lambda *_: None)(model, views[0])
        if values is not None:
            told[name] = values
    return told


def _single_rows(
    channel: Channel, repeat: dict[str, int], algorithm: Any, model: Any, x: np.ndarray
) -> None:
    """Latency of single rows, and of the algorithm's floors below it where it names some."""
    rows = [x[i : i + 1] for i in range(len(x))]

    def over_rows(call: Callable[[np.ndarray], Any]) -> Callable[[int], Any]:
        return lambda i: call(rows[i % len(rows)])

    latencies(channel, repeat, lambda i: algorithm.predict(model, rows[i % len(rows)]))
    for name, (context, call) in getattr(algorithm, "floors", lambda _: {})(model).items():
        with context:
            typical(channel, f"latency_p50_{name}", repeat, over_rows(call))


def _cross_validate(
    algorithm: Any,
    x: np.ndarray,
    y: np.ndarray,
    fold: np.ndarray,
    told: tuple[np.ndarray, ...],
) -> np.ndarray:
    predictions = np.empty(len(y))
    keep = np.ascontiguousarray if x.flags.c_contiguous else np.asfortranarray
    for k in np.unique(fold):
        held_out = fold == k
        rest = y[~held_out], *(values[~held_out] for values in told)
        if told:
            svm.check_folds(*rest)
        model = algorithm.fit(keep(x[~held_out]), *rest)
        predictions[held_out] = algorithm.predict(model, np.ascontiguousarray(x[held_out]))
    return predictions
