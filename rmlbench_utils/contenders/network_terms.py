"""Hyper-parameters and shapes of networks, checked alike by harness and workers; without torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rmlbench_utils.worker.channel import Fault

CONVOLUTIONAL: dict[str, Any] = {
    "batch_size": 64,
    "steps": 20,
    "optimizer": "sgd",
    "learning_rate": 0.01,
    "schedule": "constant",
    "momentum": 0.0,
    "nesterov": False,
    "weight_decay": 0.0,
    "dropout": 0.0,
    "clip_norm": 0.0,
    "augment": False,
    "evaluate_every": 0,
}
RECURRENT: dict[str, Any] = {**CONVOLUTIONAL, "hidden_size": 64, "embedding_size": 32}
SMALLEST = {  # pixels a side
    "lenet": 12,
    "simple_cnn": 6,
    "attention_cnn": 4,
    "alexnet": 63,
    "vgg16": 32,
    "resnet18": 17,
    "resnet34": 17,
    "mobilenet": 32,
    "efficientnet_lite0": 32,
}
WHOLE_ONLY = ("bidirectional_lstm", "attention_lstm")  # they see the whole sequence before a word
SEQUENTIAL = ("rnn", "lstm", "gru", "stacked_lstm", *WHOLE_ONLY)
CHOICES = {
    "optimizer": ("sgd", "adam", "adamw", "rmsprop"),
    "schedule": ("constant", "step", "cosine"),
}
_COUNTS = ("batch_size", "steps", "hidden_size", "embedding_size")
_NOT_NEGATIVE = ("momentum", "weight_decay", "clip_norm", "evaluate_every")


def defaults(algorithm: str) -> dict[str, Any]:
    """The hyper-parameters an architecture knows."""
    return RECURRENT if algorithm in SEQUENTIAL else CONVOLUTIONAL


def check(params: dict[str, Any]) -> None:
    """Refuse the first hyper-parameter that is not allowed.

    Raises
    ------
    Fault
        With the parameter, its value and what is allowed.
    """
    for name, value in params.items():
        if name in CHOICES and value not in CHOICES[name]:
            raise Fault("parameter", name, value, "one of " + ", ".join(CHOICES[name]))
        if name in _COUNTS and (type(value) is not int or value < 1):
            raise Fault("parameter", name, value, "must be at least 1")
        if name in _NOT_NEGATIVE and not 0 <= value < math.inf:
            raise Fault("parameter", name, value, "must be at least 0")
    if not 0 < params["learning_rate"] < math.inf:
        raise Fault("parameter", "learning_rate", params["learning_rate"], "must be above 0")
    if not 0 <= params["dropout"] < 1:
        allowed = "must be at least 0 and less than 1"
        raise Fault("parameter", "dropout", params["dropout"], allowed)
    if params["nesterov"] and (params["optimizer"] != "sgd" or params["momentum"] == 0):
        allowed = "goes with optimizer sgd and a momentum above 0"
        raise Fault("parameter", "nesterov", True, allowed)
    if params["momentum"] and params["optimizer"] not in ("sgd", "rmsprop"):
        allowed = "goes with optimizer sgd or rmsprop"
        raise Fault("parameter", "momentum", params["momentum"], allowed)


def check_shape(algorithm: str, shape: tuple[int, ...], every_step: bool) -> None:
    """Refuse examples that a network cannot take.

    Parameters
    ----------
    shape
        Of one example: ``[c, h, w]``, ``[t, d]``, or ``[t]`` of tokens.
    every_step
        Whether every step is answered, as by a language model.

    Raises
    ------
    Fault
        With what is allowed.
    """
    if algorithm in SMALLEST:
        least = SMALLEST[algorithm]
        if len(shape) != 3:
            raise Fault("data", "x_train", list(shape), f"{algorithm} takes images [c, h, w]")
        if min(shape[1:]) < least:
            size = f"{shape[1]} x {shape[2]}"
            raise Fault("data", "x_train", size, f"{algorithm} needs at least {least} x {least}")
        return
    if len(shape) not in (1, 2):
        raise Fault("data", "x_train", list(shape), f"{algorithm} takes sequences [t, d] or [t]")
    if every_step and algorithm in WHOLE_ONLY:
        allowed = f"{algorithm} sees the whole sequence before it says the next token"
        raise Fault("data", "y_train", "tokens", allowed)


def check_kind(name: str, file: Mapping[str, Any], *kinds: str) -> None:
    """Refuse an array, NumPy's or torch's, that is missing, empty or of another type.

    Raises
    ------
    Fault
        With its name and what is allowed.
    """
    if name not in file:
        raise Fault("data", name, sorted(file)[:5], "the file needs this tensor")
    kind = str(file[name].dtype).removeprefix("torch.")
    if kind not in kinds:
        raise Fault("data", name, kind, f"must be {' or '.join(kinds)}")
    if 0 in file[name].shape and name != "plan.validation":
        raise Fault("data", name, list(file[name].shape), "no axis may be empty")
