"""What a calibration says, in pictures: false alarms, truth held, effects found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rmlbench_utils.show.picture import BLUE, GREY, Note, Picture, canvas
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.wording import listed

NAMED = {
    "identical": "one binary, six names",
    "builds": "one source, built five times",
    "spread": "equal mean, unequal spread",
    "beside heavy": "light ones beside a heavy one",
    "python": "one Python contender, four names",
    "position": "the later of two does 10 % more",
    "days": "one contender, different days",
}


def alarms(found: dict[str, Any]) -> Picture | Note:
    """Share of equal pairs called different, with its interval, a line for each null."""
    rows = {name: row for name, row in found["nulls"].items() if row["comparisons"]}
    if not rows:
        return Note("This recording compares nothing with itself.")
    said = []
    with canvas(0.9 + 0.32 * len(rows)) as (figure, (axis,)):
        axis.axvline(0.05, color="black", lw=0.8, ls="--")
        for place, (name, row) in enumerate(rows.items()):
            axis.plot(
                [row["low_sets"], row["high_sets"]], [place] * 2, color=BLUE, lw=1.6, zorder=2
            )
            axis.plot(row["rate"], place, marker="o", color=BLUE, ms=5, zorder=3)
            said.append(
                f"{NAMED[name]}: {row['rate']:.1%} of {row['comparisons']} "
                f"({row['low_sets']:.1%} to {row['high_sets']:.1%})"
            )
        names = [f"{NAMED[name]}\n{row['comparisons']} pairs" for name, row in rows.items()]
        axis.set_yticks(range(len(rows)), names)
        axis.invert_yaxis()
        axis.set_xlim(left=0)
        axis.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axis.set_xlabel("equal pairs called different; dashed: what the test allows", loc="right")
    return Picture(figure, f"Equal pairs called different. {listed(said)}.")


def power(found: dict[str, Any]) -> Picture | Note:
    """Share of right verdicts for each known effect, with its interval."""
    rows = found["power"]
    if not rows:
        return Note("This recording holds no known effect.")
    said = []
    with canvas(2.4) as (figure, (axis,)):
        for place, (effect, row) in enumerate(rows.items()):
            axis.bar(place, row["rate"], width=0.6, color=BLUE, alpha=0.35)
            axis.plot([place] * 2, [row["low"], row["high"]], color=GREY, lw=1.8)
            said.append(
                f"{float(effect):.0%}: {row['right']} in {row['rate']:.0%} "
                f"({row['low']:.0%} to {row['high']:.0%}) of {row['comparisons']}"
            )
        labels = [f"{float(effect):.0%} more work\n{row['right']}" for effect, row in rows.items()]
        axis.set_xticks(range(len(rows)), labels)
        axis.set_ylim(0, 1.02)
        axis.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axis.set_ylabel("right verdicts")
    return Picture(figure, f"Right verdicts by known effect. {listed(said)}.")


def others(found: dict[str, Any]) -> Table | Note:
    """How often other tools call the same programs different, at the same time for a pair."""
    if not found["tools"]:
        return Note("This recording was not given to other tools.")
    rows = [
        {
            "tool": row["tool"],
            "true ratio": f"{row['truth']:g}",
            "called different": f"{row['rate']:.0%}",
            "95 % interval": f"{row['low']:.0%} to {row['high']:.0%}",
            "pairs": row["comparisons"],
            "seconds a pair": f"{row['seconds']:.1f}",
        }
        for row in found["tools"]
    ]
    return Table(pd.DataFrame(rows), "other tools")


def sentence(found: dict[str, Any]) -> str:
    """The calibration in two sentences, for a page in a hurry."""
    return (
        f"{found['false_positives']} of {found['comparisons']} pairs of one program with itself "
        f"were called different (at most {found['false_positive_high']:.1%}). "
        f"{found['coverage']:.1%} of {found['intervals']} intervals held the counted ratio "
        f"({found['coverage_low']:.1%} to {found['coverage_high']:.1%})."
    )
