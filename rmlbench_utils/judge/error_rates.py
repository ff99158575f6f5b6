"""Error rates of the judge from a calibration's comparisons, with what is sure of them.

Pairs of one set share runs, so a limit over all pairs as if they were independent
(Clopper-Pearson) stands beside one over whole sets.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rmlbench_utils.judge.calibration import LATE
from rmlbench_utils.judge.failures import clopper_pearson
from rmlbench_utils.protocol.record import RunRecord

DRAWS, MANY = 4000, 30  # draws of whole sets, and how many sets can be drawn from
ENDS = ("rate", "low", "high")
GIVEN = (1.0, 1.05)  # true ratios that other tools are given too


def rates(table: pd.DataFrame, alpha: float = 0.05) -> dict[str, Any]:
    """The fields of ``rmlbench calibrate --json`` that stand on comparisons.

    Parameters
    ----------
    table
        Of `rmlbench_utils.judge.calibration.comparisons`.
    """
    identical = table[table["experiment"] == "identical"]
    effects = table[table["experiment"] == "effect"]
    wrong = null(identical, alpha)
    held = (effects["low"] <= effects["truth"]) & (effects["truth"] <= effects["high"])
    coverage, low, high = share(held, effects["set"])
    return {
        "comparisons": wrong["comparisons"],
        "false_positives": wrong["false_positives"],
        "false_positive_rate": wrong["rate"],
        "false_positive_high": wrong["high"],
        "false_positive_high_sets": wrong["high_sets"],
        "family_wise_rate": wrong["family_wise_rate"],
        "family_wise_high": wrong["family_wise_high"],
        "coverage": coverage,
        "coverage_low": low,
        "coverage_high": high,
        "intervals": len(effects),
        "power": {f"{k:.2f}": power(part, k) for k, part in _by_effect(effects)},
        "curve": [curve(part, k) for k, part in _by_effect(pd.concat([identical, effects]))],
        "nulls": {
            str(name): null(part, alpha)
            for name, part in table.groupby("experiment", sort=False)
            if name != "effect"
        },
        "position": position(table[table["experiment"] == "position"]),
    }


def null(table: pd.DataFrame, alpha: float = 0.05) -> dict[str, Any]:
    """How often pairs of which nothing is different were called different.

    ``rate`` is the share of pairs whose interval does not hold the truth, ``verdicts`` counts
    the pairs whose verdict is ``faster`` or ``slower`` (a difference within the margin is
    ``equivalent``), and the family-wise rate is the share of sets with any pair left after
    Holm.
    """
    count = len(table)
    if not count:
        return {"comparisons": 0, "sets": 0, "false_positives": 0, "verdicts": 0} | dict.fromkeys(
            ("rate", "high", "low_sets", "high_sets", "family_wise_rate", "family_wise_high")
        )
    called = ~((table["low"] <= table["truth"]) & (table["truth"] <= table["high"]))
    _, low, high = share(called, table["set"])
    families = (table["p_holm"] < alpha).groupby(table["set"]).any()
    return {
        "comparisons": count,
        "sets": len(families),
        "false_positives": int(called.sum()),
        "verdicts": int(table["verdict"].isin(("faster", "slower")).sum()),
        "rate": float(called.mean()),
        "high": clopper_pearson(int(called.sum()), count)[1],
        "low_sets": low,
        "high_sets": high,
        "family_wise_rate": float(families.mean()),
        "family_wise_high": clopper_pearson(int(families.sum()), len(families))[1],
    }


def position(table: pd.DataFrame) -> dict[str, float] | None:
    """A position effect put in by counting: what was found of it, and what the covariate does.

    ``found`` is the ratio of the later place to the earlier (its direction is not known to
    us), ``called`` the share of pairs called different with the covariate and ``called_plain``
    without, and ``narrower`` the ratio of the two intervals' widths.
    """
    if not len(table):
        return None
    plain = ~((table["low_plain"] <= 1) & (table["high_plain"] >= 1))
    width = np.log(table["high"] / table["low"])
    return {
        "truth": LATE / 100,
        "found": float(np.exp(np.abs(table["slope"])).mean()),
        "found_low": float(np.exp(np.abs(table["slope"])).min()),
        "found_high": float(np.exp(np.abs(table["slope"])).max()),
        "called": float((table["p"] < 0.05).mean()),
        "called_plain": float(plain.mean()),
        "narrower": float((width / np.log(table["high_plain"] / table["low_plain"])).mean()),
    }


def power(table: pd.DataFrame, effect: float) -> dict[str, float | str | int | None]:
    """How often the right verdict was given on an effect: ``slower`` from the margin on.

    The margin of a case is 5 %, so for a smaller effect the right verdict is ``equivalent``.
    """
    right = "slower" if effect >= 0.05 else "equivalent"
    rate, low, high = share(table["verdict"] == right, table["set"])
    return {"right": right, "rate": rate, "low": low, "high": high, "comparisons": len(table)}


def curve(table: pd.DataFrame, effect: float) -> dict[str, Any]:
    """Shares of each verdict, and of intervals that hold the truth, at one true effect."""
    held = (table["low"] <= table["truth"]) & (table["truth"] <= table["high"])
    row: dict[str, Any] = {"effect": effect, "comparisons": len(table)}
    for word in ("faster", "slower", "equivalent", "inconclusive"):
        row[word] = dict(zip(ENDS, share(table["verdict"] == word, table["set"]), strict=True))
    row["held"] = dict(zip(ENDS, share(held, table["set"]), strict=True))
    return row


def share(
    hits: pd.Series[Any], sets: pd.Series[Any], alpha: float = 0.05
) -> tuple[float | None, float | None, float | None]:
    """A share with its 95 % limits, where what is of one set is not independent.

    From drawing whole sets with replacement if there are many. Few sets, or sets that all
    agree, cannot be drawn from: then Clopper and Pearson's limits for the effective number of
    trials, which gives a share of independent trials the variance between sets, or is the
    number of sets (Korn and Graubard 1998, Surv. Methodol. 24, 193).
    """
    if not len(hits):
        return None, None, None
    grouped = hits.groupby(sets)
    hit, size = (grouped.agg(how).to_numpy(float) for how in ("sum", "size"))
    n, k = float(size.sum()), len(size)
    rate = float(hit.sum() / n)
    agree = k < 2 or float(np.ptp(hit / size)) == 0
    if k >= MANY and not agree:
        rows = np.random.default_rng(0).integers(0, k, size=(DRAWS, k))
        drawn = hit[rows].sum(axis=1) / size[rows].sum(axis=1)
        low, high = np.quantile(drawn, [alpha / 2, 1 - alpha / 2])
        return rate, float(low), float(high)
    trials = float(k)
    if not agree:
        variance = k / (k - 1) * float(((hit - rate * size) ** 2).sum()) / n**2
        few = float(stats.t.ppf(alpha / 2, n - 1) / stats.t.ppf(alpha / 2, k - 1))
        trials = min(n, rate * (1 - rate) / variance * few**2)
    x = rate * trials
    low = float(stats.beta.ppf(alpha / 2, x, trials - x + 1)) if x > 0 else 0.0
    high = float(stats.beta.ppf(1 - alpha / 2, x + 1, trials - x)) if x < trials else 1.0
    return rate, low, high


def seconds_a_pair(records: list[RunRecord]) -> float:
    """What two of the many names of a set cost, all their blocks together, in seconds."""
    runs = [r for r in records if r.role == "run" and r.contender.startswith(("same-", "plus-"))]
    spent = sum(p.harness_ns for r in runs for p in r.phases.values())
    spent += sum(r.overhead_ns or 0 for r in runs)
    return 2 * spent / 1e9 / len({(r.case, r.contender) for r in runs})


def own(table: pd.DataFrame, seconds: float) -> list[dict[str, Any]]:
    """What we call different of the pairs that the other tools were given too.

    By the verdict, to which a difference within the margin is none; and by the interval alone,
    as a tool without a margin would.
    """
    judged = table[table["experiment"].isin(("identical", "effect")) & table["truth"].isin(GIVEN)]
    called = {
        "rmlbench": judged["verdict"].isin(("faster", "slower")),
        "rmlbench, interval": ~((judged["low"] <= 1) & (judged["high"] >= 1)),
    }
    return [
        {
            "tool": tool,
            "truth": row.truth,
            "ratio": row.ratio,
            "different": bool(different),
            "set": row.set,
            "seconds": seconds,
        }
        for tool, each in called.items()
        for row, different in zip(judged.itertuples(), each, strict=True)
    ]


def tools(table: pd.DataFrame) -> list[dict[str, Any]]:
    """How often each tool called a pair different, a row a tool and true ratio.

    A program with more work counts only if it was called slower.

    Parameters
    ----------
    table
        ``tool, truth, ratio, different, seconds``, a row a pair, and ``set`` where pairs share
        runs; NaN where they do not.
    """
    alone = pd.Series([f"pair {k}" for k in range(len(table))], index=table.index)
    sets = table["set"].fillna(alone) if "set" in table else alone
    called = table["different"] & ((table["truth"] == 1) | (table["ratio"] > 1))
    rows = []
    for (tool, truth), part in table.groupby(["tool", "truth"], sort=False):
        rate, low, high = share(called[part.index], sets[part.index])
        rows.append(
            {
                "tool": tool,
                "truth": float(str(truth)),
                "comparisons": len(part),
                "different": int(called[part.index].sum()),
                "rate": rate,
                "low": low,
                "high": high,
                "seconds": float(part["seconds"].mean()),
            }
        )
    return rows


def _by_effect(effects: pd.DataFrame) -> list[tuple[float, pd.DataFrame]]:
    return [(round(float(str(k)) - 1, 6), part) for k, part in effects.groupby("truth")]
