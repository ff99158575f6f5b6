"""k-means by Lloyd's algorithm, as scikit-learn's ``KMeans(algorithm="lloyd")``.

Minimises the inertia, the sum of squared distances to the nearest centre; the twin of
rust/cluster/src/kmeans.rs. Stops where no label changes, or where the squared shift of all
centres together is at most ``tol`` times the mean variance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from rmlbench_utils.contenders.clustering_terms import Terms, check, finite, first_rows
from rmlbench_utils.contenders.own_python_regression import VERSION as VERSION
from rmlbench_utils.contenders.own_python_regression import facts as facts
from rmlbench_utils.worker.channel import Fault

HELD = 1 << 15  # distances held at once: they stay in the second-level cache


@dataclass(frozen=True)
class Model:
    """Centres [k, d], labels [n], inertia and iterations."""

    centres: np.ndarray
    labels: np.ndarray
    inertia: float
    n_iter: int


class Kmeans:
    """k-means from given rows or from k-means++."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_clusters": 8,
        "init": "given",
        "n_init": 1,
        "max_iter": 300,
        "tol": 1e-4,
        "algorithm": "lloyd",
    }
    PREDICTS = True

    def __init__(self, **params: Any) -> None:
        self.params = params

    def begin(self, x: np.ndarray, terms: Terms) -> np.ndarray | int:
        """The centres to begin with, or the seed of k-means++."""
        check(self.params, len(x), ("given", "k-means++"))
        if self.params["init"] == "given":
            if self.params["n_init"] != 1:
                raise Fault("parameter", "n_init", self.params["n_init"], "1 where init is given")
            return np.ascontiguousarray(x[first_rows(terms, self.params["n_clusters"])])
        return terms.seed

    def fit(self, x: np.ndarray, begin: np.ndarray | int) -> Model:
        finite("x_train", x)
        mean = x.mean(axis=0)
        centred = np.subtract(x, mean, order="C")
        limit = self.params["tol"] * float(np.einsum("ij,ij->", centred, centred)) / centred.size
        if isinstance(begin, int):
            seeds = range(begin, begin + self.params["n_init"])
            starts = (centred[plus_plus(centred, self.params["n_clusters"], s)] for s in seeds)
        else:
            starts = (begin - mean for _ in range(1))
        runs = (_run(centred, centres, self.params["max_iter"], limit) for centres in starts)
        best = min(runs, key=lambda run: run.inertia)
        return replace(best, centres=best.centres + mean)

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        if x.shape[1] != model.centres.shape[1]:
            raise Fault("data", "x", x.shape[1], f"must have {model.centres.shape[1]} columns")
        finite("x", x)
        return nearest(x, model.centres)

    def attributes(self, x: np.ndarray, model: Model) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels,
            "centres": model.centres,
            "inertia": np.array([model.inertia]),
            "n_iter": np.array([model.n_iter], dtype=np.int64),
        }


def nearest(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """The first of the nearest centres of every row: argmin of ``|c|^2 - 2 x . c``."""
    norms = np.einsum("ij,ij->i", centres, centres)
    doubled = -2.0 * centres.T
    labels = np.empty(len(x), np.int64)
    for rows in _chunks(len(x), len(centres)):
        distances = x[rows] @ doubled
        distances += norms
        distances.argmin(axis=1, out=labels[rows])
    return labels


def _chunks(n: int, k: int) -> list[slice]:
    step = max(256, HELD // k)
    return [slice(begin, min(begin + step, n)) for begin in range(0, n, step)]


def _run(x: np.ndarray, centres: np.ndarray, max_iter: int, limit: float) -> Model:
    """One run on centred rows."""
    centres, labels, n_iter = _iterate(x, centres, max_iter, limit)
    inertia = 0.0
    for rows in _chunks(len(x), len(centres)):
        inertia += float(((x[rows] - centres[labels[rows]]) ** 2).sum())
    return Model(centres, labels, inertia, n_iter)


def _iterate(
    x: np.ndarray, centres: np.ndarray, max_iter: int, limit: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Move the centres until they rest; (centres, labels, iterations)."""
    previous = np.full(len(x), -1, np.int64)
    n_iter = 0
    while n_iter < max_iter:
        n_iter += 1
        labels, sums, counts = _assign_and_sum(x, centres)
        _relocate_empty(x, centres, labels, sums, counts)
        updated = _average(sums, counts)
        shift = float(((updated - centres) ** 2).sum())
        centres = updated
        if np.array_equal(labels, previous):
            return centres, labels, n_iter
        if shift <= limit:
            break
        previous = labels
    return centres, nearest(x, centres), n_iter


def _assign_and_sum(
    x: np.ndarray, centres: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels of the rows, and sums and numbers of the rows of every label."""
    k = len(centres)
    norms = np.einsum("ij,ij->i", centres, centres)
    doubled = -2.0 * centres.T
    labels = np.empty(len(x), np.int64)
    sums = np.zeros_like(centres)
    chunks = _chunks(len(x), k)
    chosen = np.zeros((chunks[0].stop, k))
    for rows in chunks:
        part = x[rows]
        distances = part @ doubled
        distances += norms
        label = distances.argmin(axis=1, out=labels[rows])
        which = (np.arange(len(part)), label)
        chosen[which] = 1.0
        sums += chosen[: len(part)].T @ part
        chosen[which] = 0.0
    return labels, sums, np.bincount(labels, minlength=k).astype(np.float64)


def _relocate_empty(
    x: np.ndarray, centres: np.ndarray, labels: np.ndarray, sums: np.ndarray, counts: np.ndarray
) -> None:
    """Give every empty cluster the row farthest from its own centre, the farthest the first.

    The row is taken from the cluster it was in; labels stay until the next E-step
    (scikit-learn's ``_relocate_empty_clusters_dense``).
    """
    empty = np.flatnonzero(counts == 0)
    if not len(empty):
        return
    distances = ((x - centres[labels]) ** 2).sum(axis=1)
    if not distances.any():
        return
    farthest = np.argsort(-distances, kind="stable")
    for new, row in zip(empty.tolist(), farthest.tolist(), strict=False):
        old = labels[row]
        sums[old] -= x[row]
        sums[new] = x[row]
        counts[new] = 1.0
        counts[old] -= 1.0


def _average(sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Sums by counts; a cluster still empty is put where the biggest one stands.

    In the order of the clusters, as scikit-learn's ``_average_centers`` does it: where the
    biggest comes later, that is still its sum.
    """
    biggest = int(counts.argmax())
    means = sums.copy()
    for j, count in enumerate(counts.tolist()):
        if count > 0:
            means[j] *= 1.0 / count
        else:
            means[j] = means[biggest]
    return means


def plus_plus(x: np.ndarray, k: int, seed: int) -> list[int]:
    """Rows chosen by k-means++ with greedy local trials.

    Arthur and Vassilvitskii (SODA 2007) in the form scikit-learn documents at
    ``kmeans_plusplus``: the best of ``2 + floor(ln k)`` candidates drawn by squared distance.
    The random numbers are ours.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    trials = 2 + int(math.log(k))
    norms = np.einsum("ij,ij->i", x, x)
    chosen = [int(random.integers(len(x)))]
    closest = _apart(x, norms, chosen)[:, 0]
    while len(chosen) < k:
        cumulative = np.cumsum(closest)
        drawn = np.searchsorted(cumulative, random.random(trials) * cumulative[-1])
        candidates = np.minimum(drawn, len(x) - 1)
        distances = np.minimum(_apart(x, norms, candidates), closest[:, None])
        best = int(distances.sum(axis=0).argmin())
        closest = distances[:, best]
        chosen.append(int(candidates[best]))
    return chosen


def _apart(x: np.ndarray, norms: np.ndarray, rows: Any) -> np.ndarray:
    """Squared distances of all rows to some of them, ``[n, len(rows)]``."""
    distances = x @ (-2.0 * x[rows]).T
    distances += norms[:, None]
    distances += norms[rows]
    return np.maximum(distances, 0.0, out=distances)


ALGORITHMS = {"kmeans": Kmeans}
