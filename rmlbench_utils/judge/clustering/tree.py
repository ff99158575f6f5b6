"""The reference of agglomerative clustering: SciPy's tree, its heights by their definitions.

scikit-learn hands Ward's, complete and average linkage to the same SciPy routine, so the height
of every merge is computed again from the rows of its two sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from scipy.cluster import hierarchy
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist

from rmlbench_utils.judge.clustering.match import rand_difference
from rmlbench_utils.judge.clustering.solution import MOST_ROWS, Clustering, Floats, Whole, made
from rmlbench_utils.judge.exact import NotVerified

RECIPE = (
    "scipy.cluster.hierarchy.linkage; every height computed again from the rows it joins (Ward: "
    "sqrt(2 s t / (s + t)) times the distance of the means; complete, average, single: greatest, "
    "mean, least distance); cut after the first n - k merges"
)
TOO_MANY = (
    f"no reference above {MOST_ROWS} rows: it needs the distances of all pairs, "
    "1.6 GB at 20,000 rows"
)
AGREES = 1e-9  # of a height by recursion with the height by definition, relative to the largest
TIE = 1e-12
BLOCK = 1 << 22  # distances held at once


class _Tree(NamedTuple):
    children: Whole
    heights: Floats
    labels: Whole


def solve(x: Floats, n_clusters: int, linkage: str) -> Clustering:
    """The tree of the rows of ``x`` [n, d] and its ``n_clusters`` clusters.

    Empty, with the reason as doubt, where there are too many rows.

    Raises
    ------
    NotVerified
        If SciPy's heights are not those of the definition to 1e-9.
    """
    n = len(x)
    if n > MOST_ROWS:
        return made({}, [TOO_MANY], RECIPE)
    tree = _tree(x, n_clusters, linkage)
    heights = _defined(x, tree.children, linkage)
    largest = float(heights.max(initial=0.0))
    off = float(np.abs(heights - tree.heights).max(initial=0.0))
    if off > AGREES * largest:
        raise NotVerified(f"a height of {linkage} linkage is off its definition by {off:.1e}")
    answers = {
        "labels": tree.labels,
        "heights": heights,
        "free": np.empty((0, 2), np.int64),
    }
    doubt = _doubt(x, tree, heights, n_clusters, linkage)
    return made(answers, doubt, RECIPE)


def _tree(x: Floats, n_clusters: int, linkage: Any) -> _Tree:
    if len(x) == 1:
        none = np.empty((0, 2), np.int64)
        return _Tree(none, np.empty(0), np.zeros(1, np.int64))
    merges = hierarchy.linkage(x, method=linkage)
    children = merges[:, :2].astype(np.int64)
    return _Tree(children, np.asarray(merges[:, 2]), _cut(children, n_clusters))


def _cut(children: Whole, n_clusters: int) -> Whole:
    """Clusters after the first n - k merges, ``[n]``."""
    n = len(children) + 1
    done = children[: n - n_clusters]
    parents = n + np.arange(len(done))
    ends = np.concatenate([done[:, 0], done[:, 1]])
    graph = coo_array(
        (np.ones(len(ends)), (ends, np.concatenate([parents, parents]))), shape=(2 * n, 2 * n)
    )
    component = connected_components(graph, directed=False)[1][:n]
    return np.unique(component, return_inverse=True)[1].astype(np.int64)


def _defined(x: Floats, children: Whole, linkage: str) -> Floats:
    """Heights of the merges from the rows they join, ``[n - 1]``."""
    n = len(x)
    members: dict[int, Whole] = {i: np.array([i]) for i in range(n)}
    heights = np.empty(len(children))
    for step, (left, right) in enumerate(children.tolist()):
        one, two = members.pop(left), members.pop(right)
        heights[step] = _height(x[one], x[two], linkage)
        members[n + step] = np.concatenate([one, two])
    return heights


def _height(one: Floats, two: Floats, linkage: str) -> float:
    s, t = len(one), len(two)
    match linkage:
        case "ward":
            apart = np.linalg.norm(one.mean(axis=0) - two.mean(axis=0))
            return float(np.sqrt(2.0 * s * t / (s + t)) * apart)
        case "complete":
            return max(float(block.max()) for block in _blocks(one, two))
        case "single":
            return min(float(block.min()) for block in _blocks(one, two))
        case _:
            return sum(float(block.sum()) for block in _blocks(one, two)) / (s * t)


def _blocks(one: Floats, two: Floats) -> Iterator[Floats]:
    """The distances of all rows of one side to all of the other, some rows at a time."""
    rows = max(1, BLOCK // len(two))
    for begin in range(0, len(one), rows):
        yield cdist(one[begin : begin + rows], two)


def _doubt(x: Floats, tree: _Tree, heights: Floats, n_clusters: int, linkage: str) -> list[str]:
    """Whether ties decide: the same rows in reverse make another tree, or the cut is at a tie."""
    n, largest = len(x), float(heights.max(initial=0.0))
    reverse = _tree(x[::-1], n_clusters, linkage)
    doubt = []
    if np.abs(np.sort(reverse.heights) - np.sort(tree.heights)).max(initial=0.0) > AGREES * largest:
        doubt.append("equal distances: with the rows in reverse order the heights are others")
    elif rand_difference(reverse.labels[::-1], tree.labels) > 0:
        doubt.append("equal distances: with the rows in reverse order the clusters are others")
    last, cut = n - n_clusters - 1, n - n_clusters
    if last >= 0 and cut < n - 1 and heights[cut] - heights[last] <= TIE * largest:
        doubt.append("the tree is cut between two merges of equal height")
    return doubt
