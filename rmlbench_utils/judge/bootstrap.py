"""Joint draws of blocks, and intervals from them that hold with few blocks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rmlbench_utils.judge.statistics import Floats


def block_draws(uniform: Floats, blocks: int) -> NDArray[np.int64]:
    """Blocks drawn with replacement, from numbers in [0, 1): shapes ``[d, w]`` → ``[d, k]``.

    The same numbers serve every quantity of a page, so that all of them are drawn jointly;
    ``w`` must be at least ``blocks``.
    """
    return np.floor(uniform[:, :blocks] * blocks).astype(np.int64)


def tail(blocks: int, alpha: float = 0.05) -> float:
    """Share of draws to leave out at each end of an interval.

    A percentile interval is too narrow with few blocks, as the normal interval without the
    n / (n - 1) of the variance would be; this tail makes it as wide as Student's: Hesterberg
    (2015), American Statistician 69, 371, section "expanded percentile".
    """
    quantile = stats.t.isf(alpha / 2, blocks - 1) * np.sqrt(blocks / (blocks - 1))
    return float(stats.norm.sf(quantile))


def ends(draws: Floats, blocks: int, alpha: float = 0.05) -> tuple[Floats, Floats]:
    """Ends of the ``1 - alpha`` expanded percentile interval over the first axis."""
    share = tail(blocks, alpha)
    low, high = np.quantile(draws, [share, 1 - share], axis=0)
    return low, high
