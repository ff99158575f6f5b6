"""Stacked bars: what a whole is made of, and how sure its length is."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from rmlbench_utils.show.picture import FITS, GREY, Picture, canvas, colours, folded
from rmlbench_utils.show.wording import amount, ranged, short

BAR = 0.36
LINE = 0.4  # units of the axis for a line of small print
WIDE = 80  # characters of small print that fit the width
INTERVAL = "line at a bar's end: 95 % t interval of its mean over runs"
Colours = dict[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Panel:
    """Bars under one title.

    ``parts`` has a row a contender and a column a part, ``totals`` the same rows with ``mean``,
    ``low`` and ``high``; all in seconds. ``absent`` says who has no bar, and why.
    """

    title: str
    parts: pd.DataFrame
    totals: pd.DataFrame
    absent: dict[str, str]

    @property
    def small(self) -> list[str]:
        """The lines of small print that say who is left out."""
        return textwrap.wrap(said, WIDE) if (said := absentees(self.absent)) else []

    @property
    def height(self) -> float:
        """In inches, with its title."""
        more = folded(short(self.title), FITS).count("\n")
        return BAR * (len(self.parts) + LINE * len(self.small)) + 0.3 + 0.15 * more


def absentees(absent: dict[str, str]) -> str:
    """``left out: linfa (no parity)``, or nothing where nobody is."""
    named = ", ".join(f"{name} ({why})" for name, why in absent.items())
    return f"left out: {named}" if named else ""


def stacks(panels: list[Panel], parts: list[str], label: str) -> Picture:
    """Stacked horizontal bars, the name and the values above each bar."""
    palette = colours(parts)
    used = [part for part in parts if any(part in panel.parts for panel in panels)]
    heights = [panel.height for panel in panels]
    said = []
    with canvas(sum(heights) + 0.5 * len(panels) + 0.5, len(panels), heights) as (figure, axes):
        for axis, panel in zip(axes, panels, strict=True):
            said.append(_stack(axis, panel, palette))
        axes[-1].set_xlabel(f"{label}\n{INTERVAL}", loc="left")
        _legend(figure, used, palette)
    return Picture(figure, f"{label}, with 95 % intervals. " + "; ".join(said) + ".")


def _legend(figure: Figure, used: list[str], palette: Colours) -> None:
    figure.legend(
        [Patch(color=palette[part], label=part) for part in used],
        used,
        loc="outside upper left",
        ncols=len(used),
        frameon=False,
        columnspacing=1.0,
        handlelength=1.0,
        handletextpad=0.4,
    )


def _stack(axis: Axes, panel: Panel, palette: Colours) -> str:
    """Draw a panel; returns what it shows in words."""
    said = []
    for place, (contender, row) in enumerate(panel.parts.fillna(0.0).iterrows()):
        _bar(axis, place, row, palette)
        mean, low, high = panel.totals.loc[[contender]].iloc[0]
        axis.errorbar(
            mean, place + 0.2, xerr=[[mean - low], [high - mean]], color="black", lw=1, capsize=2
        )
        words = ranged(mean, low, high, "s")
        axis.text(0, place - 0.1, f"{contender}: {words}", va="bottom", size=8)
        said.append(f"{contender} {words}")
    if panel.parts.empty:
        axis.set_xticks([])
        axis.spines["bottom"].set_visible(False)
    for line, text in enumerate(panel.small):
        small(axis, len(panel.parts) - 0.35 + LINE * line, text)
    bare(axis, panel.title, len(panel.parts) + LINE * len(panel.small))
    return f"{panel.title}: " + ", ".join([*said, *filter(None, [absentees(panel.absent)])])


def _bar(axis: Axes, place: int, row: pd.Series, palette: Colours) -> None:
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
    axis.text(
        1,
        place - 0.1,
        " + ".join(amount(value, "s", 2) for value in row if value),
        va="bottom",
        ha="right",
        size=7.5,
        color=GREY,
        transform=axis.get_yaxis_transform(),
    )


def small(axis: Axes, place: float, text: str) -> None:
    """A line of small print across the panel."""
    where = axis.get_yaxis_transform()
    axis.text(0, place, text, va="top", size=7.5, color=GREY, transform=where)


def bare(axis: Axes, name: str, rows: float) -> None:
    """Title a panel of bars or dots; its rows need no ticks."""
    axis.set_ylim(rows - 0.4, -0.45)
    axis.set_yticks([])
    axis.spines["left"].set_visible(False)
    title = short(name) if "/" in name else name
    axis.set_title(folded(title, FITS), loc="left", weight="bold", fontsize=9)
