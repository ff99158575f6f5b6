"""How times of one program vary in a calibration: by call, by run, by block and by build."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from rmlbench_utils.judge.planning import levels
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.record import RunRecord

KINDS = {"same": "Rust, 2 ms", "python": "scikit-learn"}
LAGS = (1, 2, 5)
Logs = dict[str, dict[str, dict[int, Floats]]]  # case → contender → block → log times of calls


def calls(records: Iterable[RunRecord], kind: str, warm: bool = False) -> Logs:
    """Log times of the calls of every good run of a kind, the warm-up left out unless asked."""
    found: Logs = defaultdict(lambda: defaultdict(dict))
    for record in records:
        if record.role != "run" or record.status != "ok":
            continue
        if record.contender.partition("-")[0] == kind:
            samples = record.samples["fit"]
            times = np.log(np.asarray(samples.ns[0 if warm else samples.warmup :], float))
            found[record.case][record.contender][record.block] = times
    return found


def warmup(records: Iterable[RunRecord]) -> pd.DataFrame:
    """Time of each call relative to the second half of its run.

    Returns
    -------
    DataFrame
        ``kind, call, ratio, low, high``: geometric mean over runs with its 95 % t interval.
    """
    kept, rows = list(records), []
    for kind, name in KINDS.items():
        runs = _runs(calls(kept, kind, warm=True))
        if len(runs) < 2:
            continue
        shortest = min(map(len, runs))
        gaps = np.stack([run[:shortest] - run[shortest // 2 :].mean() for run in runs])
        width = stats.t.isf(0.025, len(gaps) - 1) * stats.sem(gaps, axis=0)
        for call, (mean, half) in enumerate(zip(gaps.mean(axis=0), width, strict=True), start=1):
            ends = [float(np.exp(value)) for value in (mean, mean - half, mean + half)]
            rows.append((name, call, *ends))
    return pd.DataFrame(rows, columns=["kind", "call", "ratio", "low", "high"])


def correlations(records: Iterable[RunRecord]) -> pd.DataFrame:
    """Correlation between calls of a run, between blocks, and between names inside a block.

    Returns
    -------
    DataFrame
        ``kind, between, correlation, low, high``: mean over sets with its 95 % t interval.
    """
    kept, rows = list(records), []
    for kind, name in KINDS.items():
        sets = calls(kept, kind)
        means = {case: _means(names) for case, names in sets.items()}
        for lag in LAGS:
            by_set = [
                _mean(_lagged(run, lag) for run in _runs({case: names}))
                for case, names in sets.items()
            ]
            rows.append((name, f"calls {lag} apart in a run", *_interval(by_set)))
        after = [_mean(_lagged(column, 1) for column in table.T) for table in means.values()]
        rows.append((name, "runs of a name in blocks that follow", *_interval(after)))
        inside = [_intraclass(table) for table in means.values()]
        rows.append((name, "names inside a block", *_interval(inside)))
    made = pd.DataFrame(rows, columns=["kind", "between", "correlation", "low", "high"])
    return made.dropna().reset_index(drop=True)


def spreads(records: Iterable[RunRecord]) -> pd.DataFrame:
    """Standard deviation of log times between builds, between runs and between calls of a run.

    Returns
    -------
    DataFrame
        ``kind, level, sd, low, high``: mean over sets with its 95 % t interval; of builds, of
        which there are few, the limits of a variance.
    """
    kept, rows = list(records), []
    by_set: dict[tuple[str, str], dict[str, list[RunRecord]]] = defaultdict(dict)
    for record in kept:
        kind = record.contender.partition("-")[0]
        if record.role == "run" and kind in KINDS:
            by_set[kind, record.case].setdefault(record.contender, []).append(record)
    for kind, name in KINDS.items():
        sets = [names for (of, _), names in by_set.items() if of == kind]
        found = [[each for runs in names.values() if (each := levels(runs))] for names in sets]
        between = [_mean(each.process for each in names) for names in found]
        inside = [_mean(each.iteration for each in names) for names in found]
        rows.append((name, "runs", *_interval(between)))
        rows.append((name, "calls of a run", *_interval(inside)))
    tables = [_means(names) for names in calls(kept, "build").values()]
    rows.append((KINDS["same"], "builds", *_between_builds(tables)))
    made = pd.DataFrame(rows, columns=["kind", "level", "sd", "low", "high"])
    return made.dropna().reset_index(drop=True)


def _runs(sets: Logs) -> list[Floats]:
    return [run for names in sets.values() for blocks in names.values() for run in blocks.values()]


def _means(names: dict[str, dict[int, Floats]]) -> Floats:
    """Mean log time of each run, ``[blocks, names]``, blocks that all names have."""
    whole = sorted(set.intersection(*(set(blocks) for blocks in names.values())))
    return np.array([[blocks[k].mean() for blocks in names.values()] for k in whole])


def _lagged(series: Floats, lag: int) -> float:
    """Autocorrelation, with the 1/n by which a series about its own mean falls short."""
    if len(series) < lag + 4 or np.ptp(series) == 0:
        return math.nan
    off = series - series.mean()
    return float((off[lag:] * off[:-lag]).sum() / (off**2).sum()) + 1 / len(series)


def _intraclass(table: Floats) -> float:
    """Share of variance that a block's names have in common: ICC(1), Shrout and Fleiss 1979."""
    blocks, names = table.shape
    if blocks < 3 or names < 2:
        return math.nan
    between = names * table.mean(axis=1).var(ddof=1)
    within = table.var(axis=1, ddof=1).mean()
    return float((between - within) / (between + (names - 1) * within))


def _between_builds(tables: list[Floats]) -> tuple[float, float, float]:
    """Standard deviation between builds beyond what runs explain, with 95 % limits.

    All sets hold the same builds, so their means over all blocks are the sample; the limits
    are those of a variance of so many normal values.
    """
    usable = [table for table in tables if len(table) >= 3]
    if not usable:
        return math.nan, math.nan, math.nan
    rest = np.concatenate([table - table.mean(axis=1, keepdims=True) for table in usable])
    blocks, builds = rest.shape
    means = rest.mean(axis=0)
    noise = ((rest - means) ** 2).sum() / ((blocks - 1) * (builds - 1)) / blocks
    seen, freedom = float(means.var(ddof=1)), builds - 1
    ends = [freedom * seen / float(stats.chi2.ppf(share, freedom)) for share in (0.975, 0.025)]
    sd, low, high = (math.sqrt(max(value - float(noise), 0.0)) for value in (seen, *ends))
    return sd, low, high


def _mean(values: Iterable[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return float(np.mean(known)) if known else math.nan


def _interval(values: Iterable[float]) -> tuple[float, float, float]:
    known = np.array([value for value in values if math.isfinite(value)])
    if len(known) < 2:
        return math.nan, math.nan, math.nan
    mean, half = float(known.mean()), float(stats.t.isf(0.025, len(known) - 1) * stats.sem(known))
    return mean, mean - half, mean + half
