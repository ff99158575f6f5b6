"""Losses of trainings, step by step: what was learned, and how far from float64's it strayed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.show.picture import GREY, Note, Picture, canvas, colours, keyed, tall
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import digits, listed, short

Floats = NDArray[np.float64]
LEAST = 1e-9  # what is nearer is drawn here
ALLOWED = 2.0
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 2)))


@dataclass(frozen=True)
class Panel:
    """A case: the loss of every step by contender, float64's, and how far rounding strays."""

    case: str
    reference: Floats
    envelope: Floats
    losses: dict[str, Floats]

    def apart(self, contender: str) -> Floats:
        """The distance of a contender's losses from float64's, at least `LEAST`."""
        away: Floats = np.abs(self.losses[contender] - self.reference)
        return np.maximum(away, LEAST)


def figure(view: View, algorithm: str | None = None) -> Picture | Note:
    """How far each contender's losses are from float64's, beside what rounding alone does.

    One panel a case, of an algorithm if that is named.
    """
    panels = [
        one
        for one in _panels(view)
        if algorithm is None or view.cases[one.case].algorithm == algorithm
    ]
    if not panels:
        return Note(f"No loss curves to compare in recording {view.name}.")
    palette = colours(sorted({name for one in panels for name in one.losses}))
    heights = [1.7 + tall(short(one.case), 1 + len(one.losses)) for one in panels]
    with canvas(sum(heights) + 0.5, len(panels), heights) as (drawn, axes):
        said = [_draw(axis, one, palette) for axis, one in zip(axes, panels, strict=True)]
        axes[-1].set_xlabel(
            "training step\nband: twice as far as the furthest of 19 trainings of torch\n"
            f"under other roundings; recording {view.name}",
            loc="left",
        )
    return Picture(drawn, f"Distance of losses from float64's, step by step. {' '.join(said)}")


def _panels(view: View) -> list[Panel]:
    found: dict[str, dict[str, ParityLine]] = {}
    for line in view.parity:
        if "envelope" in line.curves:
            name = line.contender if line.tier == "shipped" else f"{line.contender} {line.tier}"
            found.setdefault(line.case, {}).setdefault(name, line)
    panels = []
    for case, lines in found.items():
        known = next(iter(lines.values())).curves
        losses = {name: np.array(line.curves["loss"]) for name, line in lines.items()}
        panels.append(
            Panel(case, np.array(known["reference"]), np.array(known["envelope"]), losses)
        )
    return panels


def _draw(axis: Axes, one: Panel, palette: dict[str, tuple[float, float, float]]) -> str:
    """One panel; returns what it shows in words."""
    steps = np.arange(1, len(one.reference) + 1)
    edge = ALLOWED * one.envelope
    axis.fill_between(steps, LEAST, edge, color=GREY, alpha=0.2, lw=0, label="allowed")
    for place, name in enumerate(one.losses):
        style = DASHES[place % len(DASHES)]
        axis.plot(steps, one.apart(name), ls=style, lw=1.3, color=palette[name], label=name)
    axis.set_yscale("log")
    axis.set_ylabel("|loss - float64's|")
    keyed(axis, short(one.case))
    inside = [name for name in one.losses if (one.apart(name) <= edge).all()]
    first, last = (digits(float(value)) for value in one.reference[[0, -1]])
    outside = [name for name in one.losses if name not in inside]
    stays = f"{listed(inside)} inside the band" if inside else "nobody inside the band"
    leaves = f", {listed(outside)} outside" if outside else ""
    return f"{short(one.case)}: the loss goes from {first} to {last}, {stays}{leaves}."
