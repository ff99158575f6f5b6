"""Verdict tables of several recordings side by side: combined on one machine, or compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

ROW = ["case", "contender", "baseline", "tier", "phase", "metric"]
COMBINED = [
    "machine",
    *ROW,
    "recordings",
    "ratio",
    "ci_low",
    "ci_high",
    "between_sd",
    "i2",
    "verdicts",
]
COMPARED = [*ROW, "ratio_old", "low_old", "high_old", "ratio", "low", "high", "change", "agrees"]


class Combined(NamedTuple):
    """A mean log ratio with its interval, the sd between recordings and the share I2."""

    estimate: float
    low: float
    high: float
    between_sd: float
    i2: float


def random_effects(estimates: ArrayLike, errors: ArrayLike, alpha: float = 0.05) -> Combined:
    """Combine log ratios with the recording as level.

    Parameters
    ----------
    estimates, errors
        Log ratios and their standard errors, one a recording; at least 2.

    Notes
    -----
    Variance between recordings by Paule and Mandel (1982); interval by Hartung and Knapp
    (2001) with k - 1 degrees of freedom, never narrower than without their factor (Roever,
    Knapp and Friede 2015, BMC Med. Res. Methodol. 15, 99).
    """
    effect, error = np.asarray(estimates, float), np.asarray(errors, float)
    if len(effect) < 2:
        raise ValueError(f"recordings to combine are {len(effect)}: give at least 2")
    found = combine_effects(effect, error**2, method_re="pm", use_t=True)
    variance = max(float(found.sd_eff_w_re) ** 2, float(found.var_hksj_re))
    width = float(stats.t.isf(alpha / 2, len(effect) - 1)) * np.sqrt(variance)
    mean = float(found.mean_effect_re)
    i2 = max(0.0, 1 - (len(effect) - 1) / found.q) if found.q > 0 else 0.0
    between = float(np.sqrt(max(found.tau2, 0.0)))
    return Combined(mean, mean - width, mean + width, between, float(i2))


def combine(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Combine primary rows of recordings of one machine; machines are never pooled.

    Returns
    -------
    DataFrame
        ``COMBINED``: a row a machine and primary row that has a ratio in some recording;
        with one recording its own interval, and no variance between.
    """
    rows = _primary(pd.concat(tables, ignore_index=True))
    found = []
    for key, part in rows.groupby(["machine", *ROW], sort=False):
        logs = np.log(part["ratio"].to_numpy(float))
        if len(part) > 1:
            one = random_effects(logs, part["error"])
        else:
            low, high = np.log(part[["ci_low", "ci_high"]].to_numpy(float)[0])
            one = Combined(float(logs[0]), float(low), float(high), float("nan"), float("nan"))
        ratios = [float(np.exp(value)) for value in one[:3]]
        said = ", ".join(dict.fromkeys(part["verdict"]))
        found.append((*key, len(part), *ratios, one.between_sd, one.i2, said))
    return pd.DataFrame(found, columns=COMBINED)


def compare(old: pd.DataFrame, new: pd.DataFrame, margin: float = 0.05) -> pd.DataFrame:
    """Hold a reproduction against its original, row by row.

    ``change`` is the ratio of the new ratio to the old. ``agrees`` is ``agrees`` where the
    95 % interval of the change holds 1 or the change is within the margin, ``differs``
    elsewhere, and ``other machine class`` where the machines differ.

    Returns
    -------
    DataFrame
        ``COMPARED``, a row for each primary row with a ratio in both.
    """
    both = _primary(old).merge(_primary(new), on=ROW, suffixes=("_old", "_new"))
    change = np.log(both["ratio_new"] / both["ratio_old"])
    width = stats.norm.isf(0.025) * np.hypot(both["error_old"], both["error_new"])
    near = (np.abs(change) <= width) | (np.abs(change) <= np.log1p(margin))
    agrees = np.where(near, "agrees", "differs")
    same = both["machine_old"] == both["machine_new"]
    both["change"] = np.exp(change)
    both["agrees"] = np.where(same, agrees, "other machine class")
    named = {
        "ci_low_old": "low_old",
        "ci_high_old": "high_old",
        "ratio_new": "ratio",
        "ci_low_new": "low",
        "ci_high_new": "high",
    }
    return both.rename(columns=named)[COMPARED]


def _primary(table: pd.DataFrame) -> pd.DataFrame:
    """Primary rows with a ratio and an interval, and their standard error in logarithms."""
    rows = table[(table["family"] == "primary") & table["ci_low"].notna()].copy()
    rows = rows[rows["ci_low"] > 0]
    quantile = stats.t.isf(0.025, np.maximum(rows["n_blocks"] - 2, 1))
    rows["error"] = np.log(rows["ci_high"] / rows["ci_low"]) / 2 / quantile
    return rows
