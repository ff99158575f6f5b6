"""Many rows at once: adjusted p-values and the intervals that agree with them."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from rmlbench_utils.judge.statistics import Paired, interval

Floats = NDArray[np.float64]
Adjust = Literal["holm", "bonferroni", "fdr"]


def adjusted(p: ArrayLike, method: Adjust) -> Floats:
    """Adjusted p-values of one family, shape ``[m]``.

    A row without a p-value (NaN) still counts as a member: the family is fixed by the plan,
    whatever came of it. It enters as 1 and stays NaN.
    """
    values = np.asarray(p, dtype=np.float64)
    if values.size == 0:
        return values
    missing = np.isnan(values)
    full = np.where(missing, 1.0, values)
    if method == "holm":
        result = _holm(full)
    elif method == "bonferroni":
        result = np.minimum(full * full.size, 1.0)
    else:
        result = stats.false_discovery_control(full, method="bh")
    return np.where(missing, np.nan, result)


def _holm(p: Floats) -> Floats:
    """Holm (1979), Scand. J. Stat. 6, 65: the k-th smallest of m, times m - k + 1, rising."""
    order = np.argsort(p, kind="stable")
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    result = np.empty_like(p)
    result[order] = np.minimum(steps, 1.0)
    return result


def simultaneous(
    fit: Paired, p_adjusted: ArrayLike, method: Adjust, alpha: float = 0.05
) -> tuple[Floats, Floats]:
    """Limits of the log ratios for a whole family: they exclude 0 where ``p_adjusted < alpha``.

    Holm: the Bonferroni intervals, which hold together at ``1 - alpha``, and where the
    step-down rejects although the Bonferroni interval reaches 0, the interval ends at 0,
    exclusive: Holm adds the side, not a distance (Guilbaud 2008, Biometrical J. 50, 678).
    FDR: the intervals of Benjamini and Yekutieli (2005), JASA 100, 71, at level
    ``rejected * alpha / m``.
    """
    p = np.asarray(p_adjusted, dtype=np.float64)
    size = max(p.size, 1)
    rejected = np.where(np.isnan(p), 1.0, p) < alpha
    level = alpha / size
    if method == "fdr":
        level *= max(int(rejected.sum()), 1)
    low, high = interval(fit, level)
    below = rejected & (fit.estimate < 0)
    above = rejected & (fit.estimate > 0)
    tiny = np.finfo(np.float64).eps
    high = np.where(below, np.minimum(high, -tiny), high)
    low = np.where(above, np.maximum(low, tiny), low)
    return low, high
