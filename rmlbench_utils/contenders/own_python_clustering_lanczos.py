"""The smallest eigenvalues of a Laplacian by block Lanczos on its shifted inverse.

The twin of rust/cluster/src/lanczos.rs. scikit-learn asks ARPACK for the greatest eigenvalues
of ``(L + 1e-5 I)^-1``; this does the same with a block, which finds repeated eigenvalues, and
with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th edition, 10.3.6;
Ericsson and Ruhe, "The spectral transformation Lanczos method", 1980).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import sparse
from scipy.linalg import LinAlgError, cholesky, qr
from scipy.linalg.lapack import dpotrs
from scipy.sparse.linalg import splu

SHIFT = 1e-5  # scikit-learn's
GUARD = 8  # vectors of a block more than are asked for
STEPS = 6  # blocks of the basis before it begins again from its best vectors
RESTARTS = 40
TOLERANCE = 1e-13  # what may lie outside the basis, relative to the eigenvalue
Found = tuple[np.ndarray, np.ndarray]
Inverse = Callable[[np.ndarray], np.ndarray]


def smallest(matrix: np.ndarray | sparse.csc_array, count: int) -> Found | None:
    """The ``count`` smallest eigenvalues, ascending, and their eigenvectors ``[n, count]``.

    None where the matrix is small or the iteration does not settle: it is then decomposed whole.
    """
    n, block = matrix.shape[0], count + GUARD
    if n < 2 * STEPS * block:
        return None
    try:
        if isinstance(matrix, np.ndarray):
            inverse = dense_inverse(matrix)
        else:
            inverse = sparse_inverse(matrix)
    except LinAlgError:
        return None
    random = np.random.Generator(np.random.PCG64(0))
    krylov = _Krylov(inverse, n, block)
    krylov.restart(random.random((n, block)) - 0.5)
    for _ in range(RESTARTS):
        for _ in range(STEPS):
            rest = krylov.extend()
            values, vectors = np.linalg.eigh(krylov.projection())
            if krylov.settled(values, vectors, rest, count):
                best = krylov.ritz(vectors, count)
                return 1.0 / values[::-1][:count] - SHIFT, best
        krylov.restart(krylov.ritz(vectors, block))
    return None


def dense_inverse(matrix: np.ndarray) -> Inverse:
    """``(L + shift)^-1`` by its Cholesky factor; LinAlgError where it is not positive definite."""
    shifted = matrix.copy(order="F")
    shifted.flat[:: len(matrix) + 1] += SHIFT
    factor = cholesky(shifted, lower=True, overwrite_a=True, check_finite=False)

    def apply(columns: np.ndarray) -> np.ndarray:
        image, info = dpotrs(factor, columns, lower=1)
        if info != 0:
            raise ArithmeticError(f"dpotrs answered {info}")
        return image

    return apply


def sparse_inverse(matrix: sparse.csc_array) -> Inverse:
    """The same by SuperLU in its symmetric mode, since SciPy has no sparse Cholesky factor."""
    shifted = matrix + SHIFT * sparse.eye_array(matrix.shape[0], format="csc")
    factor = splu(
        shifted.tocsc(),
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    return factor.solve


class _Krylov:
    """An orthonormal basis and the inverse projected on it."""

    def __init__(self, inverse: Inverse, n: int, block: int) -> None:
        self.inverse, self.block, self.size = inverse, block, 0
        capacity = (STEPS + 1) * block
        self.basis = np.empty((n, capacity), order="F")
        self.projected = np.zeros((capacity, capacity))

    def restart(self, start: np.ndarray) -> None:
        """Begin again from a block of vectors."""
        self.size = 0
        self.projected[:] = 0.0
        self._orthonormalise(start)

    def extend(self) -> np.ndarray:
        """Apply the inverse to the last block and project it; ``R`` of what is outside.

        The block to come is written behind the basis; ``size`` counts without it.
        """
        self.size += self.block
        basis = self.basis[:, : self.size]
        last = slice(self.size - self.block, self.size)
        image = self.inverse(self.basis[:, last])
        self.projected[last, : self.size] = (basis.T @ image).T
        return self._orthonormalise(image)

    def projection(self) -> np.ndarray:
        """The inverse on the basis; its lower triangle counts."""
        return self.projected[: self.size, : self.size]

    def settled(
        self, values: np.ndarray, vectors: np.ndarray, rest: np.ndarray, count: int
    ) -> bool:
        """Whether the ``count`` greatest eigenvalues have settled."""
        outside = rest @ vectors[self.size - self.block :, -count:]
        lengths = np.sqrt(np.einsum("ij,ij->j", outside, outside))
        return bool((lengths <= TOLERANCE * values[-count:]).all())

    def ritz(self, vectors: np.ndarray, count: int) -> np.ndarray:
        """The best ``count`` vectors of the basis, best first."""
        return self.basis[:, : self.size] @ vectors[:, ::-1][:, :count]

    def _orthonormalise(self, block: np.ndarray) -> np.ndarray:
        """Write a block [n, b] behind the basis, orthonormal and orthogonal to it.

        Answers the upper triangle R [b, b] of what is outside the basis; a vector that lies in
        the basis gets a zero there, and any direction.
        """
        done, triangle = self.basis[:, : self.size], np.eye(block.shape[1])
        for _ in range(2):  # twice is enough (Giraud, Langou, Rozloznik, van den Eshof 2005)
            block = block - done @ (done.T @ block)
            block, further = qr(block, mode="economic", overwrite_a=True, check_finite=False)
            triangle = further @ triangle
        self.basis[:, self.size : self.size + block.shape[1]] = block
        return triangle
