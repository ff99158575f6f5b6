"""Spectral clustering, as scikit-learn's ``SpectralClustering(assign_labels="cluster_qr")``.

The twin of rust/cluster/src/spectral.rs: affinities of all pairs, the smallest eigenvectors
of their normalised Laplacian by block Lanczos on its shifted inverse, labels by pivoted QR.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy.linalg import eigh, qr, svd
from scipy.spatial.distance import cdist

from rmlbench_utils.contenders.clustering_terms import Terms, check, finite
from rmlbench_utils.contenders.own_python_clustering_lanczos import smallest
from rmlbench_utils.contenders.own_python_regression import VERSION as VERSION
from rmlbench_utils.contenders.own_python_regression import facts as facts
from rmlbench_utils.worker.channel import Fault

CHUNK = 256


@dataclass(frozen=True)
class Model:
    """Labels [n], the smallest eigenvalues [k] and the embedding [n, k]."""

    labels: np.ndarray
    eigenvalues: np.ndarray
    embedding: np.ndarray


class Spectral:
    """Spectral clustering with as many eigenvectors as clusters."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_clusters": 8,
        "affinity": "rbf",
        "gamma": 1.0,
        "n_neighbors": 10,
        "assign_labels": "cluster_qr",
        "eigen_tol": 0.0,
    }
    PREDICTS = False

    def __init__(self, **params: Any) -> None:
        self.params = params

    def begin(self, x: np.ndarray, terms: Terms) -> None:
        """Nothing to begin with: only the parameters are checked."""
        check(self.params, len(x))
        if self.params["eigen_tol"] > 0:
            tol = self.params["eigen_tol"]
            raise Fault("unsupported", "eigen_tol", tol, "0: own finds them to machine precision")

    def fit(self, x: np.ndarray, begin: None) -> Model:
        finite("x_train", x)
        if self.params["affinity"] == "rbf":
            graph = rbf(x, self.params["gamma"])
        else:
            graph = neighbours(x, self.params["n_neighbors"])
        matrix, roots = laplacian(graph)
        count = self.params["n_clusters"]
        found = smallest(matrix, count)
        if found is None:
            found = eigh(matrix, subset_by_index=(0, count - 1), check_finite=False)
        eigenvalues, vectors = found
        embedding = vectors / roots[:, None]
        top = np.abs(embedding).argmax(axis=0)
        embedding *= np.sign(embedding[top, np.arange(count)])
        return Model(cluster_qr(embedding), eigenvalues, embedding)

    def attributes(self, x: np.ndarray, model: Model) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels.astype(np.int64),
            "eigenvalues": np.ascontiguousarray(model.eigenvalues),
            "embedding": np.ascontiguousarray(model.embedding),
        }


def rbf(x: np.ndarray, gamma: float) -> np.ndarray:
    """``exp(-gamma |x - y|^2)`` of all pairs, ``[n, n]``."""
    centred = x - x.mean(axis=0)
    norms = np.einsum("ij,ij->i", centred, centred)
    kernel = centred @ centred.T
    kernel *= -2.0
    kernel += norms[:, None]
    kernel += norms
    np.maximum(kernel, 0.0, out=kernel)
    kernel *= -gamma
    return np.exp(kernel, out=kernel)


def neighbours(x: np.ndarray, count: int) -> np.ndarray:
    """Half an edge for each direction in which a row is among the other's nearest.

    A row is its own nearest; of equally near rows the first are taken, and distances are made
    of differences, so that on a grid equal ones are equal.
    """
    graph = np.zeros((len(x), len(x)))
    for begin in range(0, len(x), CHUNK):
        distances = cdist(x[begin : begin + CHUNK], x, "sqeuclidean")
        own = np.arange(len(distances))
        distances[own, begin + own] = -1.0
        last = np.partition(distances, count - 1, axis=1)[:, count - 1, None]
        nearer, tied = distances < last, distances == last
        room = count - nearer.sum(axis=1, keepdims=True)
        graph[begin : begin + CHUNK] = nearer | (tied & (tied.cumsum(axis=1) <= room))
    graph *= 0.5
    return graph + graph.T


def laplacian(graph: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``I - D^-1/2 A D^-1/2`` in the place of the graph, and the roots of the degrees.

    The diagonal of A does not count; a row without edges has the root 1.
    """
    step = len(graph) + 1
    graph.flat[::step] = 0.0
    degrees = graph.sum(axis=1)
    roots = np.sqrt(np.where(degrees == 0.0, 1.0, degrees))
    graph /= -roots[:, None]
    graph /= roots
    graph.flat[::step] = 1.0
    return graph, roots


def cluster_qr(embedding: np.ndarray) -> np.ndarray:
    """Labels by the axis of the greatest entry, once k chosen rows are turned onto the axes.

    Damle, Minden and Ying, "Simple, direct and efficient multi-way spectral clustering", 2019.
    """
    k = embedding.shape[1]
    pivots = qr(embedding.T, mode="r", pivoting=True, check_finite=False)[1]
    left, _, right = svd(embedding[pivots[:k]].T, check_finite=False)
    return np.abs(embedding @ (left @ right)).argmax(axis=1)


ALGORITHMS = {"spectral": Spectral}
