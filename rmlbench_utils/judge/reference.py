"""The reference solution of a regression case: the truth both sides are held to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from rmlbench_utils.judge.active_set import penalised
from rmlbench_utils.judge.exact import Floats, Long
from rmlbench_utils.judge.least_squares import Centred, Solution
from rmlbench_utils.judge.least_squares import solve as squares
from rmlbench_utils.judge.remembered import Arrays, Solved, of_arrays, of_data, remembered
from rmlbench_utils.judge.solution import Reference
from rmlbench_utils.protocol.case import Case

_RECIPE = 1  # counts up when the same case would be solved differently

RECIPES = {
    "linear": "minimum-norm least squares: SVD of the centred matrix in float64 (singular values "
    "below max(n, d) eps of the largest are zero), refined as an augmented system",
    "ridge": "least squares of [X; sqrt(alpha) I]: SVD in float64, refined as an augmented system",
    "lasso": "active set from coordinate descent, solved as least squares with a linear term and "
    "refined, optimality conditions verified to 1e-12",
}
RECIPES["elastic_net"] = RECIPES["lasso"]


def solve(case: Case, x_train: Floats, y_train: Floats, x_test: Floats) -> Reference:
    """The solution of a case on ``x_train`` [n, d], ``y_train`` [n]; predictions of ``x_test``.

    ``condition`` is that of the centred matrix, with the rows ``sqrt(penalty) I`` below it where
    there is an L2 penalty; of the nonzero columns only for lasso and elastic net.

    Raises
    ------
    NotVerified
        If the solution cannot be shown to be one to 1e-12.
    """
    intercept = bool(case.params.get("fit_intercept", True))
    a = Centred.of(x_train, intercept)
    y = y_train.astype(np.longdouble)
    y_mean = y.mean() if intercept else np.longdouble(0)
    solution = _solution(case, a, y - y_mean)
    offset = y_mean - a.mean @ solution.w
    predictions = np.empty(len(x_test))
    for start in range(0, len(x_test), 4096):
        rows = slice(start, start + 4096)
        predictions[rows] = x_test[rows].astype(np.longdouble) @ solution.w + offset
    coefficients = solution.w.astype(np.float64)
    arrays = {
        "predictions": predictions,
        "coefficients": coefficients,
        "intercept": np.array([offset], dtype=np.float64),
    }
    sparse = case.algorithm in ("lasso", "elastic_net")
    return Reference(
        **arrays,
        objective=float(_objective(case, solution.residual, solution.w)),
        condition=solution.condition,
        rank=solution.rank,
        recipe=_recipe(case, solution),
        sha256=of_arrays(arrays),
        nonzero=coefficients != 0 if sparse else None,
    )


def objective(case: Case, x: Floats, y: Floats, coefficients: Floats, intercept: float) -> float:
    """What the case's algorithm minimises, at given coefficients [d], in extended precision.

    linear ``|y - Xw - b|^2``; ridge that plus ``alpha |w|^2``; lasso and elastic net
    ``|y - Xw - b|^2 / 2n + alpha l1_ratio |w|_1 + alpha (1 - l1_ratio) |w|^2 / 2``: the
    formulas of scikit-learn's user guide, section 1.1.
    """
    w = coefficients.astype(np.longdouble)
    fitted = Centred(x, np.zeros(x.shape[1], np.longdouble), False).times(w)
    return float(_objective(case, y - fitted - np.longdouble(intercept), w))


def cached_solve(
    case: Case, x_train: Floats, y_train: Floats, x_test: Floats, cache: Path
) -> Reference:
    """``solve``, kept in ``cache`` under the digest of the problem and the data."""
    data = (x_train, y_train, x_test)
    problem = [_RECIPE, case.algorithm, _problem(case), of_data(data)]
    return _whole(*remembered(cache, problem, lambda: _parts(solve(case, *data))))


def _problem(case: Case) -> dict[str, float | bool]:
    """The hyper-parameters that decide the answer; how it is computed does not."""
    deciding = {
        "linear": (),
        "ridge": ("alpha",),
        "lasso": ("alpha",),
        "elastic_net": ("alpha", "l1_ratio"),
    }
    numbers = {name: float(case.params[name]) for name in deciding[case.algorithm]}
    return {**numbers, "fit_intercept": bool(case.params.get("fit_intercept", True))}


def _penalties(case: Case, n: int) -> tuple[float, float]:
    """(l1, l2) of ``|r|^2 / 2 + l1 |w|_1 + l2 |w|^2 / 2``."""
    problem = _problem(case)
    if case.algorithm == "linear":
        return 0.0, 0.0
    alpha = float(problem["alpha"])
    if case.algorithm == "ridge":
        return 0.0, alpha
    ratio = float(problem.get("l1_ratio", 1.0))
    return n * alpha * ratio, n * alpha * (1 - ratio)


def _solution(case: Case, a: Centred, b: Long) -> Solution:
    n, d = a.x.shape
    l1, l2 = _penalties(case, n)
    if case.algorithm in ("lasso", "elastic_net"):
        return penalised(a, b, l1, l2)
    return squares(a, b, np.zeros(d, np.longdouble), l2)


def _objective(case: Case, residual: Long, w: Long) -> np.longdouble:
    l1, l2 = _penalties(case, len(residual))
    doubled = residual @ residual + 2 * l1 * np.abs(w).sum() + l2 * (w @ w)
    scaled = (
        doubled / (2 * len(residual)) if case.algorithm in ("lasso", "elastic_net") else doubled
    )
    return np.longdouble(scaled)


def _recipe(case: Case, solution: Solution) -> str:
    bits = np.finfo(np.longdouble).nmant + 1
    how = f"{RECIPES[case.algorithm]} in {bits}-bit arithmetic"
    if solution.exact:
        how += "; too ill-conditioned for that, so the normal equations were solved in integers"
    return f"{how} (NumPy {np.__version__})"


def _parts(reference: Reference) -> Solved:
    arrays = {
        "predictions": reference.predictions,
        "coefficients": reference.coefficients,
        "intercept": reference.intercept,
        "numbers": np.array([reference.objective, reference.condition, reference.rank]),
        "nonzero": np.asarray([] if reference.nonzero is None else reference.nonzero, dtype=bool),
    }
    return arrays, {"recipe": reference.recipe, "sha256": reference.sha256}


def _whole(arrays: Arrays, texts: dict[str, str]) -> Reference:
    named: dict[str, Any] = {
        name: arrays[name] for name in ("predictions", "coefficients", "intercept")
    }
    numbers, nonzero = arrays["numbers"], arrays["nonzero"]
    return Reference(
        **named,
        recipe=texts["recipe"],
        sha256=texts["sha256"],
        objective=float(numbers[0]),
        condition=float(numbers[1]),
        rank=int(numbers[2]),
        nonzero=nonzero if len(nonzero) else None,
    )
