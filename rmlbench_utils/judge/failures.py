"""Runs that failed: how many, how sure, and whom they may not favour."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rmlbench_utils.judge.pairs import paired_logs
from rmlbench_utils.judge.sides import MEASURES, Measure, Side
from rmlbench_utils.judge.statistics import interval, paired

# A run with one of these said something untrue: the side gets no verdict at all.
UNTRUE = ("clock_mismatch", "digest_mismatch", "threads_mismatch", "bad_outputs")
RARE = 0.01  # share of runs whose clock may disagree before the side is not believed


def clopper_pearson(failed: int, runs: int, alpha: float = 0.05) -> tuple[float, float]:
    """Exact interval of a share (Clopper and Pearson 1934, Biometrika 26, 404)."""
    found = stats.binomtest(failed, runs).proportion_ci(1 - alpha, method="exact")
    return float(found.low), float(found.high)


def told(side: Side | None) -> str:
    """``1 of 20 (0.1 to 24.9 %)``; without an interval where no run failed."""
    if side is None or not len(side.ok):
        return "0 of 0"
    share = f"{side.failures} of {len(side.ok)}"
    if not side.failures:
        return share
    low, high = clopper_pearson(side.failures, len(side.ok))
    return f"{share} ({100 * low:.1f} to {100 * high:.1f} %)"


def untrue(side: Side | None) -> str | None:
    """Why a side cannot be believed: the reason of its first run that told an untruth.

    A clock that disagrees in rare runs (lower Clopper-Pearson limit at most `RARE`) may be a
    machine that stopped worker or harness between a clock and a line: these runs only failed.
    """
    if side is None or not side.failures:
        return None
    clocks = sum(record.status == "clock_mismatch" for record in side.records)
    rare = clocks > 0 and clopper_pearson(clocks, len(side.records))[0] <= RARE
    for record in side.records:
        if record.status in UNTRUE and not (rare and record.status == "clock_mismatch"):
            return f"{record.status.replace('_', ' ')}: {record.reason or 'no reason given'}"
    return None


def holds_with_limit(
    contender: Side,
    baseline: Side,
    measure: Measure,
    limit_s: float,
    alpha: float,
    direction: Literal["faster", "slower"],
) -> bool:
    """True if the direction stands with every time-out counted as a call of the limit's length.

    Pairs with another failure stay out. A metric that is no time has no limit: True only if
    no run timed out.
    """
    late = [_timed_out(side) for side in (contender, baseline)]
    if measure.unit != "ns":
        return not (late[0].any() or late[1].any())
    column = MEASURES.index(measure)
    a, b = contender.values[:, column].copy(), baseline.values[:, column].copy()
    a[late[0]], b[late[1]] = limit_s * 1e9, limit_s * 1e9
    _, i, j = np.intersect1d(contender.blocks, baseline.blocks, return_indices=True)
    log_a, log_b = paired_logs(a[i], b[j])
    fit = paired(log_a - log_b, contender.positions[i] - baseline.positions[j])
    low, high = interval(fit, alpha)
    return bool(high < 0) if direction == "faster" else bool(low > 0)


def _timed_out(side: Side) -> NDArray[np.bool_]:
    return np.array([record.status == "timeout" for record in side.records], dtype=np.bool_)
