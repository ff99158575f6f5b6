"""The reference of k-means: plain Lloyd from given rows.

Minimises the sum of squared distances to the nearest centre (Lloyd, "Least squares quantization
in PCM", IEEE Transactions on Information Theory 28 (1982) 129-137).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rmlbench_utils.judge.clustering.nearest import nearest
from rmlbench_utils.judge.clustering.solution import Clustering, Floats, Whole, made

RECIPE = (
    "plain Lloyd in float64 from the given rows, near ties decided in extended precision; ends "
    "where no label changes, or where the squared shift of all centres together is at most tol "
    "times the mean variance of the columns, or after max_iter iterations"
)
AT_THE_LIMIT = 1e-9  # a shift this near to its limit is decided by rounding


class _Moved(NamedTuple):
    centres: Floats
    doubt: str


def solve(
    x: Floats, start: Whole, n_clusters: int, max_iter: int, tol: float, x_test: Floats
) -> Clustering:
    """Lloyd's iterations from the rows ``start[:n_clusters]`` of ``x`` [n, d].

    An empty cluster is given the row farthest from its own centre; where no row is away from
    its centre it is put where the biggest cluster stands.
    """
    centres = x[start[:n_clusters]]
    limit = tol * float(np.var(x, axis=0).mean())
    doubt: list[str] = []
    before = np.full(len(x), -1, np.int64)
    for n_iter in range(1, max_iter + 1):
        labels, free = nearest(x, centres)
        moved = _means(x, labels, centres)
        shift = float(((moved.centres - centres) ** 2).sum())
        centres = moved.centres
        settled = np.array_equal(labels, before)
        if not doubt:
            doubt = _doubt(free, moved.doubt, shift, limit, settled, n_iter)
        if settled or shift <= limit:
            break
        before = labels
    if not settled:
        labels, free = nearest(x, centres)
    predictions, free_predictions = nearest(x_test, centres)
    answers = {
        "labels": labels,
        "centres": centres,
        "inertia": np.array([inertia(x, centres, labels)]),
        "n_iter": np.array([n_iter], np.int64),
        "predictions": predictions,
        "free": free,
        "free_predictions": free_predictions,
    }
    return made(answers, doubt, RECIPE)


def inertia(x: Floats, centres: Floats, labels: Whole) -> float:
    """Sum of the squared distances of the rows to the centres of their labels."""
    total = 0.0
    for begin in range(0, len(x), 65_536):
        rows = slice(begin, begin + 65_536)
        total += float(((x[rows] - centres[labels[rows]]) ** 2).sum())
    return total


def _doubt(
    free: Whole, relocated: str, shift: float, limit: float, settled: bool, n_iter: int
) -> list[str]:
    """What rounding decided in this iteration, if anything."""
    if len(free):
        rows = len(np.unique(free[:, 0]))
        verb = "row is" if rows == 1 else "rows are"
        return [f"{rows} {verb} equally near to two centres in iteration {n_iter}"]
    if relocated:
        return [f"in iteration {n_iter} {relocated}"]
    if not settled and limit > 0 and abs(shift - limit) <= AT_THE_LIMIT * limit:
        return [f"the shift of iteration {n_iter} is at its limit to within rounding"]
    return []


def _means(x: Floats, labels: Whole, centres: Floats) -> _Moved:
    """Means of the clusters, empty ones relocated; what of that is not determined."""
    counts = np.bincount(labels, minlength=len(centres)).astype(np.float64)
    sums = np.stack([x[labels == j].sum(axis=0) for j in range(len(centres))])
    empty = np.flatnonzero(counts == 0)
    doubt = ""
    if len(empty):
        doubt = _relocate(x, labels, centres, sums, counts, empty)
    filled = counts > 0
    means = np.empty_like(centres)
    means[filled] = sums[filled] / counts[filled, None]
    means[~filled] = means[int(counts.argmax())]
    return _Moved(means, doubt)


def _relocate(
    x: Floats, labels: Whole, centres: Floats, sums: Floats, counts: Floats, empty: Whole
) -> str:
    """Take the rows farthest from their centres out of their clusters, the farthest first."""
    away = ((x - centres[labels]) ** 2).sum(axis=1)
    if not away.max() > 0:
        return ""
    farthest = np.argsort(-away, kind="stable")[: len(empty) + 1]
    for new, row in zip(empty, farthest, strict=False):
        old = labels[row]
        sums[old] -= x[row]
        sums[new] = x[row]
        counts[old] -= 1
        counts[new] = 1
    if len(empty) > 1:
        return f"{len(empty)} clusters are empty, and which takes which row is not determined"
    if len(farthest) > 1 and away[farthest[0]] - away[farthest[1]] <= 1e-12 * away[farthest[0]]:
        return "a cluster is empty and two rows are equally far from their centres"
    return ""
