"""Where each side draws its own start: what every seed reached, and whether the sides are alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from rmlbench_utils.judge.clustering.seeds import Outcomes
from rmlbench_utils.judge.free_seeds import Objective, compared, objectives, outcomes
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.show.picture import (
    BLUE,
    FITS,
    GREEN,
    GREY,
    VERMILLION,
    Note,
    Picture,
    canvas,
    folded,
)
from rmlbench_utils.show.stacks import BAR, bare
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import listed, short

GAP = 0.9  # inches for a panel's name and axis


@dataclass(frozen=True)
class Panel:
    """An objective of a case: what every seed of its contenders reached, the baseline's first.

    ``failed`` are contenders with an output that contradicts itself.
    """

    view: View
    case: Case
    objective: Objective
    reached: dict[str, list[float]]
    failed: set[str]

    @property
    def seeds(self) -> int:
        """The fewest seeds of any side."""
        return min(len(values) for values in self.reached.values())

    def beside(self, contender: str) -> Outcomes:
        """A contender's outcomes beside the baseline's."""
        return compared(self.objective, self.reached[contender], self.reached[self.case.baseline])

    def relative(self, contender: str) -> np.ndarray:
        """Every seed's objective beside the baseline's mean, as the outcomes are compared."""
        own, base = (np.array(self.reached[n]) for n in (contender, self.case.baseline))
        if self.objective.scale == "ratio":
            return np.asarray(own / np.exp(np.nanmean(np.log(base))))
        return np.asarray(own - np.nanmean(base))


def figure(views: Iterable[View], tier: str = "shipped") -> Picture | Note:
    """A dot a seed, and the 90 % interval of a contender's mean beside the baseline's.

    Of several recordings of a case the one with the most seeds.
    """
    best: dict[tuple[str, str], Panel] = {}
    for panel in (panel for view in views for panel in _panels(view, tier)):
        name = (panel.case.name, panel.objective.name)
        if name not in best or panel.seeds > best[name].seeds:
            best[name] = panel
    found = list(best.values())
    if not found:
        return Note("No recording of this domain lets the sides draw their own seeds.")
    heights = [
        BAR * len(one.reached) + GAP + 0.15 * folded(short(one.case.name), FITS).count("\n")
        for one in found
    ]
    with canvas(sum(heights) + 0.5, len(found), heights) as (drawn, axes):
        told = [_draw(axis, one) for axis, one in zip(axes, found, strict=True)]
        names = listed(dict.fromkeys(one.view.name for one in found))
        axes[-1].set_xlabel(
            f"{axes[-1].get_xlabel()}\n● one seed; line: 90 % interval of the means\n"
            f"band: what the case allows; recording {names}",
            loc="left",
        )
    return Picture(drawn, "Outcomes of free seeds beside the baseline's. " + " ".join(told))


def _panels(view: View, tier: str) -> list[Panel]:
    found = []
    for case in view.cases.values():
        if not case.free_seeds:
            continue
        asked_of, told, failed = {}, {}, set()
        for name in dict.fromkeys([case.baseline, *case.contenders]):
            key = (case.name, name, tier)
            asked = {
                r.split
                for r in view.records
                if r.role == "run" and (r.case, r.contender, r.tier) == key
            }
            mine = [one for one in view.parity if (one.case, one.contender, one.tier) == key]
            if asked:
                asked_of[name], told[name] = sorted(asked), mine
            if any(line.parity == "fail" for line in mine):
                failed.add(name)
        if case.baseline not in told or len(told) < 2:
            continue
        for objective in objectives(case):
            reached = {n: outcomes(objective, told[n], asked_of[n]) for n in told}
            found.append(Panel(view, case, objective, reached, failed))
    return found


def _draw(axis: Axes, one: Panel) -> str:
    """One panel; returns what it shows in words."""
    scale = one.objective.scale
    base, said = one.case.baseline, []
    for place, name in enumerate(one.reached):
        dots = one.relative(name)
        axis.plot(dots, [place + 0.2] * len(dots), "o", color=BLUE, ms=3, alpha=0.45, mew=0)
        words = f"{len(dots)} seeds"
        if name in one.failed:
            words = "✗ not comparable, an output contradicts itself"
        elif name != base:
            words = _interval(axis, place + 0.32, one.beside(name))
        text = f"{name}: {words}"
        axis.text(0, place - 0.1, text, va="bottom", size=8, transform=axis.get_yaxis_transform())
        said.append(text)
    others = [name for name in one.reached if name != base]
    axis.axvspan(*one.beside(others[0]).allowed, color=GREY, alpha=0.15, lw=0)
    axis.axvline(1.0 if scale == "ratio" else 0.0, color="black", lw=0.8)
    bare(axis, one.case.name, len(one.reached))
    what, how = one.objective.name.replace("_", " "), "/" if scale == "ratio" else "minus"
    axis.set_xlabel(f"{what} {how} the mean of {base}'s", loc="left")
    return f"{one.case.name}: {'; '.join(said)}."


def _interval(axis: Axes, height: float, result: Outcomes) -> str:
    """Draw a contender's interval beside the baseline's; returns it in words."""
    passed = result.parity == "pass"
    colour = GREEN if passed else VERMILLION
    axis.plot([result.low, result.high], [height] * 2, color=colour, lw=2.6)
    mark = "✓ same quality" if passed else "? unchecked"
    if np.isnan(result.low):
        return f"{mark}, {min(result.seeds)} seeds are too few"
    return f"{mark}, {result.estimate:.3f} [{result.low:.3f}, {result.high:.3f}]"
