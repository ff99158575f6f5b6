"""Mean times of phases, read from the records of runs that ended well."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from rmlbench_utils.judge.pairs import standing
from rmlbench_utils.judge.samples import steady_mean
from rmlbench_utils.judge.statistics import interval, paired
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.agreement import barred, comparable
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import known

PHASES = ("startup", "load", "convert", "fit", "predict")
PARTS = {"loader": "interpreter or loader", "libraries": "libraries", "rest": "rest"}


def phase_seconds(record: RunRecord) -> dict[str, float]:
    """Seconds of each phase of a run: one call of sampled phases, the whole of the others."""
    found = {}
    for phase in PHASES:
        if phase in record.samples:
            found[phase] = steady_mean(record.samples[phase]) / 1e9
        elif phase in record.phases:
            found[phase] = record.phases[phase].wall_ns / 1e9
    return found


def good(view: View, case: str | None = None) -> Iterable[RunRecord]:
    """Runs with status ok, of one case if given."""
    return (
        record
        for record in view.records
        if record.role == "run" and record.status == "ok" and case in (None, record.case)
    )


def at_tier(records: list[RunRecord], tier: str) -> list[RunRecord]:
    """The runs that stand for a tier (`standing`)."""
    tiers: dict[str, set[str]] = {}
    for one in records:
        tiers.setdefault(one.contender, set()).add(one.tier)
    return [one for one in records if one.tier == standing(tiers[one.contender], tier)]


def run_phases(view: View, case: str, tier: str) -> pd.DataFrame:
    """Seconds of each phase: one row a run, the baseline's first; its contender is the index."""
    order = list(dict.fromkeys([view.cases[case].baseline, *view.cases[case].contenders]))
    runs = at_tier(list(good(view, case)), tier)
    runs = sorted((run for run in runs if run.contender in order), key=_place(order))
    return _frame([(run.contender, phase_seconds(run)) for run in runs], list(PHASES))


def run_startups(view: View, tier: str) -> pd.DataFrame:
    """Seconds of the parts of start-up: one row a run, its contender is the index."""
    rows = [
        (run.contender, {PARTS[part]: ns / 1e9 for part, ns in run.startup.items()})
        for run in at_tier(list(good(view)), tier)
        if run.startup and run.case in view.cases  # not the null case's
    ]
    return _frame(rows, list(PARTS.values()))


def means(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean seconds of each part: one row a contender, in the order they are first met."""
    return runs.groupby(level=0, sort=False).mean()


def totals(runs: pd.DataFrame) -> pd.DataFrame:
    """Mean seconds of all parts together: ``mean``, ``low``, ``high``, one row a contender.

    The ends are those of the 95 % Student t interval over runs; NaN where one run is all.
    """
    found = {}
    for contender, sums in runs.sum(axis=1).groupby(level=0, sort=False):
        found[contender] = (float(sums.mean()), *t_interval(sums.to_numpy()))
    return pd.DataFrame.from_dict(found, orient="index", columns=["mean", "low", "high"])


def t_interval(values: np.ndarray) -> tuple[float, float]:
    """Ends of the 95 % Student t interval of a mean; NaN for fewer than two values."""
    low, high = interval(paired(values))
    return float(low), float(high)


def mean_phases(view: View, case: str, tier: str) -> pd.DataFrame:
    """Mean seconds: one row a contender (baseline first), one column a phase."""
    return means(run_phases(view, case, tier))


def _place(order: list[str]) -> Callable[[RunRecord], int]:
    return lambda run: order.index(run.contender)


def _frame(rows: list[tuple[str, dict[str, float]]], columns: list[str]) -> pd.DataFrame:
    """A row each, and of the columns those that any row has."""
    table = pd.DataFrame([values for _, values in rows], index=[name for name, _ in rows])
    return table[[name for name in columns if name in table]]


def shown(view: View, case: str, tier: str) -> set[str]:
    """Contenders whose times may be shown for this case: the baseline, and who has parity."""
    rows = view.judged
    rows = rows[(rows["case"] == case) & (rows["tier"] == tier)]
    passed = {row["contender"] for _, row in rows.iterrows() if comparable(row)}
    return {view.cases[case].baseline, *passed} if passed else set()


def left_out(view: View, case: str, tier: str) -> dict[str, str]:
    """Contenders of this case and tier whose times may not be shown → why, in few words."""
    rows = view.judged
    rows = rows[(rows["case"] == case) & (rows["tier"] == tier)]
    return {
        row["contender"]: barred(view, row) for _, row in rows.iterrows() if not comparable(row)
    }


def picks(view: View) -> list[str]:
    """One case an algorithm: the one its baseline takes longest for, on fewest threads.

    Cases with huge pages, as all others are measured, come before one without.

    Headline cases come first; the choice looks at the baseline alone.
    """
    chosen: dict[str, tuple[tuple[bool, bool, int, float], str]] = {}
    for _, row in view.primary.iterrows():
        case = view.cases[row["case"]]
        if row["tier"] != "shipped" and case.name in {name for _, name in chosen.values()}:
            continue
        taken = row["baseline_value"]
        longest = float(taken) if known(taken) else 0.0
        key = (bool(row["headline"]), case.huge_pages, -case.threads, longest)
        if case.algorithm not in chosen or key > chosen[case.algorithm][0]:
            chosen[case.algorithm] = (key, case.name)
    return [name for _, name in chosen.values()]
