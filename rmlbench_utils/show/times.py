"""Mean times of phases, read from the records of runs that ended well."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from rmlbench_utils.judge.samples import steady_mean
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.agreement import comparable
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import known

PHASES = ("startup", "load", "convert", "fit", "predict")


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
    """Runs of the tier; a contender with one tier counts as both."""
    has = {record.contender for record in records if record.tier == tier}
    return [one for one in records if one.tier == tier or one.contender not in has]


def mean_phases(view: View, case: str, tier: str) -> pd.DataFrame:
    """Mean seconds: one row a contender (baseline first), one column a phase."""
    order = dict.fromkeys([view.cases[case].baseline, *view.cases[case].contenders])
    rows = [
        {"contender": record.contender, **phase_seconds(record)}
        for record in at_tier(list(good(view, case)), tier)
    ]
    if not rows:
        return pd.DataFrame(columns=list(PHASES))
    table = pd.DataFrame(rows).groupby("contender").mean()
    table = table.reindex([name for name in order if name in table.index])
    return table[[phase for phase in PHASES if phase in table]]


def startup_parts(view: View, tier: str) -> pd.DataFrame:
    """Mean seconds of start-up by contender: interpreter or loader, libraries, the rest."""
    rows = [
        {"contender": record.contender, **{k: ns / 1e9 for k, ns in record.startup.items()}}
        for record in at_tier(list(good(view)), tier)
        if record.startup
    ]
    if not rows:
        return pd.DataFrame()
    table = pd.DataFrame(rows).groupby("contender").mean()
    table = table[[part for part in ("interpreter", "libraries", "rest") if part in table]]
    return table.loc[table.sum(axis=1).sort_values(ascending=False).index]


def shown(view: View, case: str, tier: str) -> set[str]:
    """Contenders whose times may be shown for this case: the baseline, and who has parity."""
    rows = view.primary
    rows = rows[(rows["case"] == case) & (rows["tier"] == tier)]
    passed = {row["contender"] for _, row in rows.iterrows() if comparable(row)}
    return {view.cases[case].baseline, *passed} if passed else set()


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
