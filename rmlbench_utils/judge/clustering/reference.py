"""The reference solution of a clustering case, by algorithm, kept once solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rmlbench_utils.judge.clustering import density, kmeans, mixture, spectrum, tree
from rmlbench_utils.judge.clustering.solution import Clustering, Floats, Whole, made
from rmlbench_utils.judge.remembered import Solved, of_data, remembered
from rmlbench_utils.protocol.case import Case

_RECIPE = 1  # counts up when the same case would be solved differently

SOLVERS = {
    "kmeans": kmeans.solve,
    "dbscan": density.solve,
    "agglomerative": tree.solve,
    "gaussian_mixture": mixture.solve,
    "spectral": spectrum.solve,
}
DECIDING: dict[str, tuple[str, ...]] = {
    "kmeans": ("n_clusters", "max_iter", "tol"),
    "dbscan": ("eps", "min_samples"),
    "agglomerative": ("n_clusters", "linkage"),
    "gaussian_mixture": ("n_components", "covariance_type", "tol", "reg_covar", "max_iter"),
    "spectral": ("n_clusters", "affinity", "gamma", "n_neighbors"),
}
FREE_SEEDS = (
    "seeds are free: outcomes over at least 20 seeds a side are compared, not one run's answer"
)
STARTED = ("kmeans", "gaussian_mixture")  # these take a start, and predict


def solve(case: Case, x_train: Floats, start: Whole | None, x_test: Floats) -> Clustering:
    """The solution of a case on ``x_train`` [n, d], float64; empty where seeds are free.

    Parameters
    ----------
    start
        Rows of ``x_train`` to begin from, ``[s]``; the algorithms that need one take the first
        k of them.
    x_test
        Rows ``[m, d]`` that k-means and the mixture predict.

    Raises
    ------
    NotVerified
        If the solution cannot be shown to be one.
    """
    if case.free_seeds:
        return made({}, [FREE_SEEDS], "none: each side draws its own start")
    arguments: dict[str, Any] = {name: case.params[name] for name in DECIDING[case.algorithm]}
    if case.algorithm in STARTED:
        if start is None:
            raise ValueError(f"{case.name} has no start: give the rows to begin from")
        arguments |= {"start": start, "x_test": x_test}
    solver: Any = SOLVERS[case.algorithm]
    solution = solver(x_train, **arguments)
    assert isinstance(solution, Clustering)
    return solution


def cached_solve(
    case: Case, x_train: Floats, start: Whole | None, x_test: Floats, cache: Path
) -> Clustering:
    """``solve``, kept in ``cache`` under the digest of the problem and the data."""
    if case.free_seeds:
        return solve(case, x_train, start, x_test)
    used = [x_train, x_test, start] if case.algorithm in STARTED else [x_train]
    deciding = {name: case.params[name] for name in DECIDING[case.algorithm]}
    data = of_data(values for values in used if values is not None)
    problem = [_RECIPE, case.algorithm, deciding, data]
    answers, texts = remembered(cache, problem, lambda: _parts(solve(case, x_train, start, x_test)))
    condition = float(texts.pop("condition"))
    return Clustering(answers, condition=condition, **texts)


def _parts(known: Clustering) -> Solved:
    texts = {
        "doubt": known.doubt,
        "condition": repr(known.condition),
        "recipe": known.recipe,
        "sha256": known.sha256,
    }
    return known.answers, texts
