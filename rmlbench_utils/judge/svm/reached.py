"""What objective a contender's own coefficients reach, computed here from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm.coefficients import of_pairs, of_rows
from rmlbench_utils.judge.svm.machines import Machine, against_rest
from rmlbench_utils.judge.svm.reference import Reference
from rmlbench_utils.protocol.case import Case


@dataclass(frozen=True)
class Reached:
    """Of the worst machine: how far its objective lies above the optimum, relative to it; how
    far its point violates the optimality conditions (in LIBSVM's scaling, where the case's
    ``tol`` is what it stops at) and the constraints."""

    objective: float
    violation: float
    infeasibility: float


def of_duals(
    machines: list[Machine],
    reference: Reference,
    case: Case,
    outputs: Tensors,
    x: Floats,
    y: Floats,
) -> Reached:
    """Of the kernel machines, from ``dual`` and ``support``."""
    dual, support = outputs["dual"], outputs["support"].astype(np.int64)
    if case.algorithm in ("svr", "nusvr"):
        given = [of_rows(dual, support, len(y))]
    else:
        labels = y.astype(np.int64)
        given = of_pairs(dual, support, labels, int(labels.max()) + 1)
    found = [
        _of_dual(one, best, values[one.rows], x[one.rows])
        for one, best, values in zip(machines, reference.objective, given, strict=True)
    ]
    return Reached(
        max(one.objective for one in found),
        max(one.violation for one in found),
        max(one.infeasibility for one in found),
    )


def _of_dual(machine: Machine, best: float, coefficients: Floats, x: Floats) -> Reached:
    problem = machine.dual
    if machine.classifies:
        a = problem.sign * coefficients
    else:
        a = np.concatenate([np.maximum(coefficients, 0), np.maximum(-coefficients, 0)])
    scale = 1.0
    if machine.nu > 0 and machine.classifies:
        scale = float(problem.totals.sum()) / float(np.abs(a).sum() or 1.0)
        a = a * scale
    values = machine.kernel.weighted(x, x, problem.coefficients(a))
    gradient = problem.gradient(a, values)
    objective = problem.objective(a, values) / scale**2
    return Reached(
        relative(objective - best, best),
        problem.violation(a, gradient),
        problem.infeasibility(a),
    )


def relative(above: float, best: float) -> float:
    """How far a minimum was missed, relative to it."""
    return max(above, 0.0) / abs(best) if best != 0 else max(above, 0.0)


def of_primal(reference: Reference, case: Case, outputs: Tensors, x: Floats, y: Floats) -> float:
    """Of the linear machines: the worst excess of ``|w|^2 / 2 + C sum(loss)`` over the minimum.

    The intercept is penalised as LIBLINEAR penalises it: as one coefficient more, of a column
    ``intercept_scaling``.
    """
    w = np.atleast_2d(outputs["coefficients"])
    b = np.atleast_1d(outputs["intercept"])
    values = x @ w.T + b
    scaling = float(case.params["intercept_scaling"])
    penalty = 0.5 * ((w**2).sum(axis=1) + (b / scaling) ** 2)
    reached = penalty + np.array([_loss(case, values, y, one) for one in range(len(w))])
    return max(
        relative(float(one - best), float(best))
        for one, best in zip(reached, reference.objective, strict=True)
    )


def _loss(case: Case, values: Floats, y: Floats, machine: int) -> float:
    if case.algorithm == "linearsvr":
        short = np.abs(y - values[:, 0]) - float(case.params["epsilon"])
        cost = np.full(len(y), float(case.params["C"]))
    else:
        sign, cost = against_rest(case, y.astype(np.int64))[machine]
        short = 1 - sign * values[:, machine]
    loss = np.maximum(short, 0)
    return float(cost @ (loss**2 if str(case.params["loss"]).startswith("squared") else loss))
