"""The same contender in two recordings: how often is it called different from itself?"""

from __future__ import annotations

import itertools
import math
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rmlbench_utils.judge.combine import ROW, changed_p, standard_errors
from rmlbench_utils.judge.failures import clopper_pearson
from rmlbench_utils.judge.sides import MEASURES, sides
from rmlbench_utils.protocol.record import Manifest, RunRecord

FIT = next(i for i, m in enumerate(MEASURES) if (m.phase, m.metric) == ("fit", "wall"))
ALPHA = 0.05


def hours_between(one: Manifest, other: Manifest) -> float:
    """Hours from the beginning of one recording to that of the other."""
    begun = [datetime.fromisoformat(each.created) for each in (one, other)]
    return abs((begun[0] - begun[1]).total_seconds()) / 3600


def unchanged(one: Manifest, other: Manifest) -> set[str]:
    """Contenders whose worker's sources are the same in both."""
    return {name for name, digest in one.sources.items() if other.sources.get(name) == digest}


def times_apart(
    one: Manifest, runs: list[RunRecord], other: Manifest, others: list[RunRecord]
) -> dict[str, Any]:
    """Compare fit times across recordings, as who times today against yesterday does.

    Welch's t test on the logarithms of run means, a pair a case, contender and tier in both.
    """
    first, second = sides(runs), sides(others)
    known = unchanged(one, other)
    p = []
    for key in first.keys() & second.keys():
        if key[1] not in known:
            continue
        a, b = (np.log(side[key].values[:, FIT]) for side in (first, second))
        a, b = a[np.isfinite(a)], b[np.isfinite(b)]
        if len(a) >= 3 and len(b) >= 3:
            p.append(float(stats.ttest_ind(a, b, equal_var=False).pvalue))
    return _counted(p)


def ratios_apart(
    one: Manifest, table: pd.DataFrame, other: Manifest, others: pd.DataFrame
) -> dict[str, Any]:
    """Compare the ratios to the baseline across recordings, where both sides are unchanged.

    Welch's test of two log ratios with their own standard errors: if a recording had no error
    of its own, 5 % would differ. Ratios of a recording share a day and a baseline, so the
    limits are narrower than they should be.
    """
    gap, p = _ratios(one, table, other, others)
    counted = _counted(p)
    spread = float(gap.std(ddof=1)) if len(gap) > 1 else math.nan
    return {**counted, "spread": spread if math.isfinite(spread) else None}


def across(judged: list[tuple[Manifest, pd.DataFrame]]) -> dict[str, Any] | None:
    """`ratios_apart` over every two recordings of one machine; None without a comparison.

    Recordings stand in several pairs, so the limits are narrower than they should be.
    """
    p: list[float] = []
    for (one, table), (other, others) in itertools.combinations(judged, 2):
        if set(table["machine"]) == set(others["machine"]):
            p += _ratios(one, table, other, others)[1]
    found = _counted(p)
    if not p:
        return None
    return {
        "comparisons": found["comparisons"],
        "recordings": len(judged),
        "false_positives": found["called"],
        "rate": found["rate"],
        "low": found["low"],
        "high": found["high"],
    }


def _ratios(
    one: Manifest, table: pd.DataFrame, other: Manifest, others: pd.DataFrame
) -> tuple[pd.Series[float], list[float]]:
    """Gaps between the log ratios of unchanged pairs, and the p-value of each."""
    known = unchanged(one, other)
    both = standard_errors(table).merge(standard_errors(others), on=ROW, suffixes=("", "_other"))
    both = both[both["contender"].isin(known) & both["baseline"].isin(known)]
    gap = pd.Series(np.log(both["ratio_other"] / both["ratio"]), both.index)
    return gap, [float(value) for value in changed_p(both, "", "_other")]


def _counted(p: list[float]) -> dict[str, Any]:
    called = sum(value < ALPHA for value in p)
    low, high = clopper_pearson(called, len(p)) if p else (None, None)
    rate = called / len(p) if p else None
    return {"comparisons": len(p), "called": called, "rate": rate, "low": low, "high": high}
