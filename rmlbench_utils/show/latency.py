"""How long one row takes, and what of it is checking and calling."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes

from rmlbench_utils.judge.samples import latency_quantile
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.picture import (
    BLUE,
    GREY,
    VERMILLION,
    Note,
    Picture,
    canvas,
    decades,
)
from rmlbench_utils.show.stacks import BAR, LINE, WIDE, absentees, bare, small
from rmlbench_utils.show.times import at_tier, good, left_out, shown, t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, ranged

TIER = "shipped"
UNCHECKED, DOT = "latency_p50_unchecked", "latency_p50_dot"
MARKS = {"baseline": (VERMILLION, "s"), "contender": (BLUE, "o"), "part": (GREY, "D")}


@dataclass(frozen=True)
class Bar:
    """Geometric mean over runs of a run's median, ns a call, with its 95 % interval."""

    name: str
    kind: str
    value: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """``own: 85.2 ns [84.0, 86.4]``."""
        return f"{self.name}: {ranged(self.value, self.low, self.high, 'ns')}"


def single_rows(view: View, serving: bool = False) -> Picture | Note:
    """Median time to predict one row: who has parity, the baseline, and parts of its call.

    With ``serving`` of a case that serves a trained model, else of one that trains.

    The dots are geometric means of the runs' medians; the intervals are Student t on their
    logarithms.
    """
    case = pick(view, serving)
    if case is None:
        return Note(f"No single rows were timed in recording {view.name}.")
    found = bars(view, case)
    if not found:
        absent = absentees(left_out(view, case, TIER))
        return Note(f"No single rows to compare in recording {view.name}: {absent}.")
    return _draw(case, found, left_out(view, case, TIER))


def pick(view: View, serving: bool = False) -> str | None:
    """Ridge on the smallest real dataset its baseline was timed on, else the first case."""
    timed = {run.case for run in good(view) if _median(run) and _is_baseline(view, run)}
    cases = [c for name, c in view.cases.items() if name in timed and bool(c.served) == serving]
    real = [
        case
        for case in cases
        if case.algorithm == "ridge" and not case.dataset.startswith("synthetic")
    ]
    rows = {name: facts.get("rows", math.inf) for name, facts in view.manifest.datasets.items()}
    real.sort(key=lambda case: (rows.get(case.dataset, math.inf), case.threads))
    return next((case.name for case in [*real, *cases]), None)


def bars(view: View, case: str) -> list[Bar]:
    """The bars of a case, the baseline and its parts first; none if nothing may be compared."""
    runs = at_tier(list(good(view, case)), TIER)
    baseline = view.cases[case].baseline
    timed: dict[tuple[str, str], list[float]] = {}
    for run in runs:
        if run.contender == baseline:
            timed.setdefault((baseline, "baseline"), []).append(_median(run))
            for curve, name in ((UNCHECKED, f"{baseline}, checks off"), (DOT, "bare NumPy dot")):
                for _, _, value in run.curves.get(curve, [])[:1]:
                    timed.setdefault((name, "part"), []).append(value)
    for name in view.cases[case].contenders:
        if name != baseline and name in shown(view, case, TIER):
            own = [_median(run) for run in runs if run.contender == name]
            timed[name, "contender"] = own
    found = [_bar(*key, values) for key, values in timed.items() if any(values)]
    compared = any(bar.kind == "contender" for bar in found)
    return sorted(found, key=lambda bar: bar.kind == "contender") if compared else []


def caption(found: list[Bar]) -> str:
    """What the checks cost and what the call costs, where the records tell them apart."""
    kinds = {bar.kind: bar for bar in found if bar.kind == "baseline"}
    parts = [bar.value for bar in found if bar.kind == "part"]
    whole = kinds["baseline"]
    if len(parts) < 2:
        return ""
    unchecked, dot = parts
    if not whole.value > unchecked > dot:
        return ""
    return (
        f"Of {whole.name}'s {amount(whole.value, 'ns', 2)}, "
        f"{amount(whole.value - unchecked, 'ns', 2)} are checks that can be switched off and "
        f"{amount(unchecked - dot, 'ns', 2)} the rest of the call around "
        f"a dot product of {amount(dot, 'ns', 2)}."
    )


def _median(run: RunRecord) -> float:
    """Median of the run's single-row calls, ns; 0 where it timed none."""
    return latency_quantile(run.latency, 0.5) if run.latency else 0.0


def _is_baseline(view: View, run: RunRecord) -> bool:
    return run.case in view.cases and run.contender == view.cases[run.case].baseline


def _bar(name: str, kind: str, values: list[float]) -> Bar:
    logs = np.log([value for value in values if value > 0])
    low, high = t_interval(logs)
    return Bar(name, kind, float(np.exp(logs.mean())), math.exp(low), math.exp(high))


def _draw(case: str, found: list[Bar], absent: dict[str, str]) -> Picture:
    lines = textwrap.wrap(absentees(absent), WIDE)
    said = textwrap.wrap(caption(found), 70)
    rows = len(found) + LINE * len(lines)
    label = (
        "time of one predict of one row, log axis\nmedian of a run; line: 95 % t interval over runs"
    )
    with canvas(BAR * rows + 1.1 + 0.15 * len(said)) as (figure, (axis,)):
        axis.set_xscale("log")
        for place, bar in enumerate(found):
            _dot(axis, place, bar)
        for line, text in enumerate(lines):
            small(axis, len(found) - 0.35 + LINE * line, text)
        bare(axis, case, rows)
        decades(axis, [bar.value for bar in found], "ns")
        axis.set_xlabel("\n".join([label, *said]), loc="left")
    shown_ones = [bar.words for bar in found] + ([absentees(absent)] if absent else [])
    alt = f"Median time to predict one row, {case}: {'; '.join(shown_ones)}. {caption(found)}"
    return Picture(figure, alt.strip())


def _dot(axis: Axes, place: int, bar: Bar) -> None:
    colour, marker = MARKS[bar.kind]
    axis.plot([bar.low, bar.high], [place + 0.2] * 2, color=colour, lw=2.2)
    axis.plot([bar.value], [place + 0.2], marker, color=colour, ms=6)
    where = axis.get_yaxis_transform()
    axis.text(0, place - 0.1, bar.words, va="bottom", size=8, transform=where)
