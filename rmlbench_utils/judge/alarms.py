"""How often a report of trends raises a false alarm, by simulation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.failures import clopper_pearson
from rmlbench_utils.judge.trends import changes

ALPHA = 0.05
SPREAD = 0.03  # of a log ratio between recordings


def simulate(reports: int = 100, series: int = 10, seed: int = 20261123) -> pd.DataFrame:
    """Reports over recordings in which nothing changes, and in which one series does.

    ``independent``: each recording for itself; ``shared``: half of the variance is common to
    all series of a recording; ``dependent``: a recording resembles the one before it, with a
    correlation of .3, which random orders do not know of.

    Returns
    -------
    DataFrame
        ``recordings, noise, reports, alarms`` (share of reports with a false alarm) with its
        Clopper-Pearson limits ``low, high``, and ``found``: the share of reports in which a
        step of four spreads in one series was found.
    """
    random = np.random.default_rng(seed)
    rows = []
    for recordings in (8, 16):
        for noise in ("independent", "shared", "dependent"):
            false = found = 0
            for number in range(reports):
                made = _report(random, recordings, series, noise)
                false += _alarm(made, number)
                made.iloc[recordings // 2 :, 0] += 4 * SPREAD
                p = changes(made, number)["0"].p
                found += p is not None and p < ALPHA
            low, high = clopper_pearson(false, reports)
            rows.append((recordings, noise, reports, false / reports, low, high, found / reports))
    columns = ["recordings", "noise", "reports", "alarms", "low", "high", "found"]
    return pd.DataFrame(rows, columns=columns)


def _alarm(made: pd.DataFrame, seed: int) -> bool:
    return any(one.p is not None and one.p < ALPHA for one in changes(made, seed).values())


def _report(random: np.random.Generator, recordings: int, series: int, noise: str) -> pd.DataFrame:
    drawn = random.standard_normal((recordings + 20, series))
    if noise == "shared":
        drawn = np.sqrt(0.5) * (drawn + random.standard_normal((recordings + 20, 1)))
    if noise == "dependent":
        for k in range(1, len(drawn)):
            drawn[k] = 0.3 * drawn[k - 1] + np.sqrt(1 - 0.09) * drawn[k]
    made = pd.DataFrame(SPREAD * drawn[20:])
    made.columns = [str(k) for k in range(series)]
    return made
