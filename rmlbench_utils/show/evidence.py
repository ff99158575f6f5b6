"""Tables about the measuring itself: one-sided limits, harness cost, quietness."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.limits import upper_limits
from rmlbench_utils.show.agreement import barred, comparable
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.provenance import day, machine
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.tables import Table, cut
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import known, listed, short


def limits(views: list[View], contender: str) -> Table | Note:
    """Upper one-sided 95 % limits of a contender's fit ratio, of all these recordings.

    ``allowed`` is 1 + the case's margin. Where no ratio may be shown the last column says why.
    """
    found = [table for table in (_limits(view, contender) for view in views) if len(table)]
    if not found:
        names = listed(view.name for view in views)
        return Note(f"Recording {names} holds nothing of {contender} to compare.")
    return Table(pd.concat(found, ignore_index=True), f"limits of {contender}")


def _limits(view: View, contender: str) -> pd.DataFrame:
    rows = view.primary[view.primary["contender"] == contender]
    barred_ones = {
        (row["case"], row["tier"]): barred(view, row)
        for _, row in rows.iterrows()
        if not comparable(row)
    }
    found = upper_limits(view.manifest, view.records, contender)
    found = where(found, (not view.cases[case].served for case in found["case"]))
    return pd.DataFrame(
        _limit(view, one, barred_ones.get((one["case"], one["tier"])))
        for _, one in found.iterrows()
    )


def _limit(view: View, one: pd.Series, why: str | None) -> dict[str, str | int]:
    """The cells of one case and tier; ``why`` it may not be shown, if so."""
    allowed = 1 + view.cases[one["case"]].margin
    why = why or (None if known(one["upper"]) else "too few blocks")
    held = f"cannot tell: {why}" if why else "yes" if one["upper"] <= allowed else "no"
    return {
        "case": short(one["case"]),
        "tier": one["tier"],
        "ratio": "" if why else cut(one["ratio"], 3),
        "at most (95 %)": "" if why else cut(one["upper"], 3),
        "allowed": cut(allowed, 3),
        "at most allowed": held,
        "blocks": int(one["blocks"]),
        "recording": view.name,
        "machine and day": f"{machine(view)}, {day(view)}",
    }


def harness(view: View) -> Table | Note:
    """What the harness costs a run and how quiet the machine was: median and extremes."""
    runs = [record for record in view.records if record.role == "run"]
    series = {
        "harness cost, ms": [r.overhead_ns / 1e6 for r in runs if r.overhead_ns is not None],
        "reference probe, ms": [r.probe_ns / 1e6 for r in runs if r.probe_ns is not None],
        "steal, %": [100 * r.steal for r in runs if r.steal is not None],
        "foreign processor time, %": [100 * r.foreign for r in runs if r.foreign is not None],
    }
    known_ones = {name: np.asarray(values) for name, values in series.items() if values}
    if not known_ones:
        return Note(f"Recording {view.name} holds no run.")
    rows = [
        {
            "what": name,
            "median": cut(float(np.median(values)), 3),
            "mean": cut(float(values.mean()), 3),
            "largest": cut(float(values.max()), 3),
            "runs": len(values),
        }
        for name, values in known_ones.items()
    ]
    return Table(pd.DataFrame(rows), "harness")
