"""Tables about the measuring itself: one-sided limits, harness cost, quietness."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.limits import upper_limits
from rmlbench_utils.show.agreement import comparable
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table, cut
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import short


def limits(view: View, contender: str) -> Table | Note:
    """Upper one-sided 95 % limit of a contender's fit ratio, where the answer is the same."""
    found = upper_limits(view.manifest, view.records, contender)
    rows = view.primary[view.primary["contender"] == contender]
    same = {(row["case"], row["tier"]) for _, row in rows.iterrows() if comparable(row)}
    found = found[
        [(case, tier) in same for case, tier in zip(found["case"], found["tier"], strict=True)]
    ]
    if found.empty:
        return Note(f"Recording {view.name} holds nothing of {contender} to compare.")
    shown = found.assign(
        case=[short(case) for case in found["case"]],
        ratio=[cut(value, 3) for value in found["ratio"]],
        upper=[cut(value, 3) for value in found["upper"]],
    )
    return Table(shown.rename(columns={"upper": "at most (95 %)"}), f"limits of {contender}")


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
