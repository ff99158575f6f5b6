"""How time grows with rows or columns: crossovers in words, fitted laws as a figure and a table."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rmlbench_utils.judge.bootstrap import ends
from rmlbench_utils.judge.decision import MIN_BLOCKS
from rmlbench_utils.judge.growth import Growth
from rmlbench_utils.judge.series import ROWS, Axis
from rmlbench_utils.judge.statistics import interval, paired
from rmlbench_utils.show.lines import PROCESS, Line, Workload, where, workloads
from rmlbench_utils.show.picture import Note, Picture, canvas, colours, keyed, tall
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, count, listed

MARKERS = "osD^v"
POINTS = 80
JOB = "A whole process"


@dataclass(frozen=True)
class Answer:
    """Who costs less from which size on, one paragraph a workload."""

    view: View
    found: list[Workload]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Workload, and its sentence."""
        return [(one.name, " ".join(said(one))) for one in self.found]

    def _repr_html_(self) -> str:
        told = "".join(
            f"<p><b>{html.escape(one.name)}</b></p><ul>"
            + "".join(f"<li>{html.escape(clause)}</li>" for clause in said(one))
            + "</ul>"
            for one in self.found
        )
        return f'<div class="rml-growth">{told}<p class="rml-how">{html.escape(self.how)}</p></div>'

    @property
    def how(self) -> str:
        """Where these numbers come from, and what they are not."""
        minutes = max(one.near.minutes for one in self.found)
        near = (
            "the sizes of a block ran back to back"
            if all(one.near.back_to_back for one in self.found)
            else "the sizes of a block were not run back to back: other workloads ran between, "
            f"{amount(minutes * 60, 's', 2)} from first to last start in the median block"
        )
        return (
            "A whole process starts, loads, fits and, if it can, predicts once. "
            f"Recording {self.view.name}; 95 % sets of the paired t test at every size between "
            "those measured, each part of a cost on straight lines in logarithms, not adjusted "
            "for the number of questions; beyond the smallest and the largest size nothing is "
            f"said. {near.capitalize()}."
        )


def said(one: Workload) -> list[str]:
    """Crossovers of every contender with the baseline: a whole process, and a fit alone."""
    clauses = []
    for line in one.lines[1:]:
        whole, fit = (where(line, one.baseline, parts) for parts in (PROCESS, ("fit",)))
        if whole == fit:
            clauses.append(f"{JOB} and a fit alone: {whole}.")
        else:
            clauses.append(f"{JOB}: {whole}. A fit alone: {fit}.")
    return clauses


def answer(view: View, tier: str = "shipped", along: Axis = ROWS) -> Answer | Note:
    """The crossovers of a recording in words."""
    found = workloads(view, tier, along)
    return Answer(view, found) if found else nothing(view, along)


def nothing(view: View, along: Axis) -> Note:
    """What stands where a recording has no curve to show."""
    return Note(
        f"Recording {view.name} has no workload at 3 sizes or more whose answers agree, so nothing "
        f"can be said about growth with {along.name}. Profile full measures the scaling curves."
    )


def laws(view: View, tier: str = "shipped", along: Axis = ROWS) -> Table | Note:
    """One row a workload and contender: one exponent, if it holds, and the local ones."""
    found = workloads(view, tier, along)
    if not found:
        return nothing(view, along)
    rows = [_law(one, line) for one in found for line in one.lines]
    return Table(pd.DataFrame(rows).fillna(""), f"growth laws, {along.name}")


def _law(one: Workload, line: Line) -> dict[str, str | int]:
    grown = line.growth
    cells: dict[str, str | int] = {
        "workload": one.name,
        "contender": line.contender,
        "exponent": exponent(line),
        "fixed part": amount(float(grown.law.a), "s", 2) if told(grown) else "",
        "p of the law": f"{grown.misfit_p:.2g}" if np.isfinite(grown.misfit_p) else "not tested",
    }
    for place, (n0, n1) in enumerate(zip(grown.n[:-1], grown.n[1:], strict=True)):
        value, low, high = (
            ends[place] for ends in (grown.local, grown.local_low, grown.local_high)
        )
        stretch = f"local, {count(n0)} to {count(n1)} {line.axis.name}"
        cells[stretch] = f"{value:.2f} [{low:.2f}, {high:.2f}]"
    return {**cells, "blocks": grown.blocks}


def told(grown: Growth) -> bool:
    """Whether one exponent may be printed: enough blocks to reject it, and not rejected."""
    return grown.one_exponent and grown.blocks >= MIN_BLOCKS


def exponent(line: Line) -> str:
    """``1.02 [1.01, 1.03]``, or that no one exponent says it."""
    grown = line.growth
    if grown.blocks < MIN_BLOCKS:
        return f"not told by {grown.blocks} blocks"
    if not grown.one_exponent:
        return "no one exponent"
    return f"{float(grown.law.c):.2f} [{grown.low:.2f}, {grown.high:.2f}]"


def figure(view: View, tier: str = "shipped", along: Axis = ROWS) -> Picture | Note:
    """Fit time against size on log axes, with the fitted law and its band, one panel a workload."""
    found = workloads(view, tier, along)
    if not found:
        return nothing(view, along)
    palette = colours(sorted({line.contender for one in found for line in one.lines}))
    heights = [2.4 + tall(one.name, len(one.lines)) for one in found]
    with canvas(sum(heights) + 0.5, len(found), heights) as (drawn, axes):
        said_of = [_panel(axis, one, palette) for axis, one in zip(axes, found, strict=True)]
        axes[-1].set_xlabel(
            f"training {along.name}, log axis; bars: 95 % t intervals over blocks\n"
            "line: a + b n^c, band: 95 % bootstrap\n"
            "dashed: that law is rejected, or not told\n"
            "dotted: start-up, ✚ equal to one fit; points: geometric means\n"
            f"only who passes parity; recording {view.name}",
            loc="left",
        )
    return Picture(
        drawn, f"Growth of fit time with {along.name}, recording {view.name}. {' '.join(said_of)}"
    )


def _panel(axis: Axes, one: Workload, palette: dict[str, tuple[float, float, float]]) -> str:
    for place, line in enumerate(one.lines):
        _draw(axis, line, MARKERS[place % len(MARKERS)], palette[line.contender])
    axis.set_yscale("log")
    ticked(axis, one)
    axis.set_ylabel("seconds a fit")
    keyed(axis, one.name)
    return (
        f"{one.name}: "
        + listed(f"{line.contender} {exponent(line)}, {starting(line)}" for line in one.lines)
        + "."
    )


def ticked(axis: Axes, one: Workload) -> None:
    """A log axis of sizes, marked at those that were measured."""
    ticks = one.baseline.spent.sizes
    axis.set_xscale("log")
    axis.set_xticks(ticks, [f"{n / 1000:g}k" if n >= 1000 else f"{n}" for n in ticks])
    axis.set_xticks([], minor=True)


def starting(line: Line) -> str:
    """From which size on a fit costs more than start-up, in words."""
    found = line.start
    if found.points and len(found.sets) == 1:
        low, high = found.sets[0]
        at = f"{count(found.points[0])} {line.axis.name} [{count(low)}, {count(high)}]"
        return f"at about {at} one fit takes its start-up"
    if found.sets:
        return "where one fit takes its start-up cannot be told"
    side = "below" if found.signs[0] < 0 else "above"
    return f"a fit stays {side} its start-up at every size measured"


def _draw(axis: Axes, line: Line, marker: str, colour: tuple[float, float, float]) -> None:
    grown = line.growth
    n = np.geomspace(grown.n[0], grown.n[-1], POINTS)
    low, high = ends(grown.draws.at(n), grown.blocks)
    style = "-" if told(grown) else "--"
    axis.fill_between(n, low, high, color=colour, alpha=0.2, lw=0)
    axis.plot(n, grown.law.at(n), style, color=colour, lw=1.3)
    bottom, top = np.exp(interval(paired(np.log(line.spent.part("fit").T))))
    axis.errorbar(
        grown.n,
        grown.times,
        yerr=[grown.times - bottom, top - grown.times],
        fmt=marker,
        color=colour,
        ms=4,
        lw=1.2,
        capsize=2,
        label=f"{line.contender}: {exponent(line)}",
    )
    start = np.exp(np.log(line.spent.part("startup")).mean(axis=0))
    axis.plot(grown.n, start, ":", color=colour, lw=0.8)
    for point in line.start.points:
        height = np.exp(np.interp(np.log(point), np.log(grown.n), np.log(start)))
        axis.plot([point], [height], "P", color=colour, ms=8)
