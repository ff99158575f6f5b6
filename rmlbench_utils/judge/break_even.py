"""After how many calls two contenders have cost the same: Fieller's set."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from rmlbench_utils.judge.statistics import Floats

Kind = Literal["never", "between", "at most", "more than", "outside", "anything"]


@dataclass(frozen=True)
class BreakEven:
    """The numbers of calls N >= 0 at which equal totals are not rejected.

    Attributes
    ----------
    kind
        ``never``: the set is empty. ``between``: low to high. ``at most``: 0 to high, which
        does not exclude never. ``more than``: low and more, or never. ``outside``: up to low,
        high and more, or never. ``anything``: every number, and never.
    low, high
        Ends of the set where it has them, else NaN.
    estimate
        Number of calls at which the means are equal; NaN where they are for none.
    fixed, per_call
        Differences of the means, contender - baseline, seconds.
    """

    kind: Kind
    low: float
    high: float
    estimate: float
    fixed: float
    per_call: float


def break_even(fixed: Floats, per_call: Floats, alpha: float = 0.05) -> BreakEven:
    """Solve ``fixed + N * per_call = 0`` for N >= 0, with its ``1 - alpha`` set.

    Parameters
    ----------
    fixed
        Start-up and load of the contender minus those of the baseline, one a block, seconds.
    per_call
        A call of the contender minus one of the baseline, in the same blocks.

    Notes
    -----
    The set is that of the N at which the paired t test of the arithmetic means of
    ``fixed + N * per_call`` does not reject: a quadratic inequality in N whose solutions are
    an interval, two rays, a ray or everything (Fieller 1954, JRSS B 16, 175; von Luxburg and
    Franz 2009, Statistica Sinica 19, 1095).
    """
    blocks = len(fixed)
    if blocks < 2:
        raise ValueError(f"{blocks} blocks: a set needs at least 2")
    f, g = float(np.mean(fixed)), float(np.mean(per_call))
    spread = np.cov(fixed, per_call) / blocks
    t2 = float(stats.t.isf(alpha / 2, blocks - 1)) ** 2
    square = (
        g * g - t2 * float(spread[1, 1]),
        f * g - t2 * float(spread[0, 1]),
        f * f - t2 * float(spread[0, 0]),
    )
    kind, low, high = _nonnegative(*_solve(*square))
    estimate = -f / g if g != 0 and -f / g >= 0 else math.nan
    return BreakEven(kind, low, high, estimate, f, g)


def _solve(a: float, b: float, c: float) -> tuple[bool, float, float]:
    """Where ``a N^2 + 2 b N + c <= 0``: whether between its roots (else outside), and these.

    Everything is outside (nan, nan), nothing between (nan, nan).
    """
    if a == 0 and b == 0:
        return c > 0, math.nan, math.nan
    if a == 0:
        root = -c / (2 * b)
        return (True, root, math.inf) if b < 0 else (True, -math.inf, root)
    below = b * b - a * c
    if below < 0 and a < 0:
        return False, math.nan, math.nan
    below = max(below, 0.0)  # where a > 0 the estimate itself is inside: less is rounding
    # The larger root in size first, so that no digits cancel.
    larger = -(b + math.copysign(math.sqrt(below), b)) / a
    other = c / (a * larger) if larger else 0.0
    return a > 0, min(larger, other), max(larger, other)


def _nonnegative(inside: bool, low: float, high: float) -> tuple[Kind, float, float]:
    """Cut a set to N >= 0 and name it."""
    nan = math.nan
    if inside:
        if math.isnan(low) or high < 0:
            return "never", nan, nan
        if math.isinf(high):
            return ("more than", low, nan) if low > 0 else ("anything", nan, nan)
        return ("between", low, high) if low > 0 else ("at most", nan, high)
    if math.isnan(low) or high <= 0:
        return "anything", nan, nan
    return ("outside", low, high) if low >= 0 else ("more than", high, nan)
