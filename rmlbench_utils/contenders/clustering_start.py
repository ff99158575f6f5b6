"""What a start means: rows to begin from become responsibilities, these first parameters."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.worker.channel import Fault

Parameters = tuple[np.ndarray, np.ndarray, np.ndarray]
TEN_ULPS = 10.0 * float(np.finfo(np.float64).eps)  # what scikit-learn adds to every count


def nearest_start(x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Responsibilities [n, k]: 1 for the nearest of the starting rows, the lowest of equals."""
    best = np.full(len(x), np.inf)
    nearest = np.zeros(len(x), np.int64)
    for j, row in enumerate(rows):
        apart = ((x - x[row]) ** 2).sum(axis=1)
        closer = apart < best
        nearest[closer], best[closer] = j, apart[closer]
    responsibilities = np.zeros((len(x), len(rows)))
    responsibilities[np.arange(len(x)), nearest] = 1.0
    return responsibilities


def first_parameters(
    x: np.ndarray, responsibilities: np.ndarray, kind: str, reg_covar: float
) -> Parameters:
    """Weights, means and precisions of one M-step, as scikit-learn takes them.

    Raises
    ------
    Fault
        If a covariance is not positive definite.
    """
    counts = responsibilities.sum(axis=0) + TEN_ULPS
    means = responsibilities.T @ x / counts[:, None]
    columns = zip(responsibilities.T, means, counts, strict=True)
    regular = reg_covar * np.eye(x.shape[1])
    if kind in ("full", "tied"):
        scatter = np.stack([_scatter(x - mean, r) for r, mean, _ in columns])
        covariances = scatter / counts[:, None, None] + regular
        if kind == "tied":
            covariances = scatter.sum(axis=0) / counts.sum() + regular
        if not (np.linalg.eigvalsh(covariances) > 0).all():
            raise Fault("numerical", "reg_covar", reg_covar, "a first covariance is singular")
        precisions = np.linalg.inv(covariances)
        precisions = (precisions + np.swapaxes(precisions, -1, -2)) / 2
    else:
        variances = np.stack([r @ (x - mean) ** 2 / n for r, mean, n in columns]) + reg_covar
        if kind == "spherical":
            variances = variances.mean(axis=1)
        if not (variances > 0).all():
            raise Fault("numerical", "reg_covar", reg_covar, "a first variance is 0")
        precisions = 1.0 / variances
    weights = counts / len(x)
    return weights / weights.sum(), means, precisions


def _scatter(off: np.ndarray, responsibility: np.ndarray) -> np.ndarray:
    return (responsibility[:, None] * off).T @ off
