"""What a case's answer is: the reference solution both sides are held to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Reference:
    """The reference solution of one case and split, float64.

    Attributes
    ----------
    predictions
        Of the test rows in test-row order, shape ``[m]``.
    coefficients
        In the units of the prepared columns, shape ``[d]``; of the rank-deficient problem
        the minimum-norm ones.
    intercept
        Shape ``[1]``.
    objective
        The value the algorithm minimises, at the solution, under the case's own scaling.
    condition
        Condition number (2-norm) of the centred training matrix, or of the penalised normal
        problem where a penalty is part of it; 1 is the best possible.
    rank
        Numerical rank of the centred training matrix.
    recipe
        How it was computed, in one line.
    sha256
        Digest of the arrays above, what a ``ParityLine`` names.
    nonzero
        Which coefficients are not zero, shape ``[d]``; None where no coefficient is set to
        zero by the algorithm (linear, ridge).
    """

    predictions: Floats
    coefficients: Floats
    intercept: Floats
    objective: float
    condition: float
    rank: int
    recipe: str
    sha256: str
    nonzero: NDArray[np.bool_] | None = None
