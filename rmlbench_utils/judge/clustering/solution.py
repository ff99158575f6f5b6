"""What a clustering case's answer is: the reference solution both sides are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.remembered import Arrays, of_arrays

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Answers = Arrays

MOST_ROWS = 20_000  # of an n x n matrix, or of its n (n - 1) / 2 distances
FREE = "free"
FREE_PREDICTIONS = "free_predictions"


@dataclass(frozen=True)
class Clustering:
    """The reference solution of one clustering case and split.

    Attributes
    ----------
    answers
        By the names of a worker's outputs: ``labels`` int64 [n] and what else the algorithm
        has (book/protocol.md); ``predictions`` int64 [m] of the test rows in test-row order;
        for spectral ``vectors`` [n, k], orthonormal, and ``roots`` [n], the square roots of the
        degrees. ``free`` int64 [t, 2] holds (row, other label) for rows whose label is not
        determined, because another cluster is as near to within rounding or reaches the row as
        well; ``free_predictions`` the same of test rows. Empty where there is no reference.
    doubt
        Why another answer may be as right, in words ("" where none may): ties on the way.
    condition
        What multiplies rounding errors: the largest condition number of a covariance, the
        reciprocal of the gap after the last eigenvalue; else 1.
    recipe
        How it was computed, in one line.
    sha256
        Digest of ``answers``, what a ``ParityLine`` names.
    """

    answers: Answers
    doubt: str
    condition: float
    recipe: str
    sha256: str


def made(answers: Answers, doubt: list[str], recipe: str, condition: float = 1.0) -> Clustering:
    """A solution with its digest; the doubts become one sentence."""
    recipe = f"{recipe} (NumPy {np.__version__})"
    return Clustering(answers, "; ".join(doubt), condition, recipe, of_arrays(answers))
