"""Scores of predicted classes: one scorer for every contender."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from rmlbench_utils.judge.statistics import Floats

Ints = NDArray[np.int64]


def score(
    y: Ints,
    predicted: Ints,
    confidence: Floats | None = None,
    probabilities: Floats | None = None,
) -> dict[str, float]:
    """Classification scores by scikit-learn.

    Parameters
    ----------
    y, predicted
        Class numbers, shape ``[m]``.
    confidence
        A score a class ``[m, k]``, larger for what is likelier; of two classes its second
        column is enough to rank. Areas under curves are left out without it.
    probabilities
        Of each class ``[m, k]``. The log loss is left out without them.

    Returns
    -------
    dict
        ``accuracy``, ``f1 precision recall`` each ``_macro`` and ``_weighted`` (0 where a class
        was never predicted), ``auc_roc`` (one against the rest, macro) and ``auc_pr`` (macro
        average precision); areas only where every class is among ``y``; ``log_loss`` (natural
        logarithm, mean of a row; a probability of 0 counts as the rounding unit).
    """
    found = {"accuracy": metrics.accuracy_score(y, predicted)}
    for average in ("macro", "weighted"):
        told = {"average": average, "zero_division": 0}
        found[f"f1_{average}"] = metrics.f1_score(y, predicted, **told)
        found[f"precision_{average}"] = metrics.precision_score(y, predicted, **told)
        found[f"recall_{average}"] = metrics.recall_score(y, predicted, **told)
    if confidence is not None and len(np.unique(y)) == confidence.shape[1]:
        found |= _areas(y, confidence)
    if probabilities is not None:
        classes = np.arange(probabilities.shape[1])
        found["log_loss"] = metrics.log_loss(y, probabilities, labels=classes)
    return {name: float(value) for name, value in found.items()}


def _areas(y: Ints, confidence: Floats) -> dict[str, float]:
    classes = confidence.shape[1]
    columns = [1] if classes == 2 else list(range(classes))
    roc = [metrics.roc_auc_score(y == c, confidence[:, c]) for c in columns]
    pr = [metrics.average_precision_score(y == c, confidence[:, c]) for c in columns]
    return {"auc_roc": float(np.mean(roc)), "auc_pr": float(np.mean(pr))}


def cross_validated(y: Ints, predicted: Ints, fold: Ints) -> dict[str, float]:
    """Mean and standard deviation (n - 1) over folds of each score of held-out classes."""
    each = [score(y[fold == k], predicted[fold == k]) for k in np.unique(fold)]
    found: dict[str, float] = {}
    for name in each[0]:
        values = np.array([one[name] for one in each])
        found[f"cv_{name}_mean"] = float(values.mean())
        found[f"cv_{name}_sd"] = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return found
