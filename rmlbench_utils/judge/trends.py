"""Has a series of log ratios changed? At most a stated share of reports raises a false alarm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rmlbench_utils.judge.statistics import Floats

SHORTEST = 8  # recordings; below it a series is shown and not judged
BLOCKED = 24  # recordings from which on orders are those of blocks
BEFORE = 3  # values a level needs before its change
DRAWS, DRAWS_A_SERIES = 1999, 100  # at least, so that the smallest p of many can be small


class Change(NamedTuple):
    """Where a series changes most, by how much (log ratio), and how surely.

    ``at`` is the row from which the later level holds. ``p`` is adjusted over all series of
    the report, None for a series too short to judge.
    """

    at: int
    change: float
    p: float | None


def changes(series: pd.DataFrame, seed: int = 0) -> dict[str, Change]:
    """Scan every series of a report for one change of level.

    Parameters
    ----------
    series
        Log ratios to the baseline: a row a recording, oldest first, a column a series, NaN
        where a recording lacks it.

    Notes
    -----
    The statistic of a series is the largest two-sample t over all places of a change. Without
    a change recordings could have come in any order, so its distribution is that over random
    orders of blocks of recordings, of all series alike (Kirch 2007, block permutation for change
    points; few recordings in blocks have too few orders, so below 24 a block is one). A series'
    p is its rank, and ``p`` the share of orders in which the smallest p of any series is as small
    (minP: Westfall and Young 1993): an alarm at ``p < .05`` is false in at most 5 % of reports
    if recordings depend on each other within blocks only. The later level may be a single
    recording.
    """
    judged = [name for name in series if series[name].notna().sum() >= SHORTEST]
    found = {str(name): Change(len(series), 0.0, None) for name in series}
    if not judged:
        return found
    count = max(DRAWS, DRAWS_A_SERIES * len(judged))
    orders = _orders(len(series), count, np.random.default_rng(seed))
    largest = np.stack([_scan(_ordered(series[name], orders))[0] for name in judged], axis=1)
    ranks = np.stack([_shares(column) for column in largest.T], axis=1)
    smallest = ranks.min(axis=1)
    for k, name in enumerate(judged):
        values = series[name].dropna()
        at = int(_scan(values.to_numpy(float)[None])[1][0])
        change = float(values.iloc[at:].mean() - values.iloc[:at].mean())
        p = float(np.mean(smallest <= ranks[0, k] + 1e-12))
        found[str(name)] = Change(list(series.index).index(values.index[at]), change, p)
    return found


def _orders(n: int, count: int, random: np.random.Generator) -> NDArray[np.int64]:
    """The order as it is, then ``count`` random orders of blocks of rows, ``[1 + count, n]``."""
    whole = np.arange(n)
    if n < BLOCKED:
        drawn = random.permuted(np.tile(whole, (count, 1)), axis=1)
        return np.concatenate([whole[None], drawn])
    length, orders = round(n ** (1 / 3)) - 1, [whole]
    for _ in range(count):
        turned = np.roll(whole, int(random.integers(n)))
        blocks = [turned[k : k + length] for k in range(0, n, length)]
        orders.append(np.concatenate([blocks[k] for k in random.permutation(len(blocks))]))
    return np.stack(orders)


def _ordered(values: pd.Series[float], orders: NDArray[np.int64]) -> Floats:
    """The values that are there, in each order, ``[1 + count, m]``."""
    placed = values.to_numpy(float)[orders]
    there = np.argsort(np.isnan(placed), axis=1, kind="stable")
    kept = np.take_along_axis(placed, there, axis=1)[:, : int(values.notna().sum())]
    return np.asarray(kept, dtype=np.float64)


def _shares(largest: Floats) -> Floats:
    """Of each statistic: the share of all that are as large."""
    order = np.sort(largest * (1 - 1e-12))
    share = 1 - np.searchsorted(order, largest * (1 - 1e-9)) / len(largest)
    return np.asarray(share, dtype=np.float64)


def _scan(values: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Largest |t| between what is before and after a place, and that place, ``[draws, n]``."""
    n = values.shape[1]
    values = values - values.mean(axis=1, keepdims=True)
    sums, total = values.cumsum(axis=1), (values**2).sum(axis=1)
    best, at = np.full(len(values), -1.0), np.full(len(values), BEFORE, np.int64)
    for k in range(BEFORE, n):
        gap = -sums[:, k - 1] * n / (k * (n - k))  # the sums of centred values end at 0
        within = np.maximum(total - gap**2 * k * (n - k) / n, 0.0)
        error = np.sqrt(within / (n - 2) * (1 / k + 1 / (n - k)))
        t = np.abs(gap) / np.maximum(error, 1e-15)
        better = t > best
        best, at = np.where(better, t, best), np.where(better, k, at)
    return best, at
