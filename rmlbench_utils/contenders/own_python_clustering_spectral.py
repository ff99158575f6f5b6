"""Spectral clustering, as scikit-learn's ``SpectralClustering(assign_labels="cluster_qr")``.

The twin of rust/cluster/src/spectral.rs: affinities of all pairs, or of nearest neighbours in a
sparse matrix, the smallest eigenvectors of their normalised Laplacian by block Lanczos on its
shifted inverse, labels by pivoted QR.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import sparse
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
        matrix: np.ndarray | sparse.csc_array
        if self.params["affinity"] == "rbf":
            matrix, roots = laplacian(rbf(x, self.params["gamma"]))
        else:
            matrix, roots = sparse_laplacian(neighbours(x, self.params["n_neighbors"]))
        count = self.params["n_clusters"]
        found = smallest(matrix, count)
        if found is None:
            whole = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
            found = eigh(whole, subset_by_index=(0, count - 1), check_finite=False)
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


def neighbours(x: np.ndarray, count: int) -> sparse.csc_array:
    """Half an edge for each direction in which a row is among the other's nearest, ``[n, n]``.

    A row is its own nearest; of equally near rows the first are taken, and distances are made
    of differences, so that on a grid equal ones are equal.
    """
    places = []
    for begin in range(0, len(x), CHUNK):
        distances = cdist(x[begin : begin + CHUNK], x, "sqeuclidean")
        own = np.arange(len(distances))
        distances[own, begin + own] = -1.0
        last = np.partition(distances, count - 1, axis=1)[:, count - 1, None]
        nearer, tied = distances < last, distances == last
        room = count - nearer.sum(axis=1, keepdims=True)
        places.append(np.nonzero(nearer | (tied & (tied.cumsum(axis=1) <= room)))[1])
    chosen = np.concatenate(places)
    starts = np.arange(0, len(chosen) + 1, count)
    graph = sparse.csr_array((np.full(len(chosen), 0.5), chosen, starts), shape=(len(x), len(x)))
    return (graph + graph.T).tocsc()


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


def sparse_laplacian(graph: sparse.csc_array) -> tuple[sparse.csc_array, np.ndarray]:
    """The same of a sparse graph."""
    edges = graph - sparse.diags_array(graph.diagonal(), format="csc")
    degrees = np.asarray(edges.sum(axis=1)).ravel()
    roots = np.sqrt(np.where(degrees == 0.0, 1.0, degrees))
    scale = sparse.diags_array(1.0 / roots, format="csc")
    return sparse.eye_array(len(roots), format="csc") - scale @ edges @ scale, roots


def cluster_qr(embedding: np.ndarray) -> np.ndarray:
    """Labels by the axis of the greatest entry, once k chosen rows are turned onto the axes.

    Damle, Minden and Ying, "Simple, direct and efficient multi-way spectral clustering", 2019.
    """
    k = embedding.shape[1]
    pivots = qr(embedding.T, mode="r", pivoting=True, check_finite=False)[1]
    left, _, right = svd(embedding[pivots[:k]].T, check_finite=False)
    return np.abs(embedding @ (left @ right)).argmax(axis=1)


ALGORITHMS = {"spectral": Spectral}
