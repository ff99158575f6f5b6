"""Scores of predictions and coefficients: one scorer for every contender."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from sklearn import metrics

Floats = NDArray[np.float64]


def score(y: ArrayLike, predictions: ArrayLike) -> dict[str, float]:
    """Regression scores of predictions, shape ``[m]`` each.

    Returns
    -------
    dict
        ``rmse mse mae r2 mape explained_variance`` by scikit-learn, and ``residual_sd`` (n - 1),
        ``residual_skewness``, ``residual_kurtosis`` (excess) by SciPy. A score that is not
        defined for these data (R2 of one row, skewness of equal residuals) is left out.
    """
    truth = np.asarray(y, dtype=np.float64)
    given = np.asarray(predictions, dtype=np.float64)
    if truth.shape != given.shape or truth.ndim != 1:
        raise ValueError(f"predictions have shape {given.shape}: they must have y's, {truth.shape}")
    residual = truth - given
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {
            "rmse": metrics.root_mean_squared_error(truth, given),
            "mse": metrics.mean_squared_error(truth, given),
            "mae": metrics.mean_absolute_error(truth, given),
            "r2": metrics.r2_score(truth, given),
            "mape": metrics.mean_absolute_percentage_error(truth, given),
            "explained_variance": metrics.explained_variance_score(truth, given),
            "residual_sd": residual.std(ddof=1) if len(residual) > 1 else np.nan,
            "residual_skewness": stats.skew(residual),
            "residual_kurtosis": stats.kurtosis(residual),
        }
    return {name: float(value) for name, value in found.items() if np.isfinite(value)}


def sparsity(coefficients: ArrayLike) -> dict[str, float]:
    """``nonzero``: how many coefficients are not 0; ``sparsity``: the share that is."""
    values = np.asarray(coefficients, dtype=np.float64)
    nonzero = int(np.count_nonzero(values))
    return {"nonzero": float(nonzero), "sparsity": 1 - nonzero / values.size}


def cross_validated(y: ArrayLike, predictions: ArrayLike, fold: ArrayLike) -> dict[str, float]:
    """Mean and standard deviation over folds of each score of held-out predictions.

    Parameters
    ----------
    y, predictions, fold
        Shape ``[n]``; ``fold`` names the fold each row was held out in.

    Returns
    -------
    dict
        ``cv_NAME_mean`` and ``cv_NAME_sd`` (n - 1) for every score of `score` that all folds
        have.
    """
    truth, given = np.asarray(y, np.float64), np.asarray(predictions, np.float64)
    folds = np.asarray(fold)
    each = [score(truth[folds == k], given[folds == k]) for k in np.unique(folds)]
    found: dict[str, float] = {}
    for name in each[0]:
        values = np.array([one[name] for one in each if name in one])
        if len(values) < len(each) or len(values) < 2:
            continue
        found[f"cv_{name}_mean"] = float(values.mean())
        found[f"cv_{name}_sd"] = float(values.std(ddof=1))
    return found
