"""Figures of phases, of start-up and of the layout pilot."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.show.picture import GREY, Note, Picture, canvas, colours, decades
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.stacks import BAR, Panel, bare, stacks
from rmlbench_utils.show.times import (
    PARTS,
    PHASES,
    left_out,
    means,
    picks,
    run_phases,
    run_startups,
    shown,
    totals,
)
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount


def phases(view: View, tier: str = "shipped") -> Picture | Note:
    """What a short-lived process spends: start-up, load, one fit, one predict, as bars.

    One panel an algorithm, for the case its baseline takes longest for. Contenders whose times
    may not be shown are named under the bars.
    """
    panels = []
    for case in picks(view):
        runs = run_phases(view, case, tier)
        runs = runs[runs.index.isin(shown(view, case, tier))]
        panels.append(Panel(case, means(runs), totals(runs), left_out(view, case, tier)))
    if all(panel.parts.empty for panel in panels):
        return Note(f"No phases to compare in recording {view.name}.")
    label = "seconds, one process: start, load, fit and predict once"
    return stacks(panels, list(PHASES), label)


def startup(view: View, tier: str = "shipped") -> Picture | Note:
    """Start-up split into interpreter or loader, libraries, and the rest."""
    runs = run_startups(view, tier)
    if runs.empty:
        return Note(f"No start-up was measured in recording {view.name}.")
    total = totals(runs).sort_values("mean", ascending=False)
    panel = Panel(f"start-up, {tier}", means(runs).loc[total.index], total, {})
    return stacks([panel], list(PARTS.values()), "seconds until ready")


def layouts(view: View) -> Picture | Note:
    """The layout pilot: fit time from C order and from Fortran order, for each contender."""
    if not view.manifest.layout_pilot:
        return Note(f"Recording {view.name} has no layout pilot.")
    pilot = pd.DataFrame(view.manifest.layout_pilot).dropna(subset=["fit_ns"])
    pilot = where(pilot, (case in view.cases for case in pilot["case"]))  # not the null case
    pilot["seconds"] = pilot["fit_ns"] / 1e9
    panels = []
    for case, group in pilot.groupby("case", sort=False):
        group = group.assign(row=group["contender"] + " " + group["tier"])
        table = group.pivot_table(values="seconds", index="row", columns="layout")
        panels.append((str(case), table))
    return _pairs(panels)


def _pairs(panels: list[tuple[str, pd.DataFrame]]) -> Picture:
    """Two dots a contender joined by a line: one layout each."""
    palette = {"c": colours(["c", "f"])["c"], "f": colours(["c", "f"])["f"]}
    said = []
    heights = sum(BAR * len(table) + 0.8 for _, table in panels)
    with canvas(heights + 0.3, len(panels)) as (figure, axes):
        for axis, (name, table) in zip(axes, panels, strict=True):
            axis.set_xscale("log")
            decades(axis, table.to_numpy().ravel(), "s")
            for place, (contender, row) in enumerate(table.iterrows()):
                axis.plot(row, [place + 0.2] * len(row), color=GREY, lw=1)
                for layout, marker in (("c", "o"), ("f", "s")):
                    if layout in row:
                        axis.plot([row[layout]], [place + 0.2], marker, color=palette[layout])
                values = ", ".join(f"{str(k).upper()} {amount(v, 's')}" for k, v in row.items())
                axis.text(
                    0,
                    place - 0.1,
                    f"{contender}: {values}",
                    va="bottom",
                    size=8,
                    transform=axis.get_yaxis_transform(),
                )
                said.append(f"{contender} {values}")
            bare(axis, name, len(table))
        axes[-1].set_xlabel("seconds a fit, log axis: ● C order, ■ Fortran order", loc="left")
    return Picture(figure, "Fit time by layout: " + "; ".join(said) + ".")
