"""Which rows are learned from, and which are kept to ask about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TEST_SHARE = 0.2
Order = NDArray[np.int64]


def split_of(n: int, split: int, seed: int, folds: int) -> tuple[Order, Order, Order, Order]:
    """Training rows, test rows, the training rows' folds, and an order of the test rows."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, split])))
    m = max(1, round(n * TEST_SHARE))
    order = rng.permutation(n)
    fold = rng.permutation(np.arange(n - m, dtype=np.int64) % folds)
    return order[m:], order[:m], fold, rng.permutation(m)
