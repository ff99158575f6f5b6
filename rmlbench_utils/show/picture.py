"""What every figure shares: size, colours, and how a page holds it."""

from __future__ import annotations

import base64
import html
import io
import math
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rmlbench_utils.show.wording import amount, known

WIDTH = 4.4  # inches: text stays readable when the figure is squeezed into 390 px
FITS = 44  # bold characters of a title that fit it
BLUE, VERMILLION, GREEN, GREY, BLACK = "#0072B2", "#D55E00", "#00795A", "#5F5F5F", "#000000"
VERDICTS = {  # verdict → colour and marker: never told by colour alone
    "faster": (BLUE, "<"),
    "slower": (VERMILLION, ">"),
    "equivalent": (GREEN, "s"),
    "inconclusive": (GREY, "o"),
    "not comparable": (BLACK, "x"),
}
STYLE: dict[Any, Any] = {
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.labelsize": 8.5,
    "font.family": "DejaVu Sans",
    "svg.hashsalt": "rmlbench",
    "svg.fonttype": "path",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True)
class Picture:
    """A figure and the sentence that says what it shows to who cannot see it."""

    figure: Figure
    alt: str

    def svg(self) -> str:
        """The figure as SVG text, the same bytes for the same content."""
        buffer = io.StringIO()
        with matplotlib.rc_context(STYLE):
            self.figure.savefig(buffer, format="svg", metadata={"Date": None})
        return buffer.getvalue()

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.svg().encode()).decode()
        source = f"data:image/svg+xml;base64,{data}"
        alt = html.escape(self.alt, quote=True)
        return f'<img class="rml-figure" alt="{alt}" src="{source}" style="width:min(100%,560px)">'


@dataclass(frozen=True)
class Note:
    """A sentence standing where a figure or table would be; ``advice`` is one a page opens with."""

    text: str
    kind: Literal["note", "advice"] = "note"

    def _repr_html_(self) -> str:
        return f'<p class="rml-{self.kind}">{html.escape(self.text)}</p>'


@contextmanager
def canvas(
    height: float, panels: int = 1, shares: list[float] | None = None
) -> Iterator[tuple[Figure, list[Axes]]]:
    """An empty figure of ``height`` inches with ``panels`` axes under each other.

    ``shares`` are their heights relative to each other; without, they are equal.
    """
    with matplotlib.rc_context({**sns.axes_style("ticks"), **STYLE}):
        figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.subplots(panels, 1, squeeze=False, height_ratios=shares)[:, 0]
        yield figure, list(axes)


def folded(name: str, fits: int) -> str:
    """A long name over as many lines as it needs, ``fits`` characters each, broken at spaces."""
    lines = textwrap.wrap(name, fits, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def keyed(axis: Axes, name: str) -> None:
    """The name of a panel of curves, and under it the key to them, both above the axes."""
    axis.legend(
        title=folded(name, FITS),
        title_fontproperties={"weight": "bold", "size": 9},
        alignment="left",
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=2,
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        columnspacing=1.0,
    )


def tall(name: str, curves: int) -> float:
    """Inches that `keyed` takes."""
    return 0.17 * (1 + folded(name, FITS).count("\n") + (curves + 1) // 2)


def colours(names: list[str]) -> dict[str, tuple[float, float, float]]:
    """Name → colour of seaborn's colour-blind palette, the same for the same order."""
    return dict(zip(names, sns.color_palette("colorblind", len(names)), strict=True))


def decades(axis: Axes, values: Iterable[float], unit: str) -> None:
    """A log axis marked at powers of ten, in the unit a reader would choose, all dots inside."""
    known_ones = [value for value in values if known(value)]
    first = math.floor(math.log10(min(known_ones)))
    last = max(math.ceil(math.log10(max(known_ones))), first + 1)
    ticks = [10.0**power for power in range(first, last + 1)]
    axis.set_xscale("log")
    axis.set_xlim(ticks[0], ticks[-1])
    axis.set_xticks(ticks, [amount(tick, unit, 1) for tick in ticks])
    axis.set_xticks([], minor=True)
