"""From which size on one contender costs more than another: a set of sizes, perhaps empty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmlbench_utils.judge.statistics import Bools, Floats, interval, paired

POINTS = 400  # sizes looked at between the smallest and the largest measured


@dataclass(frozen=True)
class Crossover:
    """Where two costs are equal, within the sizes measured and nowhere else.

    Attributes
    ----------
    low, high
        The smallest and the largest size measured.
    sets
        Ranges of sizes at which the t test of equal means does not reject at 5 %.
    points
        Sizes at which the means are equal.
    signs
        -1 where the contender costs significantly less and 1 where more, in order of size,
        one for each range between and around ``sets``.
    """

    low: float
    high: float
    sets: tuple[tuple[float, float], ...]
    points: tuple[float, ...]
    signs: tuple[int, ...]


def between(rows: Floats, seconds: Floats, n: Floats) -> Floats:
    """Seconds at sizes ``n`` from those at ``rows``: ``[k, s]`` → ``[k, len(n)]``.

    On a straight line through the two neighbouring points in logarithms, block by block, so
    that a mean over blocks and its test are those of any measured quantity.

    Raises
    ------
    ValueError
        For a size outside those measured: nothing is extrapolated.
    """
    n = np.atleast_1d(np.asarray(n, float))
    if n.min() < rows[0] or n.max() > rows[-1]:
        raise ValueError(f"sizes {n.min():g} to {n.max():g} are not within {rows[0]} to {rows[-1]}")
    logs = np.log(seconds)
    right = np.clip(np.searchsorted(rows, n), 1, max(len(rows) - 1, 1))
    if len(rows) == 1:
        return np.repeat(np.asarray(seconds, float), len(n), axis=1)
    x = np.log(rows)
    share = (np.log(n) - x[right - 1]) / (x[right] - x[right - 1])
    return np.asarray(np.exp(logs[:, right - 1] * (1 - share) + logs[:, right] * share))


def crossover(rows: Floats, contender: Floats, baseline: Floats) -> Crossover:
    """Sizes at which two costs, of the same blocks, may be equal.

    Parameters
    ----------
    contender, baseline
        Shape ``[k, s, p]``: the parts of a cost, each on a line of its own between sizes; a
        part may cost nothing at any size.

    Notes
    -----
    The set inverts the paired t test of the arithmetic means at every size between the
    smallest and the largest measured, as Fieller's does for a ratio (Fieller 1954, JRSS B 16,
    175): it holds the true crossing with probability 95 % if each part is a straight line in
    logarithms between the sizes measured, and it may be empty.
    """
    n = np.geomspace(rows[0], rows[-1], POINTS)
    n[0], n[-1] = rows[0], rows[-1]
    gap = _cost(rows, contender, n) - _cost(rows, baseline, n)
    fit = paired(gap.T)
    low, high = interval(fit)
    equal = _widened((low <= 0) & (high >= 0), fit.estimate)
    runs = _runs(equal)
    sets = tuple((float(n[i]), float(n[j])) for i, j in runs if equal[i])
    signs = tuple(int(np.sign(fit.estimate[i])) for i, _ in runs if not equal[i])
    return Crossover(float(rows[0]), float(rows[-1]), sets, _zeros(n, fit.estimate), signs)


def _cost(rows: Floats, seconds: Floats, n: Floats) -> Floats:
    parts = [part for part in np.moveaxis(seconds, -1, 0) if part.any()]  # 0 has no logarithm
    return np.asarray(sum(between(rows, part, n) for part in parts))


def _widened(equal: Bools, gap: Floats) -> Bools:
    """The set with a size looked at more on each side, and every change of sign in it.

    So it holds what lies between the sizes looked at.
    """
    wide = equal.copy()
    wide[1:] |= equal[:-1]
    wide[:-1] |= equal[1:]
    turns = np.sign(gap[:-1]) * np.sign(gap[1:]) < 0
    wide[1:] |= turns
    wide[:-1] |= turns
    return wide


def _runs(equal: Bools) -> list[tuple[int, int]]:
    """First and last index of each stretch of one value."""
    cuts = np.flatnonzero(np.diff(equal.astype(int)))
    return list(zip([0, *(cuts + 1)], [*cuts, len(equal) - 1], strict=True))


def _zeros(n: Floats, gap: Floats) -> tuple[float, ...]:
    """Where the gap changes sign, on a straight line between neighbours."""
    at = np.flatnonzero((np.sign(gap[:-1]) != np.sign(gap[1:])) & (gap[:-1] != 0))
    share = gap[at] / (gap[at] - gap[at + 1])
    return tuple(float(v) for v in n[at] * (n[at + 1] / n[at]) ** share)
