"""Workloads at several sizes, as pages compare them: who has parity, laws, crossovers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rmlbench_utils.judge.crossover import Crossover, crossover
from rmlbench_utils.judge.decision import MIN_BLOCKS
from rmlbench_utils.judge.growth import Growth, grow
from rmlbench_utils.judge.series import (
    AXES,
    ROWS,
    Axis,
    Proximity,
    Series,
    Spent,
    family,
    proximity,
    series,
    side_at,
    spent,
)
from rmlbench_utils.judge.sides import Side, SideKey, sides
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.show.times import shown
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import count

ENOUGH = 3  # sizes, and blocks, that make a line
PROCESS = ("startup", "load", "convert+fit", "predict")


@dataclass(frozen=True)
class Line:
    """One contender of a series: what it spent, and how many of its runs failed."""

    contender: str
    axis: Axis
    spent: Spent
    failed: int
    runs: int

    @cached_property
    def growth(self) -> Growth:
        """The law of a fit."""
        return grow(self.spent.sizes.astype(float), self.spent.part("fit"))

    @cached_property
    def start(self) -> Crossover:
        """Where a fit costs as much as start-up."""
        fit, startup = (self.cost((part,)) for part in ("fit", "startup"))
        return crossover(self.spent.sizes.astype(float), fit, startup)

    def cost(self, parts: tuple[str, ...]) -> Floats:
        """Seconds of these parts, ``[k, s, p]``."""
        return np.stack([self.spent.part(part) for part in parts], axis=-1)

    def less(self, other: str) -> str:
        """That it costs less; in milder words where some of its runs failed."""
        if not self.failed:
            return f"{self.contender} costs less than {other}"
        return (
            f"{self.contender} took less than {other} where it succeeded "
            f"({self.failed} of its {self.runs} runs failed)"
        )


@dataclass(frozen=True)
class Workload:
    """The lines of one series at a tier, the baseline's first."""

    series: Series
    lines: list[Line]
    near: Proximity

    @property
    def name(self) -> str:
        """``ridge, alpha=1, synthetic linear, 50 columns, 1 thread``."""
        return label(self.series)

    @property
    def baseline(self) -> Line:
        return self.lines[0]


def label(one: Series) -> str:
    """A series in a reader's words."""
    case = one.example
    settings = [f"{key}={_plain(case.params[key])}" for key in case.named if key != "threads"]
    many = "thread" if case.threads == 1 else "threads"
    huge = [] if case.huge_pages else ["huge pages off"]
    data = re.sub(r"_?\d+x\d+", "", case.dataset).replace("_", " ")
    held = f"{one.held:,} {'columns' if one.axis == ROWS else 'rows'}"
    parts = [case.algorithm.replace("_", " "), *settings, data, held]
    return ", ".join([*parts, f"{case.threads} {many}", *huge])


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def widest(views: list[View], tier: str = "shipped", along: Axis = ROWS) -> View:
    """The recording with the most sizes in lines along an axis; of equals the first."""
    lengths = {
        view.name: sum(len(one.baseline.spent.sizes) for one in workloads(view, tier, along))
        for view in views
    }
    return max(views, key=lambda view: lengths[view.name])


def workloads(view: View, tier: str = "shipped", along: Axis = ROWS) -> list[Workload]:
    """Series along an axis with a line of the baseline and of somebody with parity."""
    runs = sides(view.records)
    found = [workload(view, runs, one, tier) for one in series(view.manifest, along)]
    return [one for one in found if one is not None and len(one.lines) > 1]


def workload(view: View, runs: dict[SideKey, Side], one: Series, tier: str) -> Workload | None:
    """The lines of a series that have ``ENOUGH`` sizes; None without the baseline's.

    A line is of sizes that follow each other: it does not pass over one without parity.
    """
    allowed = {case: shown(view, case, tier) for case in one.sizes.values()}
    others = [name for case in one.sizes.values() for name in view.cases[case].contenders]
    lines = []
    for name in dict.fromkeys([one.example.baseline, *others]):
        own = _longest(
            {
                size: side_at(runs, case, name, tier) if name in allowed[case] else None
                for size, case in one.sizes.items()
            }
        )
        if len(own) >= ENOUGH and (total := spent(own)) and len(total.blocks) >= ENOUGH:
            failed = sum(side.failures for side in own.values())
            attempts = sum(len(side.ok) for side in own.values())
            lines.append(Line(name, one.axis, total, failed, attempts))
    if not lines or lines[0].contender != one.example.baseline:
        return None
    blocks = {int(block) for line in lines for block in line.spent.blocks}
    kin = family(one.example, *AXES)
    cases = {name for name, each in view.cases.items() if family(each, *AXES) == kin}
    return Workload(one, lines, proximity(view.records, cases, blocks))


def _longest(sides: dict[int, Side | None]) -> dict[int, Side]:
    """The longest stretch of sizes that are all there."""
    best: dict[int, Side] = {}
    now: dict[int, Side] = {}
    for size, side in sides.items():
        now = {**now, size: side} if side is not None else {}
        best = now if len(now) > len(best) else best
    return best


def crossing(line: Line, base: Line, parts: tuple[str, ...]) -> tuple[Crossover, int] | None:
    """Where two lines meet and from how many blocks; None without three sizes in common."""
    a, b = line.spent, base.spent
    sizes, i, j = np.intersect1d(a.sizes, b.sizes, return_indices=True)
    _, k, m = np.intersect1d(a.blocks, b.blocks, return_indices=True)
    if len(sizes) < ENOUGH or len(k) < ENOUGH:
        return None
    mine, theirs = line.cost(parts)[np.ix_(k, i)], base.cost(parts)[np.ix_(m, j)]
    return crossover(sizes.astype(float), mine, theirs), len(k)


def where(line: Line, base: Line, parts: tuple[str, ...]) -> str:
    """Where a contender costs less than the baseline, with the crossover's set, in words."""
    met = crossing(line, base, parts)
    if met is None:
        return "cannot be told: too few sizes or blocks in common"
    found, blocks = met
    if blocks < MIN_BLOCKS:
        return f"cannot be told: {blocks} blocks, at least {MIN_BLOCKS} are needed"
    said = {-1: line.less(base.contender), 1: base.less(line.contender)}
    ends = f"from {count(found.low)} to {count(found.high)} {line.axis.name}"
    if not found.sets:
        return f"{said[found.signs[0]]} at every size measured, {ends}: no crossover"
    if not found.signs:
        return f"which costs less cannot be told at any size measured, {ends}"
    if len(found.sets) == 1 and len(found.signs) == 2 and found.signs[0] != found.signs[1]:
        low, high = found.sets[0]
        point = next((p for p in found.points if low <= p <= high), (low * high) ** 0.5)
        return (
            f"{said[found.signs[0]]} below {count(point)} {line.axis.name} "
            f"[{count(low)}, {count(high)}]; "
            f"above, {said[found.signs[1]]}"
        )
    return "; ".join(_stretches(found, said, line.axis.name))


def _stretches(found: Crossover, said: dict[int, str], unit: str) -> list[str]:
    """One clause a stretch of sizes, smallest first; the ends are those of the recording."""
    clauses, signs, at = [], list(found.signs), found.low
    for low, high in found.sets:
        if low > found.low:
            clauses.append(f"{said[signs.pop(0)]} from {count(at)} to {count(low)} {unit}")
        beyond = " (and nothing is said of larger ones)" if high == found.high else ""
        beyond = " (and nothing is said of smaller ones)" if low == found.low else beyond
        clauses.append(f"it cannot be told from {count(low)} to {count(high)} {unit}{beyond}")
        at = high
    if signs:
        clauses.append(f"{said[signs[0]]} from {count(at)} to {count(found.high)} {unit}")
    return clauses
