"""What a calibration says, in pictures: false alarms, truth held, effects found."""

from __future__ import annotations

from typing import Any

import pandas as pd

from rmlbench_utils.show.picture import BLUE, VERDICTS, Note, Picture, canvas, colours
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.wording import listed

NAMED = {
    "identical": "one binary, six names",
    "builds": "one source, built five times",
    "spread": "equal arithmetic mean, unequal spread",
    "beside heavy": "light ones beside a heavy one",
    "python": "scikit-learn, four names",
    "position": "the later of two does 10 % more",
}
TOOLS = {
    "rmlbench": "rmlbench's verdict, with its margin",
    "rmlbench, interval": "rmlbench's interval alone, without a margin",
    "hyperfine": "hyperfine and its welch_ttest.py (whole processes)",
    "pyperf": "pyperf command and compare_to (whole processes)",
    "asv": "asv's rounds and rule",
    "criterion": "criterion's sampling and rule",
}
WORDS = ("slower", "equivalent", "inconclusive", "faster")


def sentence(found: dict[str, Any]) -> Note:
    """The calibration in a few sentences, for a page in a hurry."""
    if not found["comparisons"]:
        return Note("This recording compares nothing with itself.")
    right = found["power"].get("0.05")
    most = max(found["false_positive_high"], found["false_positive_high_sets"])
    more = (
        f" A program with 5 % more work was called slower in {right['rate']:.0%} of "
        f"{right['comparisons']} pairs ({right['low']:.0%} to {right['high']:.0%})."
        if right
        else ""
    )
    return Note(
        f"{found['false_positives']} of {found['comparisons']} pairs of one program with itself "
        f"were called different, {found['false_positive_rate']:.1%} (upper limit {most:.1%}; the "
        f"test allows 5 %). {found['coverage']:.1%} of "
        f"{found['intervals']} intervals held the counted ratio "
        f"({found['coverage_low']:.1%} to {found['coverage_high']:.1%}).{more}",
        "advice",
    )


def alarms(found: dict[str, Any]) -> Picture | Note:
    """Share of equal pairs called different, with its interval, a line for each null."""
    rows = {name: row for name, row in found["nulls"].items() if row["comparisons"]}
    if not rows:
        return Note("This recording compares nothing with itself.")
    said = []
    with canvas(1.1 + 0.42 * len(rows)) as (figure, (axis,)):
        axis.axvline(0.05, color="black", lw=0.8, ls="--")
        for place, (name, row) in enumerate(rows.items()):
            axis.plot([row["low_sets"], row["high_sets"]], [place] * 2, color=BLUE, lw=1.6)
            axis.plot(row["rate"], place, marker="o", color=BLUE, ms=5)
            said.append(
                f"{NAMED[name]}: {row['rate']:.1%} of {row['comparisons']} "
                f"({row['low_sets']:.1%} to {row['high_sets']:.1%})"
            )
        names = [f"{NAMED[name]}\n{row['comparisons']} pairs" for name, row in rows.items()]
        axis.set_yticks(range(len(rows)), names)
        axis.invert_yaxis()
        axis.set_xlim(left=0)
        axis.xaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axis.set_xlabel("equal pairs called different\ndashed: what the test allows", loc="left")
    return Picture(figure, f"Equal pairs called different. {listed(said)}.")


def power(found: dict[str, Any]) -> Picture | Note:
    """Share of each verdict against the counted effect, and of intervals that held it."""
    rows = found["curve"]
    if len(rows) < 2:
        return Note("This recording holds no known effect.")
    effects = [row["effect"] for row in rows]
    with canvas(4.6, 2) as (figure, (upper, lower)):
        for number, word in enumerate(WORDS):
            _line(upper, rows, word, *VERDICTS[word], 0.04 * (number - 1.5))
        upper.legend(
            frameon=False,
            fontsize=8,
            ncols=4,
            columnspacing=0.8,
            loc="lower center",
            bbox_to_anchor=(0.45, 1.0),
        )
        upper.set_ylabel("share of verdicts")
        _line(lower, rows, "held", BLUE, "o", 0.0)
        lower.axhline(0.95, color="black", lw=0.8, ls="--")
        lower.set_ylabel("intervals that hold\nthe counted ratio")
        lower.set_ylim(min(0.85, *(row["held"]["low"] - 0.02 for row in rows)), 1.0)
        lower.set_xlabel("more work, counted; dashed: what the interval promises", loc="left")
        for axis in (upper, lower):
            axis.set_xticks(range(len(effects)), [f"{effect:.0%}" for effect in effects])
            axis.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
    said = [
        f"{row['effect']:.0%}: "
        + listed(f"{word} {row[word]['rate']:.0%}" for word in WORDS)
        + f", held {row['held']['rate']:.1%}"
        for row in rows
    ]
    return Picture(figure, f"Verdicts by counted effect. {'; '.join(said)}.")


def _line(
    axis: Any, rows: list[dict[str, Any]], word: str, colour: str, marker: str, shift: float
) -> None:
    rates = [row[word]["rate"] for row in rows]
    ends = [
        [row[word]["rate"] - row[word]["low"] for row in rows],
        [row[word]["high"] - row[word]["rate"] for row in rows],
    ]
    places = [place + shift for place in range(len(rows))]
    axis.errorbar(
        places, rates, yerr=ends, marker=marker, color=colour, ms=4, lw=1.2, capsize=2, label=word
    )


def others(found: dict[str, Any]) -> Table | Note:
    """How often other tools call the same programs different, at the same time for a pair."""
    if not found["tools"]:
        return Note("This recording was not given to other tools.")
    rows = [
        {
            "tool": TOOLS.get(row["tool"], row["tool"]),
            "true ratio": f"{row['truth']:g}",
            "called different": f"{row['rate']:.0%}",
            "95 % interval": f"{row['low']:.0%} to {row['high']:.0%}",
            "pairs": row["comparisons"],
            "seconds a pair": f"{row['seconds']:.1f}",
        }
        for row in sorted(found["tools"], key=lambda row: (row["truth"], row["rate"]))
    ]
    return Table(pd.DataFrame(rows), "other tools")


def put_in(found: dict[str, Any]) -> Table:
    """What was put in on purpose beside work: errors of the result, and an effect of position."""
    rows = [
        {
            "put in": f"coefficients off by {loss}" if float(loss) else "nothing",
            "outputs": row["outputs"],
            "refused parity": row["refused"],
        }
        for loss, row in found["losses"].items()
    ]
    return Table(pd.DataFrame(rows), "injected errors")


def place(found: dict[str, Any]) -> Note:
    """The position effect that was put in, and what the covariate does about it."""
    row = found["position"]
    if row is None:
        return Note("This recording holds no effect of position.")
    return Note(
        f"The later of two equals did {row['truth'] - 1:.0%} more work; found were "
        f"{row['found'] - 1:.1%} ({row['found_low'] - 1:.1%} to {row['found_high'] - 1:.1%} over "
        f"the sets). With position as covariate {row['called']:.0%} of the pairs were called "
        f"different, without it {row['called_plain']:.0%}; it makes the interval "
        f"{1 - row['narrower']:.0%} narrower."
    )


def ways(tried: pd.DataFrame) -> Table:
    """What was tried to raise power at the same error rate, a row a way."""
    shown = pd.DataFrame(
        {
            "way": tried["way"],
            "equal called different": [
                f"{r['false']:.1%} ({r['false_low']:.1%} to {r['false_high']:.1%})"
                for _, r in tried.iterrows()
            ],
            "5 % found": [f"{value:.0%}" for value in tried["found_5"]],
            "2 % found": [f"{value:.0%}" for value in tried["found_2"]],
            "width of interval": [f"{value:.2f}" for value in tried["width"]],
            "pairs": tried["pairs"],
        }
    )
    return Table(shown, "ways")


def warmup(curve: pd.DataFrame) -> Picture | Note:
    """Time of each call relative to the second half of its run."""
    if curve.empty:
        return Note("This recording has too few runs to draw warm-up.")
    palette = colours(sorted(curve["kind"].unique()))
    said = []
    with canvas(2.6) as (figure, (axis,)):
        axis.axhline(1, color="black", lw=0.8, ls="--")
        for kind, part in curve.groupby("kind"):
            axis.fill_between(
                part["call"], part["low"], part["high"], color=palette[str(kind)], alpha=0.25, lw=0
            )
            axis.plot(part["call"], part["ratio"], color=palette[str(kind)], lw=1.3, label=kind)
            first, last = part["ratio"].iloc[0], part["ratio"].iloc[-1]
            said.append(f"{kind}: first call {first:.2f}, call {len(part)} {last:.2f}")
        axis.set_xlabel("call of a run; band: 95 % interval over runs", loc="left")
        axis.set_ylabel("time relative to\nthe second half")
        axis.legend(frameon=False, fontsize=8)
    return Picture(figure, f"Warm-up. {listed(said)}.")
