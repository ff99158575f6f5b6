"""The problems of a case, over the rows they are about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm import dual as duals
from rmlbench_utils.judge.svm.coefficients import Ints, pairs
from rmlbench_utils.judge.svm.dual import Dual
from rmlbench_utils.judge.svm.kernel import Kernel, kernel_of
from rmlbench_utils.protocol.case import Case

CLASSIFIERS = ("svc", "nusvc", "linearsvc")
LINEAR = ("linearsvc", "linearsvr")


@dataclass(frozen=True)
class Machine:
    """One problem over some rows of the training data; ``nu`` is 0 where it has none."""

    dual: Dual
    kernel: Kernel
    rows: Ints
    nu: float = 0.0

    @property
    def classifies(self) -> bool:
        """Whether a row has one variable; with two it is the tube of a regression."""
        return len(self.dual.sign) == self.dual.rows


def machines(case: Case, x: Floats, y: Floats) -> list[Machine]:
    """The machines of a case on ``x [n, d]`` and ``y [n]`` (class numbers or values)."""
    return _KINDS[case.algorithm](case, x, y)


def cost_of_rows(case: Case, labels: Ints) -> Floats:
    """C of each row: times n / (k count) of its class where weights are balanced."""
    cost = float(case.params["C"])
    if case.params["class_weight"] == "none":
        return np.full(len(labels), cost)
    counts = np.bincount(labels)
    return np.asarray(cost * len(labels) / (len(counts) * counts[labels]))


def against_rest(case: Case, labels: Ints) -> list[tuple[Floats, Floats]]:
    """Signs and costs ``[n]`` of LIBLINEAR's machines: one of two classes, else one a class.

    LIBLINEAR weighs the one class against the rest, not the rest among themselves.
    """
    classes, cost = int(labels.max()) + 1, cost_of_rows(case, labels)
    if classes == 2:
        return [(np.where(labels == 1, 1.0, -1.0), cost)]
    plain = float(case.params["C"])
    return [
        (np.where(labels == c, 1.0, -1.0), np.where(labels == c, cost, plain))
        for c in range(classes)
    ]


def augmented(case: Case, x: Floats) -> Floats:
    """Rows with the constant that makes the intercept a coefficient, where there is one."""
    if case.algorithm not in LINEAR or not case.params["fit_intercept"]:
        return x
    return np.column_stack([x, np.full(len(x), float(case.params["intercept_scaling"]))])


def _classifier(case: Case, x: Floats, y: Floats) -> list[Machine]:
    kernel, labels = kernel_of(case.params, x), y.astype(np.int64)
    made = []
    for i, j in pairs(int(labels.max()) + 1):
        rows = np.concatenate([np.flatnonzero(labels == i), np.flatnonzero(labels == j)])
        sign = np.where(labels[rows] == i, 1.0, -1.0)
        if case.algorithm == "nusvc":
            nu = float(case.params["nu"])
            made.append(Machine(duals.nu_svc(sign, nu), kernel, rows, nu))
        else:
            problem = duals.c_svc(sign, cost_of_rows(case, labels)[rows])
            made.append(Machine(problem, kernel, rows))
    return made


def _regressor(case: Case, x: Floats, y: Floats) -> list[Machine]:
    kernel, cost, rows = kernel_of(case.params, x), float(case.params["C"]), np.arange(len(y))
    if case.algorithm == "nusvr":
        nu = float(case.params["nu"])
        return [Machine(duals.nu_svr(y, cost, nu), kernel, rows, nu)]
    epsilon = float(case.params["epsilon"])
    return [Machine(duals.epsilon_svr(y, cost, epsilon), kernel, rows)]


def _linear_classifier(case: Case, x: Floats, y: Floats) -> list[Machine]:
    squared = case.params["loss"] == "squared_hinge"
    return [
        _linear(duals.linear_svc(sign, cost, squared))
        for sign, cost in against_rest(case, y.astype(np.int64))
    ]


def _linear_regressor(case: Case, x: Floats, y: Floats) -> list[Machine]:
    squared = case.params["loss"] == "squared_epsilon_insensitive"
    cost, epsilon = float(case.params["C"]), float(case.params["epsilon"])
    return [_linear(duals.linear_svr(y, cost, epsilon, squared))]


def _linear(problem: Dual) -> Machine:
    return Machine(problem, Kernel("linear"), np.arange(problem.rows))


_KINDS: dict[str, Callable[[Case, Floats, Floats], list[Machine]]] = {
    "svc": _classifier,
    "nusvc": _classifier,
    "svr": _regressor,
    "nusvr": _regressor,
    "linearsvc": _linear_classifier,
    "linearsvr": _linear_regressor,
}
