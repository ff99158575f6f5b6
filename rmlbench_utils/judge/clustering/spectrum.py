"""The reference of spectral clustering: the normalised Laplacian decomposed whole.

von Luxburg, "A tutorial on spectral clustering", Statistics and Computing 17 (2007) 395-416;
labels by Damle, Minden and Ying, "Simple, direct, and efficient multi-way spectral clustering",
Information and Inference 8 (2019) 181-203.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh, polar, qr
from scipy.spatial.distance import cdist

from rmlbench_utils.judge.clustering.match import rand_difference
from rmlbench_utils.judge.clustering.solution import MOST_ROWS, Clustering, Floats, Whole, made
from rmlbench_utils.judge.exact import NotVerified

RECIPE = (
    "affinities by differences in float64; I - D^-1/2 A D^-1/2 without the diagonal of A, its "
    "smallest eigenvalues by LAPACK's dense solver, residuals below 1e-12; labels by pivoted QR "
    "of the eigenvectors divided by the roots of the degrees"
)
TOO_MANY = (
    f"no reference above {MOST_ROWS} rows: it needs an n x n matrix, 3.2 GB at 20,000 rows, "
    "and n^3 operations"
)
RESIDUAL = 1e-12
GAP = 1e-10  # below it the space of the eigenvectors is decided by rounding
TIE = 1e-9  # of two entries of a row
SAME = 1e-12  # of two squared distances, relative to the squared lengths
CHUNK = 512
ROUNDED = 1e-13  # what solvers' eigenvectors differ by


def solve(x: Floats, n_clusters: int, affinity: str, gamma: float, n_neighbors: int) -> Clustering:
    """Spectral clustering of the rows of ``x`` [n, d].

    ``vectors`` [n, k] are the eigenvectors of the ``n_clusters`` smallest eigenvalues, ``roots``
    [n] the square roots of the degrees (1 for a row without neighbours), so that scikit-learn's
    embedding is ``vectors / roots``. Empty, with the reason as doubt, for too many rows.

    Raises
    ------
    NotVerified
        If a residual is above 1e-12.
    """
    if len(x) > MOST_ROWS:
        return made({}, [TOO_MANY], RECIPE)
    tied = 0
    if affinity == "rbf":
        graph = np.exp(-gamma * cdist(x, x, "sqeuclidean"))
    else:
        graph, tied = neighbours(x, n_neighbors)
    matrix, roots = laplacian(graph)
    values, vectors = _smallest(matrix, n_clusters)
    gap = float(values[n_clusters] - values[n_clusters - 1]) if len(values) > n_clusters else 1.0
    kept = np.ascontiguousarray(vectors[:, :n_clusters], dtype=np.float64)
    labels, free = cluster_qr(kept, roots)
    answers = {
        "labels": labels,
        "eigenvalues": values[:n_clusters],
        "vectors": kept,
        "roots": roots,
        "free": free,
    }
    doubt = _doubt(kept, roots, labels, tied, gap)
    return made(answers, doubt, RECIPE, 1.0 / max(gap, 1e-300))


def neighbours(x: Floats, count: int) -> tuple[Floats, int]:
    """Half for each direction in which a row is among the other's ``count`` nearest.

    A row is its own nearest. Also: for how many rows the last neighbour is not determined.
    """
    n = len(x)
    graph = np.zeros((n, n))
    square = np.einsum("nd,nd->n", x, x)
    tied = 0
    for begin in range(0, n, CHUNK):
        apart = cdist(x[begin : begin + CHUNK], x)
        rows = np.arange(len(apart))
        apart[rows, begin + rows] = -1.0
        order = np.argsort(apart, axis=1, kind="stable")
        graph[(begin + rows)[:, None], order[:, :count]] = 1.0
        if count < n:
            last = np.maximum(apart[rows, order[:, count - 1]], 0.0)
            next_ = apart[rows, order[:, count]]
            size = 2.0 * square[begin : begin + CHUNK] + next_**2
            tied += int((next_**2 - last**2 <= SAME * size).sum())
    return 0.5 * (graph + graph.T), tied


def laplacian(graph: Floats) -> tuple[Floats, Floats]:
    """The symmetric normalised Laplacian, in the place of ``graph``, and the degrees' roots."""
    np.fill_diagonal(graph, 0.0)
    degrees = graph.sum(axis=1)
    roots = np.sqrt(np.where(degrees > 0, degrees, 1.0))
    graph /= -roots[:, None]
    graph /= roots[None, :]
    np.fill_diagonal(graph, 1.0)
    return graph, roots


def _smallest(matrix: Floats, count: int) -> tuple[Floats, Floats]:
    """One eigenvalue more than ``count`` where there is one, and the eigenvectors."""
    last = min(count, len(matrix) - 1)
    values, vectors = eigh(matrix, subset_by_index=(0, last), check_finite=False)
    residual = float(np.abs(matrix @ vectors - vectors * values).max(initial=0.0))
    if not residual <= RESIDUAL:
        raise NotVerified(f"an eigenvector of the Laplacian leaves a residual of {residual:.1e}")
    return values, vectors


def cluster_qr(vectors: Floats, roots: Floats) -> tuple[Whole, Whole]:
    """Labels of the rows of ``vectors / roots`` [n, k], and (row, other label) at ties.

    The k rows that pivoted QR chooses are turned onto the axes by their polar factor; a row's
    label is the axis of its greatest entry by absolute value.
    """
    embedding = vectors / roots[:, None]
    pivots = qr(embedding.T, mode="r", pivoting=True, check_finite=False)[1]
    turn = polar(embedding[pivots[: vectors.shape[1]]].T)[0]
    turned = np.abs(vectors @ turn)
    labels = turned.argmax(axis=1).astype(np.int64)
    tied = turned >= turned.max(axis=1)[:, None] - TIE
    tied[np.arange(len(labels)), labels] = False
    return labels, np.argwhere(tied).astype(np.int64)


def _doubt(vectors: Floats, roots: Floats, labels: Whole, tied: int, gap: float) -> list[str]:
    doubt = []
    if tied:
        whose = "1 row has" if tied == 1 else f"{tied} rows have"
        doubt.append(f"{whose} two equally near last neighbours")
    if gap <= GAP:
        doubt.append(f"the last eigenvalue and the next differ by {gap:.1e}")
    reverse = cluster_qr(vectors[::-1], roots[::-1])[0]
    if rand_difference(reverse[::-1], labels) > 0:
        doubt.append("with the rows in reverse order cluster_qr starts from other rows")
    noise = np.random.Generator(np.random.PCG64(0)).standard_normal(vectors.shape)
    if rand_difference(cluster_qr(vectors + ROUNDED * noise, roots)[0], labels) > 0:
        doubt.append(f"labels change where the eigenvectors do by {ROUNDED:g}")
    return doubt
