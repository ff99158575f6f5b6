"""Scores of a clustering: one scorer for every contender."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

from rmlbench_utils.judge.clustering.gaussians import Mixture
from rmlbench_utils.judge.clustering.solution import MOST_ROWS, Floats, Whole

Classes = NDArray[np.int64]


def scores(x: Floats, labels: Whole, classes: Classes | None = None) -> dict[str, float]:
    """Scores of ``labels`` [n] (-1 is noise) on the rows ``x`` [n, d].

    Returns
    -------
    dict
        ``clusters``: how many there are; ``noise``: the share of rows in none. Of the other
        rows ``inertia``, the sum of squared distances to the means of the clusters, and, where
        there are 2 clusters or more but fewer than rows, ``calinski_harabasz``,
        ``davies_bouldin`` and ``silhouette`` by scikit-learn. Of all rows, noise counted as a
        cluster of its own, ``ari`` and ``nmi`` (arithmetic mean) against ``classes``. What
        `left_out` names is not there.
    """
    inside = labels >= 0
    kept, names = x[inside], labels[inside]
    clusters = len(np.unique(names))
    found = {"clusters": float(clusters), "noise": float((~inside).mean())}
    if clusters:
        found["inertia"] = within(kept, names)
    if 2 <= clusters < len(names):
        found["calinski_harabasz"] = metrics.calinski_harabasz_score(kept, names)
        found["davies_bouldin"] = metrics.davies_bouldin_score(kept, names)
        if "silhouette" not in left_out(len(names)):
            found["silhouette"] = metrics.silhouette_score(kept, names)
    if classes is not None:
        found["ari"] = metrics.adjusted_rand_score(classes, labels)
        found["nmi"] = metrics.normalized_mutual_info_score(classes, labels)
    return {name: float(value) for name, value in found.items() if np.isfinite(value)}


def left_out(rows: int) -> dict[str, str]:
    """Scores that are not computed for so many rows, and why."""
    if rows <= MOST_ROWS:
        return {}
    return {
        "silhouette": f"it needs the distances of all pairs, and there are {rows} rows: "
        f"it is computed up to {MOST_ROWS}"
    }


def within(x: Floats, labels: Whole) -> float:
    """Sum of the squared distances of the rows to the means of their clusters."""
    total = 0.0
    for name in np.unique(labels):
        rows = x[labels == name]
        total += float(((rows - rows.mean(axis=0)) ** 2).sum())
    return total


def mixture_scores(x: Floats, model: Mixture) -> dict[str, float]:
    """``log_likelihood``, the mean of a row, and ``bic`` (Schwarz 1978) of a mixture.

    ``bic`` is ``parameters ln n - 2 n log_likelihood``.
    """
    mean = model.log_likelihood(x)
    n = len(x)
    bic = model.parameters * float(np.log(n)) - 2.0 * n * mean
    return {"log_likelihood": mean, "bic": bic}


def classes_of(y: Floats) -> Classes | None:
    """The classes of the rows, if ``y`` [n] holds class numbers; None where it does not."""
    whole = np.round(y)
    distinct = len(np.unique(whole))
    if not np.array_equal(whole, y) or not 2 <= distinct <= len(y) / 2:
        return None
    return whole.astype(np.int64)
