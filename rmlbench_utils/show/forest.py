"""The forest plot: each ratio with its interval on a log axis, parity beside it."""

from __future__ import annotations

import math
import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from rmlbench_utils.judge.pairs import OURS
from rmlbench_utils.show.agreement import comparable, difference, mark, worst
from rmlbench_utils.show.picture import FITS, GREY, VERDICTS, Note, Picture, canvas, folded
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, interval, known, short

ROW, HEAD, AXIS = 0.36, 0.27, 0.75  # inches for a contender, the name of a case, the axis
MORE = 0.15  # inches for each further line of a name
LINE = 62  # characters of small print that fit the width
SPAN = 0.62  # the part of the width that is the axis; values stand right of it


def forest(
    view: View,
    algorithm: str | None = None,
    tier: str | None = None,
    headline: bool = False,
    serving: bool = False,
    contender: str | None = None,
    parallel: bool = False,
) -> Picture | Note:
    """Ratios of the primary metric, contender / baseline, grouped by case.

    Parameters
    ----------
    algorithm, tier, contender
        Only these, if given.
    headline
        Only libraries, and cases whose baseline takes long enough to be a headline; who is
        not comparable there stays in sight.
    serving
        Only cases that serve a trained model, which are left out otherwise.
    parallel
        Only cases of several threads.
    """
    rows = view.of(algorithm, contender, tier, serving, parallel)
    rows = headlines(rows) if headline else rows
    if rows.empty:
        words = (tier, contender, algorithm, "headline" * headline, "serving" * serving)
        what = " ".join(filter(None, (*words, "parallel" * parallel, "case")))
        return Note(f"No {what} in recording {view.name}.")
    with canvas(height(rows)) as (figure, (axes,)):
        said = paint(axes, view, rows)
    return Picture(figure, said)


def headlines(rows: pd.DataFrame) -> pd.DataFrame:
    """The libraries' rows of cases whose baseline takes long enough to be a headline."""
    heads = set(zip(*(rows.loc[rows["headline"], name] for name in ("case", "tier")), strict=True))
    keep = [
        (row["case"], row["tier"]) in heads and row["contender"] not in OURS
        for _, row in rows.iterrows()
    ]
    return rows[keep]


def limits(rows: pd.DataFrame) -> tuple[float, float]:
    """Ends of the ratio axis: every shown interval, and 1, lie inside."""
    shown = [
        float(row[name])
        for _, row in rows.iterrows()
        if comparable(row)
        for name in ("ratio", "ci_low", "ci_high")
        if known(row[name]) and row[name] > 0
    ]
    low, high = min([0.8, *shown]), max([1.25, *shown])
    pad = (high / low) ** 0.06
    return low / pad, high * pad


def height(rows: pd.DataFrame) -> float:
    """Inches that these rows take, with the axis under them."""
    return _body(rows) + AXIS


def _body(rows: pd.DataFrame) -> float:
    return ROW * len(rows) + sum(_head(case) for case in rows["case"].unique())


def _head(case: str) -> float:
    return HEAD + MORE * folded(short(case), FITS).count("\n")


def paint(axes: Axes, view: View, rows: pd.DataFrame) -> str:
    """Draw rows into axes; returns what they show in words."""
    groups = [(case, rows[rows["case"] == case]) for case in view.cases]
    body = _body(rows)
    low, high = limits(rows)
    axes.set_xscale("log")
    axes.set_xlim(low, math.exp(math.log(low) + math.log(high / low) / SPAN))
    axes.set_ylim(body, 0)
    down, said = 0.0, []
    for case, group in groups:
        if group.empty:
            continue
        _heading(axes, down, case)
        down += _head(case)
        for _, row in group.iterrows():
            said.append(_row(view, axes, down, row))
            down += ROW
    _frame(axes, body, low, high, view)
    return "Ratios of time with 95 % intervals. " + "; ".join(said) + "."


def _heading(axes: Axes, down: float, case: str) -> None:
    place = blended_transform_factory(axes.transAxes, axes.transData)
    if down:
        axes.plot([0, 1], [down + 0.03] * 2, color="#cccccc", lw=0.6, transform=place)
    name = folded(short(case), FITS)
    axes.text(0, down + 0.07, name, transform=place, weight="bold", va="top", size=8.5)


def _row(view: View, axes: Axes, down: float, row: pd.Series) -> str:
    """Draw one contender; returns what it shows in words."""
    place = blended_transform_factory(axes.transAxes, axes.transData)
    colour, marker = VERDICTS[row["verdict"]]
    name = row["contender"] + (" tuned" if row["tier"] == "tuned" else "")
    head, line = down + 0.1, down + 0.25
    axes.text(0, head, f"{name}  {mark(view, row)}", transform=place, va="center")
    values = f"{amount(row['contender_value'], row['unit'])} / " + amount(
        row["baseline_value"], row["unit"]
    )
    if not comparable(row):
        why = _why(view, row)
        axes.text(0.02, line, why, transform=place, va="center", color=GREY, size=8)
        return f"{row['case']}: {name} is not comparable, {why}"
    said = interval(row)
    axes.plot([1, 1], [line - 0.09, line + 0.09], color="black", lw=1.2, zorder=0)
    axes.text(1, head, said, transform=place, ha="right", va="center", weight="bold")
    axes.text(1, line, values, transform=place, ha="right", va="center", color=GREY, size=8)
    if known(row["ci_low"]) and known(row["ci_high"]):
        axes.plot([row["ci_low"], row["ci_high"]], [line] * 2, color=colour, lw=2.2)
    if known(row["ratio"]):
        axes.plot([row["ratio"]], [line], marker=marker, color=colour, ms=6)
    return f"{row['case']}: {name} {said}, {row['verdict']}, {values}"


def _why(view: View, row: pd.Series) -> str:
    """Why there is no ratio: the measured difference, or the reason cut to a line."""
    line = worst(view, row["case"], row["contender"], row["tier"])
    if row["parity"] == "fail" and line is not None and line.parity == "fail":
        return difference(line)
    return textwrap.shorten(str(row["reason"]), LINE, placeholder=" …")


def _frame(axes: Axes, body: float, low: float, high: float, view: View) -> None:
    baselines = " or ".join(dict.fromkeys(case.baseline for case in view.cases.values()))
    ticks = [t for t in (1e-4, 1e-3, 0.01, 0.1, 0.5, 1, 2, 10, 100, 1e3, 1e4) if low <= t <= high]
    kept = ticks if len(ticks) < 6 else [t for t in ticks if t not in (0.5, 2)]
    axes.set_xticks(kept, [f"{t:g}" for t in kept])
    axes.set_xticks(np.array([]), minor=True)
    axes.set_yticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xlabel(
        f"contender / {baselines}, 95 % interval, log axis; bar: 1\n"
        "◀ less time · 1 the same · more time ▶",
        loc="left",
    )
