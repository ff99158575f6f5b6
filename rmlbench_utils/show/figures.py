"""Figures of phases, of start-up and of the layout pilot."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from rmlbench_utils.show.picture import GREY, Note, Picture, canvas, colours
from rmlbench_utils.show.times import PHASES, mean_phases, picks, shown, startup_parts
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, short

BAR = 0.36


def phases(view: View, tier: str = "shipped") -> Picture | Note:
    """What a short-lived process spends: start-up, load, one fit, one predict, as bars.

    One panel an algorithm, for the case its baseline takes longest for. Contenders without
    parity are left out.
    """
    panels = []
    for case in picks(view):
        table = mean_phases(view, case, tier)
        table = table[table.index.isin(shown(view, case, tier))]
        if not table.empty:
            panels.append((case, table))
    if not panels:
        return Note(f"No phases to compare in recording {view.name}.")
    return _stacks(panels, list(PHASES), "seconds, one process: start, load, fit and predict once")


def startup(view: View, tier: str = "shipped") -> Picture | Note:
    """Start-up split into interpreter or loader, libraries, and the rest."""
    table = startup_parts(view, tier)
    if table.empty:
        return Note(f"No start-up was measured in recording {view.name}.")
    return _stacks([(f"start-up, {tier}", table)], list(table.columns), "seconds until ready")


def layouts(view: View) -> Picture | Note:
    """The layout pilot: fit time from C order and from Fortran order, for each contender."""
    if not view.manifest.layout_pilot:
        return Note(f"Recording {view.name} has no layout pilot.")
    pilot = pd.DataFrame(view.manifest.layout_pilot).dropna(subset=["fit_ns"])
    pilot["seconds"] = pilot["fit_ns"] / 1e9
    panels = []
    for case, group in pilot.groupby("case", sort=False):
        group = group.assign(row=group["contender"] + " " + group["tier"])
        table = group.pivot_table(values="seconds", index="row", columns="layout")
        panels.append((str(case), table))
    return _pairs(panels)


def _stacks(panels: list[tuple[str, pd.DataFrame]], parts: list[str], label: str) -> Picture:
    """Stacked horizontal bars, the name and the values above each bar."""
    palette = colours(parts)
    used = [part for part in parts if any(part in table for _, table in panels)]
    heights = [BAR * len(table) + 0.3 for _, table in panels]
    said = []
    with canvas(sum(heights) + 0.5 * len(panels) + 0.35, len(panels)) as (figure, axes):
        for axis, (name, table) in zip(axes, panels, strict=True):
            said.append(_stack(axis, name, table.fillna(0.0), palette))
        axes[-1].set_xlabel(label, loc="left")
        handles = [Patch(color=palette[part], label=part) for part in used]
        figure.legend(
            handles,
            used,
            loc="outside upper left",
            ncols=len(used),
            frameon=False,
            columnspacing=1.0,
            handlelength=1.0,
            handletextpad=0.4,
        )
    return Picture(figure, f"{label}. " + "; ".join(said) + ".")


def _stack(axis: Axes, name: str, table: pd.DataFrame, palette: dict[str, tuple]) -> str:
    said = []
    for place, (contender, row) in enumerate(table.iterrows()):
        left = 0.0
        for part, seconds in row.items():
            axis.barh(
                place + 0.2,
                seconds,
                left=left,
                height=0.3,
                color=palette[str(part)],
                edgecolor="white",
                linewidth=0.4,
            )
            left += seconds
        parts = " + ".join(amount(value, "s", 2) for value in row if value)
        axis.text(0, place - 0.1, f"{contender}: {amount(left, 's')}", va="bottom", size=8)
        axis.text(
            1,
            place - 0.1,
            parts,
            va="bottom",
            ha="right",
            size=7.5,
            color=GREY,
            transform=axis.get_yaxis_transform(),
        )
        said.append(f"{contender} {amount(left, 's')}")
    _bare(axis, name, len(table))
    return f"{name}: " + ", ".join(said)


def _pairs(panels: list[tuple[str, pd.DataFrame]]) -> Picture:
    """Two dots a contender joined by a line: one layout each."""
    palette = {"c": colours(["c", "f"])["c"], "f": colours(["c", "f"])["f"]}
    said = []
    heights = sum(BAR * len(table) + 0.8 for _, table in panels)
    with canvas(heights + 0.3, len(panels)) as (figure, axes):
        for axis, (name, table) in zip(axes, panels, strict=True):
            axis.set_xscale("log")
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
            _bare(axis, name, len(table))
        axes[-1].set_xlabel("seconds a fit, log axis: ● C order, ■ Fortran order", loc="left")
    return Picture(figure, "Fit time by layout: " + "; ".join(said) + ".")


def _bare(axis: Axes, name: str, rows: int) -> None:
    axis.set_ylim(rows - 0.4, -0.45)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    title = short(name) if "/" in name else name
    size = min(9.5, 9.5 * 46 / len(title))  # a long case name fits the width of a phone
    axis.set_title(title, loc="left", weight="bold", fontsize=size)
