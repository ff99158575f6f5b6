"""Solvers that stop at different distances from the optimum: fit time against objective gap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from rmlbench_utils.judge.pairs import standing
from rmlbench_utils.judge.series import family, proximity
from rmlbench_utils.judge.sides import MEASURES, Side, sides
from rmlbench_utils.judge.statistics import Floats, interval, paired
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import Manifest, ParityLine, RunRecord

TARGETS = (1e-2, 1e-4, 1e-6)
HOW = ("tol", "dual")  # how a problem is solved, not what the problem is
_FIT = next(i for i, m in enumerate(MEASURES) if (m.phase, m.metric) == ("fit", "wall"))


@dataclass(frozen=True)
class Setting:
    """One contender at one tolerance of one solver.

    Attributes
    ----------
    blocks, seconds
        Blocks whose run succeeded, and the seconds of a fit there; ``[k]``.
    gaps
        Objective gap of every distinct output, relative to the optimum of its split; infinite
        for an output without one.
    failures
        Runs that failed, or whose output nobody looked at.
    """

    case: Case
    contender: str
    tier: str
    blocks: NDArray[np.int64]
    seconds: Floats
    gaps: Floats
    failures: int

    @property
    def solver(self) -> str:
        """``primal`` or ``dual``."""
        return "dual" if self.case.params["dual"] else "primal"

    @property
    def tol(self) -> float:
        return float(self.case.params["tol"])

    @property
    def gap(self) -> float:
        """The largest gap of any output."""
        return float(self.gaps.max(initial=0.0)) if len(self.gaps) else math.inf

    @property
    def median(self) -> float:
        """Median over blocks of the seconds of a fit."""
        return float(np.median(self.seconds)) if len(self.seconds) else math.nan

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the interval of the median that needs no distribution: order statistics with
        coverage of at least 95 % (Conover, Practical Nonparametric Statistics (1999), 3.2); NaN
        for fewer than six blocks, which have none."""
        n = len(self.seconds)
        below = int(stats.binom.ppf(0.025, n, 0.5)) if n else 0
        if below < 1:
            return math.nan, math.nan
        ordered = np.sort(self.seconds)
        return float(ordered[below - 1]), float(ordered[n - below])

    def reaches(self, target: float) -> bool:
        """Whether every run succeeded and every output is as near to the optimum as this."""
        return not self.failures and len(self.seconds) > 0 and self.gap <= target


@dataclass(frozen=True)
class Problem:
    """One problem, all settings it was solved with, at one tier.

    ``back_to_back`` says whether the settings of a block ran one after the other.
    """

    example: Case
    settings: tuple[Setting, ...]
    back_to_back: bool

    def of(self, contender: str) -> list[Setting]:
        """The settings of one contender, loosest tolerance first, primal before dual."""
        own = [one for one in self.settings if one.contender == contender]
        return sorted(own, key=lambda one: (one.solver == "dual", -one.tol))

    @property
    def contenders(self) -> list[str]:
        """The baseline, then the others."""
        names = [one.contender for one in self.settings]
        return list(dict.fromkeys([self.example.baseline, *names]))


@dataclass(frozen=True)
class Answer:
    """Who reaches a gap in what time: ``ratio`` is contender / baseline, NaN where a side never
    does; ``paired`` whether it is one of the same blocks, ``blocks`` how many (the fewer)."""

    target: float
    contender: str
    baseline: str
    chosen: tuple[Setting | None, Setting | None]  # the contender's, the baseline's
    ratio: float = math.nan
    low: float = math.nan
    high: float = math.nan
    paired: bool = False
    blocks: int = 0


def problem_of(case: Case) -> tuple[object, ...]:
    """What cases have in common that solve one problem on the same data."""
    what = {name: value for name, value in case.params.items() if name not in HOW}
    return family(case.model_copy(update={"params": what}))


def by_gap(case: Case) -> bool:
    """Whether a case is a point of a curve of time against objective gap.

    So are all fits of LIBLINEAR's machines: at one ``tol`` two solvers stop at different distances
    from the optimum, so their times at one ``tol`` are no verdict on them.
    """
    return case.level == "same quality" and "dual" in case.params


def problems(
    manifest: Manifest,
    records: Sequence[RunRecord],
    lines: Iterable[ParityLine],
    tier: str = "shipped",
) -> list[Problem]:
    """The problems of a recording that are compared by objective gap, in the order of its plan.

    A contender measured as shipped alone counts as both.
    """
    runs, gaps = sides(records), _gaps(lines)
    grouped: dict[tuple[object, ...], list[Case]] = {}
    for planned in manifest.plan.cases:
        if by_gap(planned.case):
            grouped.setdefault(problem_of(planned.case), []).append(planned.case)
    found = []
    for cases in grouped.values():
        names = {case.name: case for case in cases}
        settings = tuple(
            _setting(names[case], side, gaps)
            for (case, contender, own), side in runs.items()
            if case in names and own == _tier(runs, case, contender, tier)
        )
        blocks = {int(block) for one in settings for block in one.blocks}
        near = proximity(records, set(names), blocks)
        found.append(Problem(cases[0], settings, near.back_to_back))
    return [one for one in found if one.settings]


def _tier(runs: Iterable[tuple[str, str, str]], case: str, contender: str, tier: str) -> str | None:
    return standing({key[2] for key in runs if key[:2] == (case, contender)}, tier)


Gaps = dict[tuple[str, str, str], dict[tuple[int, str], float]]


def _gaps(lines: Iterable[ParityLine]) -> Gaps:
    """Case, contender and tier → split and output → objective gap."""
    found: Gaps = {}
    for line in lines:
        own = found.setdefault((line.case, line.contender, line.tier), {})
        own[line.split, line.outputs] = line.differences.get("objective", math.inf)
    return found


def _setting(case: Case, side: Side, gaps: Gaps) -> Setting:
    own = gaps.get(side.key, {})
    given = [(one.split, one.outputs) for one in side.records if one.status == "ok"]
    timed = side.ok & np.isfinite(side.values[:, _FIT])
    unseen = sum(key not in own for key in given)
    return Setting(
        case=case,
        contender=side.key[1],
        tier=side.key[2],
        blocks=side.blocks[timed],
        seconds=side.values[timed, _FIT] / 1e9,
        gaps=np.array(list(own.values()), dtype=np.float64),
        failures=int((~timed).sum()) + unseen,
    )


def answers(problem: Problem, targets: Sequence[float] = TARGETS) -> list[Answer]:
    """For each contender and target gap, the cheapest settings that reach it, and their ratio.

    Notes
    -----
    The estimand is the ratio of the geometric means over blocks of the seconds of a fit, each
    side at the cheapest (by median) of its own measured settings whose every output, on every
    split and from every seed, is at most ``target`` above the optimum. The interval is Student's
    on the log ratios of the blocks both ran in, where the settings of a block ran back to back
    or both sides chose the same case; else Welch's on the two means of logarithms. It does not
    hold the choice of the setting, which is made from the same runs, alike on both sides; it is
    not adjusted for the number of targets, and is no verdict.
    """
    base = problem.example.baseline
    return [
        _answer(problem, name, base, target)
        for name in problem.contenders
        if name != base
        for target in targets
    ]


def cheapest(settings: Iterable[Setting], target: float) -> Setting | None:
    """The setting of the least median time among those that reach the target; None if none."""
    reaching = [one for one in settings if one.reaches(target)]
    return min(reaching, key=lambda one: one.median, default=None)


def _answer(problem: Problem, contender: str, baseline: str, target: float) -> Answer:
    mine, theirs = (cheapest(problem.of(name), target) for name in (contender, baseline))
    if mine is None or theirs is None:
        return Answer(target, contender, baseline, (mine, theirs))
    together = problem.back_to_back or mine.case.name == theirs.case.name
    ratio, low, high, blocks = _paired(mine, theirs) if together else _unpaired(mine, theirs)
    return Answer(target, contender, baseline, (mine, theirs), ratio, low, high, together, blocks)


def _paired(mine: Setting, theirs: Setting) -> tuple[float, float, float, int]:
    _, a, b = np.intersect1d(mine.blocks, theirs.blocks, return_indices=True)
    fit = paired(np.log(mine.seconds[a]) - np.log(theirs.seconds[b]))
    low, high = interval(fit)
    ratio, least, most = (float(np.exp(log)) for log in (fit.estimate, low, high))
    return ratio, least, most, len(a)


def _unpaired(mine: Setting, theirs: Setting) -> tuple[float, float, float, int]:
    """Welch (1947), Biometrika 34, 28."""
    a, b = np.log(mine.seconds), np.log(theirs.seconds)
    fewest = min(len(a), len(b))
    ratio = float(np.exp(a.mean() - b.mean()))
    if fewest < 2:
        return ratio, math.nan, math.nan, fewest
    ends = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    return ratio, float(np.exp(ends.low)), float(np.exp(ends.high)), fewest
