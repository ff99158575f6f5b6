"""Time against objective gap: a figure, who reaches a gap in what time, what a seed decides."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rmlbench_utils.judge.svm.gaps import HOW, Answer, Problem, Setting, answers, problems
from rmlbench_utils.show.picture import Note, Picture, canvas, colours
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, listed

MARKERS = "osD^v"
STYLES = {"primal": "-", "dual": "--"}
FLOOR = 1e-13  # relative: the least gap float64 can show


def _found(view: View, tier: str) -> list[Problem]:
    return problems(view.manifest, view.records, view.parity, tier)


def _nothing(view: View) -> Note:
    return Note(
        f"Recording {view.name} has no linear machine, so nothing can be said about time against "
        "objective gap."
    )


def label(case_of: Problem) -> str:
    """``linearsvc, adult 2000, C=1``."""
    case = case_of.example
    values = {key: case.params[key] for key in case.named if key not in HOW}
    named = [f"{k}={f'{v:g}' if isinstance(v, float) else v}" for k, v in values.items()]
    return ", ".join([case.algorithm, case.dataset.replace("_", " "), *named])


def figure(view: View, tier: str = "shipped") -> Picture | Note:
    """Fit time against objective gap on log axes, a line a contender and solver."""
    found = _found(view, tier)
    if not found:
        return _nothing(view)
    names = list(dict.fromkeys(name for one in found for name in one.contenders))
    palette = colours(names)
    with canvas(2.9 * len(found) + 0.5, len(found)) as (drawn, axes):
        for axis, one in zip(axes, found, strict=True):
            _panel(axis, one, names, palette)
        axes[-1].set_xlabel(
            "largest relative objective gap of any split and seed\n"
            "one point a tol: median over blocks, bar: its 95 % interval\n"
            "solid: primal solver, dashed: dual; to the right: nearer\n"
            f"recording {view.name}",
            loc="left",
        )
    told = " ".join(
        f"{label(one)}: {' '.join(said(each) for each in answers(one))}" for one in found
    )
    alt = f"Fit time against objective gap, recording {view.name}. {told}"
    return Picture(drawn, alt)


def _panel(
    axis: Axes, one: Problem, names: list[str], palette: dict[str, tuple[float, float, float]]
) -> None:
    axis.set_title(label(one), loc="left", weight="bold")
    for name in one.contenders:
        for solver, style in STYLES.items():
            line = [s for s in one.of(name) if s.solver == solver and math.isfinite(s.gap)]
            if line := [s for s in line if len(s.seconds)]:
                marker = MARKERS[names.index(name) % len(MARKERS)]
                _line(axis, line, f"{name}, {solver}", marker + style, palette[name])
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.invert_xaxis()
    axis.set_ylabel("seconds a fit")
    axis.legend(frameon=False, fontsize=8, handlelength=2.2)


def _line(
    axis: Axes,
    line: list[Setting],
    name: str,
    style: str,
    colour: tuple[float, float, float],
) -> None:
    middle = np.array([one.median for one in line])
    ends = np.array([one.ends for one in line]).T
    bars = np.nan_to_num(np.abs(ends - middle))
    gaps = np.maximum([one.gap for one in line], FLOOR)
    axis.errorbar(gaps, middle, yerr=bars, fmt=style, color=colour, ms=4, lw=1.2, capsize=2)
    axis.plot([], [], style, color=colour, ms=4, lw=1.2, label=name)


def said(one: Answer) -> str:
    """One sentence: who reaches the gap, with what ratio."""
    to = f"an objective gap of at most {one.target:g}"
    mine, theirs = one.chosen
    if mine is None and theirs is None:
        return f"Neither {one.contender} nor {one.baseline} reaches {to} at any setting measured."
    if mine is None or theirs is None:
        never = one.contender if mine is None else one.baseline
        return f"{never} never reaches {to} at the settings measured."
    return f"To {to}, {one.contender} takes {_ratio(one)} of the time of {one.baseline}."


def _ratio(one: Answer) -> str:
    if math.isnan(one.low):
        return f"{one.ratio:.2f} (too few blocks for an interval)"
    return f"{one.ratio:.2f} [{one.low:.2f}, {one.high:.2f}]"


def table(view: View, tier: str = "shipped") -> Table | Note:
    """The cheapest setting of each side that reaches each target gap, and their ratio."""
    found = _found(view, tier)
    if not found:
        return _nothing(view)
    rows = [_row(one, each) for one in found for each in answers(one)]
    return Table(pd.DataFrame(rows), "time to an objective gap")


def _row(problem: Problem, one: Answer) -> dict[str, str | int]:
    mine, theirs = one.chosen
    reached = mine is not None and theirs is not None
    return {
        "problem": label(problem),
        "gap at most": f"{one.target:g}",
        "baseline": f"{one.baseline}: {_setting(theirs)}",
        "contender": f"{one.contender}: {_setting(mine)}",
        "ratio [95 %]": _ratio(one) if reached else "",
        "how": ("paired by block" if one.paired else "unpaired") if reached else "",
        "blocks": one.blocks if reached else "",
    }


def _setting(one: Setting | None) -> str:
    if one is None:
        return "never reached"
    return f"{amount(one.median, 's')} ({one.solver}, tol={one.tol:g})"


def spread(view: View, tier: str = "shipped") -> Note:
    """How far apart the baseline's dual solver ends on the splits, each with its own seed."""
    told = []
    for problem in _found(view, tier):
        for one in problem.of(problem.example.baseline):
            if one.solver == "dual" and len(one.gaps) > 1 and math.isfinite(one.gap):
                told.append(
                    f"{one.gaps.min():.1e} to {one.gap:.1e} ({label(problem)}, tol={one.tol:g}, "
                    f"{len(one.gaps)} outputs)"
                )
    if not told:
        return Note(f"Recording {view.name} has no dual solver on several splits.")
    return Note(
        "The dual solver visits the rows in an order drawn from the job's seed, a new one for "
        "each split: above the optimum of its split the baseline's objective ends "
        f"{listed(told)}. Split and seed change together here, so this is not the seed alone."
    )
