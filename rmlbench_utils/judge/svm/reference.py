"""The reference solution of an SVM case: every machine at its verified optimum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from rmlbench_utils.judge.remembered import Arrays, Solved, of_arrays, of_data, remembered
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm import platt
from rmlbench_utils.judge.svm.coefficients import Ints, votes
from rmlbench_utils.judge.svm.machines import CLASSIFIERS, LINEAR, Machine, augmented, machines
from rmlbench_utils.judge.svm.polish import ACCEPTED, Optimum, polish
from rmlbench_utils.judge.svm.starts import starts
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Scalar

ARRAYS = ("predictions", "decision", "intercept", "objective", "support")
PLATT = "Platt's sigmoids by Newton's method in float64 from machines of the other folds"
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
    probabilities
        ``[m, k]``, None where the case asks for none; ``predictions`` are then the likeliest.
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
    probabilities: Floats | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What a manifest keeps of it."""
        return {"recipe": self.recipe, "violation": self.violation, "sha256": self.sha256}


def solve(
    case: Case, x_train: Floats, y_train: Floats, x_test: Floats, fold: Ints | None = None
) -> Reference:
    """The optimum of a case on ``x_train [n, d]``, ``y_train [n]``; decisions of ``x_test``.

    A case with probabilities needs ``fold [n]``.

    Raises
    ------
    NotVerified
        If a machine cannot be shown to satisfy its optimality conditions.
    """
    solved, decision = _optimum(case, x_train, y_train, x_test)
    x = augmented(case, x_train)
    arrays = {
        "predictions": _predictions(case, decision, y_train),
        "decision": decision,
        "intercept": np.array([_intercept(case, one, found, x) for one, found in solved]),
        "objective": np.array([_objective(case, one, found) for one, found in solved]),
        "support": _support(solved),
    }
    violation = max(found.violation for _, found in solved)
    recipe = _recipe(solved[0][0])
    if platt.wanted(case):
        if fold is None:
            raise ValueError("fold is None: probabilities need the fold of every training row")
        held, worst = _held(case, x_train, y_train, fold)
        shares = platt.probabilities(decision, held, y_train.astype(np.int64))
        arrays |= {"probabilities": shares, "predictions": shares.argmax(axis=1).astype(float)}
        violation, recipe = max(violation, worst), f"{recipe}; {PLATT}"
    return Reference(**arrays, violation=violation, recipe=recipe, sha256=of_arrays(arrays))


def _optimum(
    case: Case, x_train: Floats, y_train: Floats, x_test: Floats
) -> tuple[list[tuple[Machine, Optimum]], Floats]:
    """Every machine with its optimum, and their decisions of ``x_test``."""
    x, test = augmented(case, x_train), augmented(case, x_test)
    made = machines(case, x_train, y_train)
    begun = starts(case, made, x_train, y_train)
    solved = [
        (one, polish(one.dual, one.kernel, x[one.rows], start))
        for one, start in zip(made, begun, strict=True)
    ]
    return solved, np.column_stack([_values(case, one, found, x, test) for one, found in solved])


def _held(case: Case, x: Floats, y: Floats, fold: Ints) -> tuple[Floats, float]:
    """Decisions about each fold's rows of machines of the others; their largest violation."""
    each = {int(one): fold == one for one in np.unique(fold)}
    found = {one: _optimum(case, x[~out], y[~out], x[out]) for one, out in each.items()}
    values = np.empty((len(y), next(iter(found.values()))[1].shape[1]))
    for one, out in each.items():
        values[out] = found[one][1]
    return values, max(best.violation for solved, _ in found.values() for _, best in solved)


def cached_solve(
    case: Case,
    x_train: Floats,
    y_train: Floats,
    x_test: Floats,
    cache: Path,
    fold: Ints | None = None,
) -> Reference:
    """``solve``, kept in ``cache`` under the digest of the problem and the data."""
    given = fold if platt.wanted(case) else None
    data = (x_train, y_train, x_test)
    digests = of_data(data if given is None else (*data, given))
    problem = [RECIPE, case.algorithm, _problem(case), digests]
    solved = remembered(cache, problem, lambda: _parts(solve(case, *data, given)))
    return _whole(*solved)


def _problem(case: Case) -> dict[str, Scalar]:
    """The hyper-parameters that decide the answer; how it is computed does not."""
    how = ["tol", "shrinking", "cache_size", "max_iter", "dual"]
    if not platt.wanted(case):
        how.append("probability")  # not there in recordings of before, and the same answer
    return {name: value for name, value in case.params.items() if name not in how}


def _parts(reference: Reference) -> Solved:
    arrays = {name: getattr(reference, name) for name in ARRAYS}
    if reference.probabilities is not None:
        arrays["probabilities"] = reference.probabilities
    arrays["violation"] = np.array([reference.violation])
    return arrays, {"recipe": reference.recipe, "sha256": reference.sha256}


def _whole(arrays: Arrays, texts: dict[str, str]) -> Reference:
    named: dict[str, Any] = {name: arrays[name] for name in ARRAYS} | texts
    return Reference(
        **named,
        violation=float(arrays["violation"][0]),
        probabilities=arrays.get("probabilities"),
    )


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
