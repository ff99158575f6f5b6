"""Which contender meets which baseline, and their runs side by side, block by block."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.sides import MEASURES, Side, SideKey
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.record import Plan, PlannedCase, PlannedContender

OWN, OWN_PYTHON = "own", "own-python"
OURS = frozenset({OWN, "own-port", OWN_PYTHON})  # written for this benchmark, no library
TWINS = ((OWN, OWN_PYTHON), ("ort", "onnxruntime"))  # Rust and Python doing the same work
TIERS = ("shipped", "tuned")


@dataclass(frozen=True)
class Pair:
    """A contender against a baseline in one case: one distinct comparison.

    ``tiers`` are the tiers it stands for: a side measured as shipped alone counts as both, so a
    pair of two such sides is one comparison shown in both.
    """

    planned: PlannedCase
    contender: PlannedContender
    baseline: PlannedContender
    tiers: tuple[str, ...]
    primary: bool

    @cached_property
    def case(self) -> str:
        return self.planned.case.name

    @property
    def keys(self) -> tuple[SideKey, SideKey]:
        """Of the contender's and the baseline's runs."""
        return (
            (self.case, self.contender.contender, self.contender.tier),
            (self.case, self.baseline.contender, self.baseline.tier),
        )


def pairs(plan: Plan) -> list[Pair]:
    """Every comparison of a plan, in its order: contender with baseline, Rust with its twin."""
    found: list[Pair] = []
    for planned in plan.cases:
        names = list(dict.fromkeys(one.contender for one in planned.contenders))
        base = planned.case.baseline
        wanted = [(name, base, True) for name in names if name != base]
        for rust, python in TWINS:
            if rust in names and python in names and base != python:
                wanted.append((rust, python, False))
        for name, other, primary in wanted:
            if other in names:
                found += _tiers(planned, name, other, primary)
    return found


def _tiers(planned: PlannedCase, name: str, other: str, primary: bool) -> list[Pair]:
    shown = [t for t in TIERS if any(one.tier == t for one in planned.contenders)]
    met: dict[tuple[str, str], list[str]] = {}
    chosen: dict[tuple[str, str], tuple[PlannedContender, PlannedContender]] = {}
    for tier in shown:
        a, b = _at(planned, name, tier), _at(planned, other, tier)
        if a is None or b is None:
            continue
        met.setdefault((a.id, b.id), []).append(tier)
        chosen[a.id, b.id] = (a, b)
    return [Pair(planned, *chosen[ids], tuple(tiers), primary) for ids, tiers in met.items()]


def _at(planned: PlannedCase, name: str, tier: str) -> PlannedContender | None:
    own: dict[str, PlannedContender] = {
        one.tier: one for one in planned.contenders if one.contender == name
    }
    return own.get(standing(own, tier) or "")


def standing(measured: Collection[str], tier: str) -> str | None:
    """The tier whose runs stand for ``tier``: itself, or ``shipped`` if that alone was measured.

    None where nothing does: every library has a shipped tier, for which a tuned build never
    stands.
    """
    if tier in measured:
        return tier
    return "shipped" if set(measured) == {"shipped"} else None


@dataclass(frozen=True)
class Table:
    """Log ratios of many pairs, NaN-padded to the longest: shapes ``[p, k, n]`` and ``[p, n]``."""

    log_ratio: Floats
    position: Floats
    contender_mean: Floats  # geometric means over the paired blocks, [p, k]
    baseline_mean: Floats
    blocks: NDArray[np.int64]  # blocks in which both sides ran, failed or not, [p]


def side_by_side(contender: Side | None, baseline: Side | None) -> tuple[Floats, Floats, Floats]:
    """Values of both sides in the blocks both ran in, ``[n, k]`` each, and positions ``[n]``."""
    if contender is None or baseline is None:
        nothing = np.empty((0, len(MEASURES)))
        return nothing, nothing, np.empty(0)
    _, a, b = np.intersect1d(contender.blocks, baseline.blocks, return_indices=True)
    return contender.values[a], baseline.values[b], contender.positions[a] - baseline.positions[b]


def tabulate(found: list[Pair], runs: dict[SideKey, Side]) -> Table:
    """Line up every pair of a recording; a value of 0 gives no ratio."""
    lined = [side_by_side(runs.get(a), runs.get(b)) for a, b in (pair.keys for pair in found)]
    longest = max((len(x) for *_, x in lined), default=0)
    shape = (len(found), len(MEASURES), max(longest, 1))
    log_ratio, position = np.full(shape, np.nan), np.zeros((shape[0], shape[2]))
    means = np.full((2, *shape[:2]), np.nan)
    for i, (a, b, x) in enumerate(lined):
        if not len(x):
            continue
        log_a, log_b = paired_logs(a, b)
        log_ratio[i, :, : len(x)] = (log_a - log_b).T
        position[i, : len(x)] = x
        count = np.isfinite(log_a).sum(axis=0)
        for side, logs in enumerate((log_a, log_b)):
            total = np.where(np.isfinite(logs), logs, 0.0).sum(axis=0)
            means[side, i] = np.where(count > 0, np.exp(total / np.maximum(count, 1)), np.nan)
    blocks = np.array([len(x) for *_, x in lined], np.int64)
    return Table(log_ratio, position, means[0], means[1], blocks)


def paired_logs(a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Logarithms of both sides, NaN in both where either has no positive value."""
    both = (a > 0) & (b > 0)
    return (
        np.log(np.where(both, a, 1.0), where=both, out=np.full_like(a, np.nan)),
        np.log(np.where(both, b, 1.0), where=both, out=np.full_like(b, np.nan)),
    )
