"""A sheet of A4 that is filled from the top: text that wraps, pictures, and what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import matplotlib
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from rmlbench_utils.show.picture import BLACK, GREY, STYLE

A4 = (8.27, 11.69)  # inches
MARGIN = 0.6
WIDTH = A4[0] - 2 * MARGIN
TITLE, HEADING, BODY, SMALL = 16.0, 10.5, 8.5, 7.5  # points
LEADING = 1.36  # from line to line, in sizes
POINT = 1 / 72
LINE = BODY * LEADING * POINT  # inches


@dataclass
class Sheet:
    """A page under construction; ``down`` is how many inches from the top are used."""

    figure: Figure
    down: float = MARGIN
    foot: float = field(default=MARGIN + 0.2)

    @property
    def room(self) -> float:
        """Inches left above the foot."""
        return A4[1] - self.foot - self.down

    def text(self, said: str, size: float = BODY, bold: bool = False, grey: bool = False) -> None:
        """A paragraph over the width.

        Raises
        ------
        ValueError
            If the sheet has no room left for it.
        """
        for line in wrapped(said, size, bold):
            if self.room < size * LEADING * POINT - 1e-9:
                raise ValueError(f"the sheet is full at {said[:40]!r}: give it less to say")
            self._line(line, size, bold, grey)
            self.down += size * LEADING * POINT

    def heading(self, said: str) -> None:
        """A bold line with space above it."""
        self.skip(0.12)
        self.text(said, HEADING, bold=True)
        self.skip(0.03)

    def items(self, said: Sequence[str], most: float, rest: str, grey: bool = False) -> None:
        """Paragraphs as long as ``most`` inches last; then ``and N more`` with ``rest``."""
        budget = min(most, self.room)
        if tall(said) > budget:
            budget -= LINE  # kept for the rest
        written = 0
        for one in said:
            budget -= tall([one])
            if budget < -1e-9:
                break
            self.text(one, grey=grey)
            written += 1
        if written < len(said):
            self.text(f"and {len(said) - written} more: {rest}", grey=True)

    def skip(self, inches: float) -> None:
        """Leave space."""
        self.down += inches

    def axes(self, height: float, below: float, left: float = 0.0) -> Axes:
        """Axes over the width; ``below`` and ``left`` inches are kept for their labels."""
        top = 1 - self.down / A4[1]
        tall = (height - below) / A4[1]
        self.down += height
        start = MARGIN + left
        return self.figure.add_axes((start / A4[0], top - tall, (WIDTH - left) / A4[0], tall))

    def footer(self, said: str) -> None:
        """One small line at the bottom of the sheet."""
        place = MARGIN / A4[0], MARGIN / A4[1]
        self.figure.text(*place, wrapped(said, SMALL)[0], size=SMALL, color=GREY, va="bottom")

    def _line(self, line: str, size: float, bold: bool, grey: bool) -> None:
        self.figure.text(
            MARGIN / A4[0],
            1 - self.down / A4[1],
            line,
            size=size,
            weight="bold" if bold else "normal",
            color=GREY if grey else BLACK,
            va="top",
            parse_math=False,
        )


@contextmanager
def sheet() -> Iterator[Sheet]:
    """An empty sheet, in the style of the book's figures."""
    with matplotlib.rc_context({**sns.axes_style("ticks"), **STYLE}):
        figure = Figure(figsize=A4, facecolor="white")
        FigureCanvasAgg(figure)
        yield Sheet(figure)


def wrapped(said: str, size: float, bold: bool = False, width: float = WIDTH) -> list[str]:
    """A paragraph in lines that fit ``width`` inches; a word too long for one is split."""
    lines, line = [], ""
    for word in said.split():
        longer = f"{line} {word}".strip()
        if length(longer, size, bold) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while length(word, size, bold) > width:
            part = word
            while length(part, size, bold) > width:
                part = part[:-1]
            lines.append(part)
            word = word[len(part) :]
        line = word
    return [*lines, line] if line else lines


def tall(said: Iterable[str]) -> float:
    """Inches that paragraphs take."""
    return sum(len(wrapped(one, BODY)) for one in said) * LINE


@cache
def length(said: str, size: float, bold: bool) -> float:
    """How wide a line is, in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")
    wide: float = TextToPath().get_text_width_height_descent(said, font, ismath=False)[0]
    return wide * POINT
