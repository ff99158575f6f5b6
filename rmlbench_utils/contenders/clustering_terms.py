"""What a clustering contender may be asked, checked before any fit."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from rmlbench_utils.worker.channel import Fault

CHOICES: dict[str, tuple[str, ...]] = {
    "algorithm": ("lloyd",),
    "linkage": ("ward", "complete", "average", "single"),
    "covariance_type": ("full", "tied", "diag", "spherical"),
    "affinity": ("rbf", "nearest_neighbors"),
    "assign_labels": ("cluster_qr",),
}
WHOLE = ("n_clusters", "n_components", "n_neighbors", "min_samples", "n_init", "max_iter")
AT_MOST_ROWS = ("n_clusters", "n_components", "n_neighbors")
POSITIVE = ("eps", "gamma")
NOT_NEGATIVE = ("tol", "reg_covar", "eigen_tol")


class Terms(NamedTuple):
    """What a fit begins from beside the data: ``rows`` of it, the seed, the threads."""

    rows: np.ndarray | None
    seed: int
    threads: int


def check(params: dict[str, Any], rows: int, starts: tuple[str, ...] = ()) -> None:
    """Refuse the first hyper-parameter that is not allowed for so many rows.

    ``starts`` are the allowed values of ``init``.

    Raises
    ------
    Fault
        With the parameter, its value and what is allowed.
    """
    if rows < 2:
        raise Fault("data", "x_train", rows, "must have at least 2 rows")
    by_kernel = params.get("affinity") == "rbf"
    for name, value in params.items():
        allowed = starts if name == "init" else CHOICES.get(name)
        if allowed and value not in allowed:
            raise Fault("parameter", name, value, "one of " + ", ".join(allowed))
        if name in WHOLE and (type(value) is not int or value < 1):
            raise Fault("parameter", name, value, "must be a whole number of at least 1")
        counts = name in AT_MOST_ROWS and not (name == "n_neighbors" and by_kernel)
        if counts and value > rows:
            raise Fault("parameter", name, value, f"must be at most {rows}, the number of rows")
        if name in POSITIVE and not 0 < value < np.inf:
            raise Fault("parameter", name, value, "must be above 0")
        if name in NOT_NEGATIVE and not 0 <= value < np.inf:
            raise Fault("parameter", name, value, "must be at least 0")


def first_rows(terms: Terms, count: int) -> np.ndarray:
    """The first ``count`` rows of the start.

    Raises
    ------
    Fault
        If the job has no start, or too short a one.
    """
    if terms.rows is None:
        raise Fault("data", "weights", None, "init = given needs a file with the rows to start at")
    if len(terms.rows) < count:
        raise Fault("data", "start", len(terms.rows), f"must name at least {count} rows")
    return terms.rows[:count]


def finite(name: str, x: np.ndarray) -> None:
    """Refuse values that are not finite, at the price of one sum, as libraries do in ``fit``."""
    if not np.isfinite(x.sum()):
        raise Fault("data", name, "nan or infinity", "every value must be finite")
