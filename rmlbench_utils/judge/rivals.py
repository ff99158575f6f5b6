"""The rules by which other tools call two programs different, as pure functions of times.

Each takes times of both sides in any one unit and answers whether the tool would say that
they differ, with its defaults.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

ASV_P, ASV_FACTOR = 0.002, 1.1
CRITERION_P, CRITERION_NOISE, RESAMPLES = 0.05, 0.01, 10_000


def welch(a: Sequence[float], b: Sequence[float], alpha: float = 0.05) -> bool:
    """hyperfine's script ``welch_ttest.py``: Welch's t test on all runs of both commands."""
    return bool(stats.ttest_ind(a, b, equal_var=False).pvalue < alpha)


def asv(a: Sequence[float], b: Sequence[float]) -> bool:
    """asv's ``compare`` and ``continuous``: Mann-Whitney's U at p < 0.002, and the medians
    apart by more than a factor of 1.1."""
    p = stats.mannwhitneyu(a, b, alternative="two-sided").pvalue
    low, high = sorted((float(np.median(a)), float(np.median(b))))
    return bool(p < ASV_P and high > ASV_FACTOR * low)


def criterion(a: Sequence[float], b: Sequence[float], seed: int = 0) -> bool:
    """criterion's comparison of two benchmarks: a bootstrapped t test, and a noise threshold.

    Different if t is beyond what resampling the pooled times gives at p < 0.05 and the 95 %
    bootstrap interval of the relative change of the mean is wholly beyond 1 % (criterion.rs,
    analysis process; 10,000 resamples instead of 100,000).
    """
    x, y = np.asarray(a, float), np.asarray(b, float)
    random = np.random.default_rng(seed)
    pooled = np.concatenate([x, y])
    drawn = pooled[random.integers(0, len(pooled), (RESAMPLES, len(pooled)))]
    null = _t(drawn[:, : len(x)], drawn[:, len(x) :])
    seen = float(_t(x[None], y[None])[0])
    p = 2 * min(np.mean(null >= seen), np.mean(null <= seen))
    old = x[random.integers(0, len(x), (RESAMPLES, len(x)))].mean(axis=1)
    new = y[random.integers(0, len(y), (RESAMPLES, len(y)))].mean(axis=1)
    low, high = np.quantile(new / old - 1, [0.025, 0.975])
    beyond = low > CRITERION_NOISE or high < -CRITERION_NOISE
    return bool(p < CRITERION_P and beyond)


def _t(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    spread = x.var(axis=1, ddof=1) / x.shape[1] + y.var(axis=1, ddof=1) / y.shape[1]
    return np.asarray((x.mean(axis=1) - y.mean(axis=1)) / np.sqrt(spread))
