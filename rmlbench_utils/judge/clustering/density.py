"""The reference of DBSCAN: all pairs of rows, by brute force.

Ester, Kriegel, Sander and Xu, "A density-based algorithm for discovering clusters", KDD 1996.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from rmlbench_utils.judge.clustering.nearest import pairs
from rmlbench_utils.judge.clustering.solution import MOST_ROWS, Clustering, Floats, Whole, made

RECIPE = (
    "every pair of rows by differences in float64 ({how}); clusters are the connected components "
    "of the core rows, numbered by their first row, a border row is its lowest cluster's"
)
BRUTE = "all pairs compared"
TREE = "candidates from SciPy's k-d tree, since all pairs of over 20,000 rows take minutes"
SLACK = 1e-9
TIE = 1e-12  # relative to |x|^2 + |y|^2 + eps^2
CHUNK = 512


def solve(x: Floats, eps: float, min_samples: int) -> Clustering:
    """DBSCAN of the rows of ``x`` [n, d]; a row is its own neighbour, and ``eps`` is within."""
    candidates = _candidates(x, eps * (1 + SLACK))
    inside, doubtful = _inside(x, candidates, eps)
    edges = candidates[inside]
    counts = 1 + np.bincount(edges.ravel(), minlength=len(x))
    core = counts >= min_samples
    labels, free = _labels(edges, core)
    doubt = []
    if doubtful:
        what = "1 pair of rows is" if doubtful == 1 else f"{doubtful} pairs of rows are"
        doubt = [f"{what} eps apart to within rounding"]
    answers = {"labels": labels, "core": np.flatnonzero(core).astype(np.int64), "free": free}
    how = BRUTE if len(x) <= MOST_ROWS else TREE
    return made(answers, doubt, RECIPE.format(how=how))


def _candidates(x: Floats, reach: float) -> Whole:
    """All (i, j), i < j, of rows at most about ``reach`` apart, ``[p, 2]``."""
    if len(x) > MOST_ROWS:
        found = cKDTree(x).query_pairs(reach, output_type="ndarray")
        return np.asarray(found, dtype=np.int64)
    parts = []
    for begin in range(0, len(x), CHUNK):
        near = cdist(x[begin : begin + CHUNK], x[begin:]) <= reach
        row, other = np.nonzero(np.triu(near, k=1))
        parts.append(np.stack([begin + row, begin + other], axis=1))
    return pairs(parts)


def _inside(x: Floats, candidates: Whole, eps: float) -> tuple[NDArray[np.bool_], int]:
    """Which pairs are at most ``eps`` apart, and of how many rounding decides."""
    inside = np.empty(len(candidates), np.bool_)
    doubtful = 0
    square = np.einsum("nd,nd->n", x, x)
    for begin in range(0, len(candidates), 1 << 18):
        i, j = candidates[begin : begin + (1 << 18)].T
        off = x[i] - x[j]
        squared = np.einsum("nd,nd->n", off, off)
        inside[begin : begin + len(i)] = np.sqrt(squared) <= eps
        size = square[i] + square[j] + eps**2
        doubtful += int((np.abs(squared - eps**2) <= TIE * size).sum())
    return inside, doubtful


def _labels(edges: Whole, core: NDArray[np.bool_]) -> tuple[Whole, Whole]:
    """Clusters of the core rows, of the rows they reach, -1 for noise; and other choices."""
    n = len(core)
    both = edges[core[edges].all(axis=1)]
    graph = coo_array((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(n, n))
    component = connected_components(graph, directed=False)[1]
    labels = np.full(n, -1, np.int64)
    _, first, inverse = np.unique(component[core], return_index=True, return_inverse=True)
    order = np.empty(len(first), np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    labels[core] = order[inverse]
    one_sided = edges[core[edges].sum(axis=1) == 1]
    swapped = core[one_sided[:, 0]]
    border = np.where(swapped, one_sided[:, 1], one_sided[:, 0])
    reached = labels[np.where(swapped, one_sided[:, 0], one_sided[:, 1])]
    choices = np.unique(np.stack([border, reached], axis=1), axis=0)
    lowest = np.diff(choices[:, 0], prepend=-1) != 0
    labels[choices[lowest, 0]] = choices[lowest, 1]
    return labels, choices[~lowest].astype(np.int64)
