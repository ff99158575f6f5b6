"""scikit-learn's machines, their answers in the convention of the protocol."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import svm
from sklearn.metrics.pairwise import pairwise_kernels

from tests.workers_svm.drive import Data

ESTIMATORS = {"svc": svm.SVC, "nusvc": svm.NuSVC, "svr": svm.SVR, "nusvr": svm.NuSVR}


def fitted(algorithm: str, given: Data, **params: Any) -> Any:
    """The estimator, fitted; its decisions are one against one."""
    told = {name: None if value == "none" else value for name, value in params.items()}
    if algorithm in ("svc", "nusvc"):
        told["decision_function_shape"] = "ovo"
    return ESTIMATORS[algorithm](**told).fit(given.x, given.y)


def decision(model: Any, rows: np.ndarray) -> np.ndarray:
    """Above 0 for the first class of each pair: scikit-learn turns the sign of an only pair."""
    values = model.decision_function(rows)
    return -values[:, None] if values.ndim == 1 else values


def dual(model: Any) -> np.ndarray:
    """LIBSVM's ``sv_coef``, with LIBSVM's sign."""
    return model._dual_coef_


def intercept(model: Any) -> np.ndarray:
    """LIBSVM's ``-rho``."""
    return model._intercept_


def voted(decisions: np.ndarray) -> np.ndarray:
    """The class with most votes, the lowest of equals."""
    k = round((1 + np.sqrt(1 + 8 * decisions.shape[1])) / 2)
    counts = np.zeros((len(decisions), k), dtype=int)
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    for values, (i, j) in zip(decisions.T, pairs, strict=True):
        counts[:, i] += values > 0
        counts[:, j] += values <= 0
    return counts.argmax(axis=1)


def objectives(model: Any, given: Data, support: np.ndarray, dual: np.ndarray) -> np.ndarray:
    """The dual objective of each pair of C-SVC, ``a' K a / 2 - sum |a|``, ``a`` with its signs."""
    rows, labels = given.x[support], given.y[support]
    numbers = {"gamma": model._gamma, "coef0": model.coef0, "degree": model.degree}
    kernel = pairwise_kernels(rows, metric=model.kernel, filter_params=True, **numbers)
    found = []
    for i in range(len(dual)):
        for j in range(i + 1, len(dual) + 1):
            a = np.where(labels == i, dual[j - 1], np.where(labels == j, dual[i], 0.0))
            found.append(a @ kernel @ a / 2 - np.abs(a).sum())
    return np.array(found)
