"""The reference solution of an SVM case: every machine at its verified optimum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from rmlbench_utils.judge.remembered import Arrays, Solved, of_arrays, of_data, remembered
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm.coefficients import votes
from rmlbench_utils.judge.svm.machines import CLASSIFIERS, LINEAR, Machine, augmented, machines
from rmlbench_utils.judge.svm.polish import ACCEPTED, Optimum, polish
from rmlbench_utils.judge.svm.starts import starts
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Scalar

ARRAYS = ("predictions", "decision", "intercept", "objective", "support")
RECIPE = 1  # counts up when the same case would be solved differently


@dataclass(frozen=True)
class Reference:
    """The reference solution of one SVM case and split, float64.

    Attributes
    ----------
    predictions
        Of the test rows in test-row order, ``[m]``: class numbers, or values.
    decision
        ``[m, p]`` as workers give it; of the regression forms the predictions, ``[m, 1]``.
    intercept
        ``[p]``.
    objective
        ``[p]``, the minimum of each machine's dual, in LIBSVM's scaling; of the linear forms
        of the primal.
    support
        Rows of the training data with a coefficient in any machine, ascending.
    violation
        The largest violation of the optimality conditions.
    recipe
        How it was computed, in one line.
    sha256
        Digest of the arrays above.
    """

    predictions: Floats
    decision: Floats
    intercept: Floats
    objective: Floats
    support: Floats
    violation: float
    recipe: str
    sha256: str

    @property
    def facts(self) -> dict[str, object]:
        """What a manifest keeps of it."""
        return {"recipe": self.recipe, "violation": self.violation, "sha256": self.sha256}


def solve(case: Case, x_train: Floats, y_train: Floats, x_test: Floats) -> Reference:
    """The optimum of a case on ``x_train [n, d]``, ``y_train [n]``; decisions of ``x_test``.

    Raises
    ------
    NotVerified
        If a machine cannot be shown to satisfy its optimality conditions.
    """
    x, test = augmented(case, x_train), augmented(case, x_test)
    made = machines(case, x_train, y_train)
    begun = starts(case, made, x_train, y_train)
    solved = [
        (one, polish(one.dual, one.kernel, x[one.rows], start))
        for one, start in zip(made, begun, strict=True)
    ]
    decision = np.column_stack([_values(case, one, found, x, test) for one, found in solved])
    arrays = {
        "predictions": _predictions(case, decision, y_train),
        "decision": decision,
        "intercept": np.array([_intercept(case, one, found, x) for one, found in solved]),
        "objective": np.array([_objective(case, one, found) for one, found in solved]),
        "support": _support(solved),
    }
    return Reference(
        **arrays,
        violation=max(found.violation for _, found in solved),
        recipe=_recipe(solved[0][0]),
        sha256=of_arrays(arrays),
    )


def cached_solve(
    case: Case, x_train: Floats, y_train: Floats, x_test: Floats, cache: Path
) -> Reference:
    """``solve``, kept in ``cache`` under the digest of the problem and the data."""
    data = (x_train, y_train, x_test)
    problem = [RECIPE, case.algorithm, _problem(case), of_data(data)]
    return _whole(*remembered(cache, problem, lambda: _parts(solve(case, *data))))


def _problem(case: Case) -> dict[str, Scalar]:
    """The hyper-parameters that decide the answer; how it is computed does not."""
    how = ("tol", "shrinking", "cache_size", "max_iter", "dual")
    return {name: value for name, value in case.params.items() if name not in how}


def _parts(reference: Reference) -> Solved:
    arrays = {name: getattr(reference, name) for name in ARRAYS}
    arrays["violation"] = np.array([reference.violation])
    return arrays, {"recipe": reference.recipe, "sha256": reference.sha256}


def _whole(arrays: Arrays, texts: dict[str, str]) -> Reference:
    named: dict[str, Any] = {name: arrays[name] for name in ARRAYS} | texts
    return Reference(**named, violation=float(arrays["violation"][0]))


def _scale(machine: Machine, found: Optimum) -> float:
    """What LIBSVM divides a nu-SVC by: half the sum of the multipliers; else 1."""
    scaled = machine.nu > 0 and machine.classifies
    return float(found.multipliers.sum()) / 2 if scaled else 1.0


def _offset(machine: Machine, found: Optimum) -> float:
    """rho: the decision is the kernel sum minus it."""
    if len(found.multipliers) == 2:
        return float(found.multipliers[0] - found.multipliers[1]) / 2
    return float(found.multipliers.sum())


def _values(case: Case, machine: Machine, found: Optimum, x: Floats, test: Floats) -> Floats:
    sums = machine.kernel.weighted(test, x[machine.rows], found.coefficients)
    return np.asarray((sums - _offset(machine, found)) / _scale(machine, found))


def _intercept(case: Case, machine: Machine, found: Optimum, x: Floats) -> float:
    if case.algorithm not in LINEAR:
        return -_offset(machine, found) / _scale(machine, found)
    if not case.params["fit_intercept"]:
        return 0.0
    scaling = float(case.params["intercept_scaling"])
    return scaling * float(x[machine.rows, -1] @ found.coefficients)


def _objective(case: Case, machine: Machine, found: Optimum) -> float:
    """At the optimum a primal is the negative of its dual."""
    if case.algorithm in LINEAR:
        return -found.objective
    return found.objective / _scale(machine, found) ** 2


def _predictions(case: Case, decision: Floats, y_train: Floats) -> Floats:
    if case.algorithm not in CLASSIFIERS:
        return decision[:, 0]
    classes = int(y_train.max()) + 1
    if case.algorithm == "linearsvc":
        best = decision[:, 0] > 0 if classes == 2 else decision.argmax(axis=1)
        return np.asarray(best, dtype=np.float64)
    return votes(decision, classes).astype(np.float64)


def _support(solved: list[tuple[Machine, Optimum]]) -> Floats:
    used = [one.rows[np.flatnonzero(found.coefficients)] for one, found in solved]
    return np.unique(np.concatenate(used)).astype(np.float64)


def _recipe(machine: Machine) -> str:
    of = "the global optimum" if machine.kernel.convex else "a stationary point"
    return (
        f"{of} of the dual: Newton steps on the free variables in float64 from LIBSVM's or "
        f"LIBLINEAR's point (scikit-learn {sklearn.__version__}), optimality conditions verified "
        f"to {ACCEPTED:g}"
    )
