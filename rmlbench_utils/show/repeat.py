"""What repeats: two recordings of one commit, and the null test that each recording carries."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import pandas as pd

from rmlbench_utils.judge.combine import flips
from rmlbench_utils.judge.days import hours_between, ratios_apart, times_apart
from rmlbench_utils.judge.null_test import NullTest, null_test
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.verdict import machine_name
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View


def flipped(view: View, other: View | None) -> str:
    """How many verdicts differ between two recordings of one commit, in a sentence."""
    if other is None:
        return ""
    table = flips(view.verdicts, other.verdicts)
    hours = hours_between(view.manifest, other.manifest)
    count = int(table["flipped"].sum())
    return (
        f"Recorded twice from one commit, {hours:.0f} hours apart: {count} of {len(table)} "
        f"verdicts ({count / max(len(table), 1):.0%}) differ."
    )


def voids(views: Iterable[View]) -> Table | Note:
    """The null test of each recording: one program under several names, at 1 %."""
    rows = []
    for view in views:
        found = null_test(view.manifest, sides(view.records))
        rows.append(
            {
                "recording": view.name,
                "blocks": found.blocks if found else "",
                "names": found.names if found else "",
                "p": f"{found.p:.2g}" if found and not math.isnan(found.p) else "",
                "said": _standing(found),
            }
        )
    return Table(pd.DataFrame(rows), "null tests")


def _standing(found: NullTest | None) -> str:
    if found is None:
        return "carries no null case"
    if math.isnan(found.p):
        return "too few blocks to tell"
    return "void" if found.void else "stands"


def share_void(views: Iterable[View]) -> Note:
    """How many of the recordings that carry a null case are void."""
    found = [null_test(view.manifest, sides(view.records)) for view in views]
    carried = [one for one in found if one is not None]
    void = sum(one.void for one in carried)
    return Note(
        f"{void} of {len(carried)} committed recordings with a null case are void; "
        f"{len(found) - len(carried)} were made before recordings carried one."
    )


def apart(view: View, beside: Iterable[View]) -> Table | Note:
    """What would be called different between recordings, though nothing was changed."""
    rows = []
    for other in beside:
        one, two = view.manifest, other.manifest
        if machine_name(one) != machine_name(two):
            continue
        times = times_apart(one, view.records, two, other.records)
        ratios = ratios_apart(one, view.verdicts, two, other.verdicts)
        if not times["comparisons"]:
            continue
        rows.append(
            {
                "recordings": f"{view.name} and {other.name}",
                "hours apart": f"{hours_between(one, two):.1f}",
                "times called different": _told(times),
                "ratios called different": _told(ratios),
            }
        )
    if not rows:
        return Note("No two committed recordings have an unchanged contender and case in common.")
    return Table(pd.DataFrame(rows), "recordings apart")


def _told(found: dict[str, Any]) -> str:
    if not found["comparisons"]:
        return ""
    return (
        f"{found['rate']:.0%} of {found['comparisons']} ({found['low']:.0%} to {found['high']:.0%})"
    )
