"""Verdict tables of several recordings side by side: combined on one machine, or compared."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from rmlbench_utils.judge.multiplicity import adjusted

ROW = ["case", "contender", "baseline", "tier", "phase", "metric"]
SAME = ["case", "contender", "baseline", "phase", "metric"]  # what one pair has in all tiers
ROUNDING = 1e-9
OLD_NEW = ("_old", "_new")
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
COMPARED = [
    *ROW,
    "ratio_old",
    "low_old",
    "high_old",
    "ratio",
    "low",
    "high",
    "change",
    "agrees",
    "reason",
]


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
    rows = standard_errors(pd.concat(tables, ignore_index=True))
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


def compare(
    old: pd.DataFrame, new: pd.DataFrame, margin: float = 0.05, alpha: float = 0.05
) -> pd.DataFrame:
    """Hold a reproduction against its original, row by row.

    ``change`` is the ratio of the new ratio to the old. A row ``agrees`` where Welch's test of
    the change, adjusted over all rows by Holm, does not reject, or the change is within the
    margin; it ``differs`` elsewhere, also where the new recording has no ratio any more, and
    is of an ``other machine class`` where the machines differ.

    Returns
    -------
    DataFrame
        ``COMPARED``, a row for each primary row with a ratio in the original.
    """
    again = new[new["family"] == "primary"][[*ROW, "verdict", "machine", "reason"]]
    both = standard_errors(old).merge(standard_errors(new), on=ROW, how="left", suffixes=OLD_NEW)
    both = both.drop(columns=["machine_new", "reason_new"]).merge(
        again.rename(columns={"machine": "machine_new", "reason": "reason_new"}), on=ROW, how="left"
    )
    p = changed_p(both, *OLD_NEW)
    rejected = adjusted(p.fillna(1.0).to_numpy(), "holm") < alpha
    change = pd.Series(np.log(both["ratio_new"] / both["ratio_old"]), both.index)
    near = (~rejected & change.notna()) | (np.abs(change) <= np.log1p(margin))
    same = both["machine_old"] == both["machine_new"].fillna(both["machine_old"])
    both["change"] = np.exp(change)
    both["agrees"] = np.where(same, np.where(near, "agrees", "differs"), "other machine class")
    both["reason"] = both["reason_new"].where(both["ratio_new"].isna(), "")
    named = {
        "ci_low_old": "low_old",
        "ci_high_old": "high_old",
        "ratio_new": "ratio",
        "ci_low_new": "low",
        "ci_high_new": "high",
    }
    return both.rename(columns=named)[COMPARED]


def changed_p(both: pd.DataFrame, one: str, other: str) -> pd.Series[float]:
    """p of "the two ratios of a row are equal": Welch's t test of two log ratios.

    ``one`` and ``other`` are the endings of the columns ``ratio``, ``error`` and ``freedom``.
    """
    gap = np.log(both[f"ratio{other}"] / both[f"ratio{one}"])
    first, second = both[f"error{one}"] ** 2, both[f"error{other}"] ** 2
    rest = first**2 / both[f"freedom{one}"] + second**2 / both[f"freedom{other}"]
    freedom = (first + second) ** 2 / rest
    return pd.Series(2 * stats.t.sf(np.abs(gap) / np.sqrt(first + second), freedom), both.index)


def standard_errors(table: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
    """Primary rows with a ratio, once a pair: ``error`` of its logarithm, and ``freedom``.

    A pair that stands for both tiers is one row. ``alpha`` is that of the table's intervals;
    a row whose interval has no width has an error of rounding.
    """
    rows = table[(table["family"] == "primary") & (table["ci_low"] > 0)].copy()
    rows = rows.drop_duplicates(["recording", "machine", *SAME, "ratio", "ci_low", "ci_high"])
    rows["freedom"] = np.maximum(rows["n_runs"] - 2, 1)
    width = np.log(rows["ci_high"] / rows["ci_low"]) / 2
    rows["error"] = np.maximum(width / stats.t.isf(alpha / 2, rows["freedom"]), ROUNDING)
    return rows


def flips(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Primary rows of two recordings of one plan whose verdicts differ, and how many there are.

    Returns
    -------
    DataFrame
        ``ROW``, ``verdict_old``, ``verdict_new``, ``flipped``: a row for each primary row in both.
    """
    rows = [_once(table) for table in (old, new)]
    both = rows[0].merge(rows[1], on=ROW, suffixes=("_old", "_new"))
    both["flipped"] = both["verdict_old"] != both["verdict_new"]
    return both[[*ROW, "verdict_old", "verdict_new", "flipped"]]


def _once(table: pd.DataFrame) -> pd.DataFrame:
    """Primary rows, a pair that stands for both tiers once."""
    rows = table[table["family"] == "primary"]
    told = [*SAME, "ratio", "ci_low", "ci_high", "verdict", "reason"]
    return rows.drop_duplicates(told)
