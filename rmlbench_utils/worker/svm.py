"""Hyper-parameters of support vector machines: scikit-learn's names and defaults, and their checks.

All Python contenders share them, as the Rust ones share ``rmlbench_worker::supervised::svm``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from rmlbench_utils.worker.channel import Fault

KERNELS = ("rbf", "linear", "poly", "sigmoid")
_KERNEL = {"kernel": "rbf", "degree": 3, "gamma": "scale", "coef0": 0.0}
_SOLVER = {"shrinking": True, "tol": 1e-3, "cache_size": 200.0}
_CLASSES = {"class_weight": "none"}
_PLATT = {"probability": False}
_LINEAR = {"fit_intercept": True, "intercept_scaling": 1.0}
SVC: dict[str, Any] = {"C": 1.0, **_KERNEL, **_SOLVER, **_CLASSES, "max_iter": -1, **_PLATT}
NUSVC: dict[str, Any] = {"nu": 0.5, **_KERNEL, **_SOLVER, **_CLASSES, "max_iter": -1, **_PLATT}
SVR: dict[str, Any] = {"C": 1.0, "epsilon": 0.1, **_KERNEL, **_SOLVER, "max_iter": -1}
NUSVR: dict[str, Any] = {"C": 1.0, "nu": 0.5, **_KERNEL, **_SOLVER, "max_iter": -1}
LINEARSVC: dict[str, Any] = {
    **{"C": 1.0, "loss": "squared_hinge", "dual": False, "tol": 1e-4},
    **_LINEAR,
    **_CLASSES,
    "max_iter": 1000,
}
LINEARSVR: dict[str, Any] = {
    **{"C": 1.0, "epsilon": 0.0, "loss": "epsilon_insensitive", "dual": True, "tol": 1e-4},
    **_LINEAR,
    "max_iter": 1000,
}
_DUAL_ONLY = ("hinge", "epsilon_insensitive")

Rule = tuple[Callable[[Any], bool], str]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _above_zero(value: Any) -> bool:
    return _number(value) and value > 0


def _flag() -> Rule:
    return (lambda value: isinstance(value, bool), "must be true or false")


def _one_of(*allowed: str) -> Rule:
    return (lambda value: value in allowed, "must be " + " or ".join(allowed))


_POSITIVE: Rule = (_above_zero, "must be above 0")
_NOT_NEGATIVE: Rule = (lambda value: _number(value) and value >= 0, "must be at least 0")
_RULES: dict[str, Rule] = {
    "C": _POSITIVE,
    "nu": (lambda value: _above_zero(value) and value <= 1, "must be above 0 and at most 1"),
    "epsilon": _NOT_NEGATIVE,
    "kernel": _one_of(*KERNELS),
    "degree": (lambda value: type(value) is int and value >= 0, "must be a whole number from 0"),
    "gamma": (
        lambda value: value in ("scale", "auto") or _above_zero(value),
        "must be scale, auto or a number above 0",
    ),
    "coef0": (_number, "must be a finite number"),
    "shrinking": _flag(),
    "tol": _POSITIVE,
    "cache_size": _POSITIVE,
    "class_weight": _one_of("none", "balanced"),
    "max_iter": (
        lambda value: type(value) is int and value >= -1,
        "must be a whole number, or -1 for no limit",
    ),
    "probability": _flag(),
    "dual": _flag(),
    "fit_intercept": _flag(),
    "intercept_scaling": _POSITIVE,
}


def check(params: dict[str, Any], losses: tuple[str, ...] = ()) -> None:
    """Refuse hyper-parameters out of range.

    Parameters
    ----------
    losses
        What ``loss`` may be; those with a kink have a dual solver only.

    Raises
    ------
    Fault
        With the first that is not as it should be.
    """
    rules = {**_RULES, "loss": _one_of(*losses)}
    for name, value in params.items():
        fits, allowed = rules[name]
        if not fits(value):
            raise Fault("parameter", name, value, allowed)
    loss = params.get("loss")
    if loss in _DUAL_ONLY and not params["dual"]:
        raise Fault("parameter", "dual", False, f"must be true with loss {loss}")
    if losses and params["max_iter"] < 1:
        raise Fault("parameter", "max_iter", params["max_iter"], "must be at least 1")


def check_folds(y: Any, fold: Any) -> None:
    """Refuse folds (n) that hold out all rows of a class of ``y`` (n).

    Raises
    ------
    Fault
        With the first such fold: no machine of the other rows would know the class.
    """
    for one in sorted(set(fold.tolist())):
        lost = set(y.tolist()) - set(y[fold != one].tolist())
        if lost:
            whole = f"holds all rows of class {min(lost):g}"
            allowed = f"{whole}: every class must have rows outside every fold"
            raise Fault("data", "fold", one, allowed)
