"""What torch's worker cannot do is one error event: a sentence that names what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from rmlbench_utils.protocol.events import Fault, parse_event
from tests.networks.problems import CLASSES, STEPS, TORCH, Problem, problem, run

Answer = list[dict[str, Any]]
Tensors = dict[str, np.ndarray]
FLOAT = np.float32


def filled(name: str, at: int, value: float) -> Callable[[Tensors], Tensors]:
    """One value of a tensor replaced."""

    def change(tensors: Tensors) -> Tensors:
        other = tensors[name].copy()
        other.flat[at] = value
        return {name: other}

    return change


WEIGHTS: dict[str, tuple[Any, str, str]] = {
    "missing weight": ({"fc1.weight": None}, "fc1.weight", "the weights file needs this tensor"),
    "missing plan": ({"plan.order": None}, "plan.order", "the file needs this tensor"),
    "misshapen weight": (
        {"fc1.weight": np.zeros((400, 120), FLOAT)},
        "fc1.weight",
        "must have the shape [120, 400]",
    ),
    "extra weight": (
        {"fc9.weight": np.zeros(3, FLOAT)},
        "weights",
        "lenet has no parameter of this name",
    ),
    "row out of range": (filled("plan.order", 3, 12), "plan.order", "must be from 0 to 11"),
    "row below 0": (filled("plan.order", 3, -1), "plan.order", "must be from 0 to 11"),
    "validation out of range": (
        filled("plan.validation", 0, 12),
        "plan.validation",
        "must be from 0 to 11",
    ),
    "few rates": ({"plan.rate": np.ones(3)}, "plan.rate", "must have 4 values"),
    "wide batches": ({"plan.order": np.zeros((4, 5), np.int64)}, "plan.order", "must be 4 x 4"),
}
TRAIN: dict[str, tuple[Any, str, str]] = {
    "missing rows": ({"x_train": None}, "x_train", "the file needs this tensor"),
    "missing targets": ({"y_train": None}, "y_train", "the file needs this tensor"),
    "label out of range": (filled("y_train", 5, CLASSES), "y_train", "must be from 0 to 2"),
    "label below 0": (filled("y_train", 5, -1), "y_train", "must be from 0 to 2"),
    "row of nan": (filled("x_train", 999, np.nan), "x_train", "every value must be finite"),
    "small images": (
        {"x_train": np.zeros((12, 1, 8, 8), FLOAT)},
        "x_train",
        "lenet needs at least 12 x 12",
    ),
    "flat images": (
        {"x_train": np.zeros((12, 784), FLOAT)},
        "x_train",
        "lenet takes images [c, h, w]",
    ),
    "few targets": ({"y_train": np.zeros(11, np.int64)}, "y_train", "must have the shape [12]"),
}
PARAMS: dict[str, tuple[Any, str, str]] = {
    "no batch": ({"batch_size": 0}, "batch_size", "must be at least 1"),
    "unknown name": (
        {"width": 3},
        "width",
        "known are batch_size, steps, optimizer, learning_rate, schedule, momentum, nesterov, "
        "weight_decay, dropout, clip_norm, augment, evaluate_every",
    ),
    "unknown optimizer": ({"optimizer": "lion"}, "optimizer", "one of sgd, adam, adamw, rmsprop"),
}
JOBS: dict[str, tuple[Any, str, str, str]] = {
    "other fit": (
        {"repeat": {"fit": {"warmup": 1, "samples": STEPS, "batch": 1}}},
        "parameter",
        "fit",
        f"must make the {STEPS} steps of the job, one a sample",
    ),
    "no fit": (
        {"repeat": {}},
        "parameter",
        "fit",
        f"must make the {STEPS} steps of the job, one a sample",
    ),
    "convert": (
        {"repeat": {"convert": {"warmup": 0, "samples": 1, "batch": 1}}},
        "unsupported",
        "repeat",
        "phases are fit, predict, latency",
    ),
    "no weights": (
        {"weights": None},
        "data",
        "weights",
        "must name the file with initial weights and plan",
    ),
}
REFUSED = {
    **{name: ("data", *said) for name, (_, *said) in {**WEIGHTS, **TRAIN}.items()},
    **{name: ("parameter", *said) for name, (_, *said) in PARAMS.items()},
    **{name: tuple(said) for name, (_, *said) in JOBS.items()},
    "next tokens": (
        "data",
        "y_train",
        "bidirectional_lstm sees the whole sequence before it says the next token",
    ),
}


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """What the worker says to all of them."""
    folder = tmp_path_factory.mktemp("refused")
    plain = problem(folder / "plain", "lenet")
    words = problem(folder / "words", "lstm", "words", hidden_size=4)
    words.algorithm = "bidirectional_lstm"

    def bent(place: str, **changes: Any) -> Problem:
        return plain.bent(folder / place.replace(" ", "_"), **changes)

    asked: dict[str, tuple[Problem, dict[str, Any]]] = {"next tokens": (words, {})}
    for file, table in (("weights", WEIGHTS), ("train", TRAIN), ("params", PARAMS)):
        for name, (change, *_) in table.items():
            made = change(plain.tensors[file]) if callable(change) else change
            asked[name] = (bent(name, **{file: made}), {})
    for name, (change, *_) in JOBS.items():
        asked[name] = (bent(name), change)
    asked["fast"] = (bent("fast", weights={"plan.rate": np.full(STEPS, 1e30)}), {})
    asked["cut"] = (bent("cut"), {})
    path = asked["cut"][0].folder / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-40])
    return {name: run(TORCH, one, **changes)[0] for name, (one, changes) in asked.items()}


def fault(answer: Answer) -> Fault:
    """The one error that a job ended with."""
    *before, last = (parse_event(json.dumps(event)) for event in answer)
    assert isinstance(last, Fault)
    assert not any(isinstance(event, Fault) for event in before)
    assert "\n" not in last.sentence()
    return last


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_by_name(answered: dict[str, Answer], name: str) -> None:
    found = fault(answered[name])
    assert (found.kind, found.parameter, found.allowed) == REFUSED[name]


def test_a_value_that_is_refused_is_told(answered: dict[str, Answer]) -> None:
    told = {
        "label out of range": CLASSES,
        "row out of range": 12,
        "unknown optimizer": "lion",
        "other fit": STEPS + 1,
        "misshapen weight": [400, 120],
        "small images": "8 x 8",
        "extra weight": "fc9.weight",
    }
    assert {name: fault(answered[name]).value for name in told} == told


def test_a_file_that_ends_early_is_said(answered: dict[str, Answer]) -> None:
    found = fault(answered["cut"])
    assert (found.kind, found.parameter) == ("data", "weights")
    assert str(found.value).endswith("cut/weights.safetensors")
    assert found.allowed.startswith("must be a safetensors file")


def test_a_training_without_a_finite_loss_diverged(answered: dict[str, Answer]) -> None:
    found = fault(answered["fast"])
    assert (found.kind, found.parameter) == ("diverged", "loss")
    assert found.value in ("nan", "inf")
    assert found.allowed.startswith("training diverged at step ")
    assert found.allowed.endswith(": lower learning_rate")
