"""Families of rows: which are judged together, their adjusted p-values and intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.multiplicity import Adjust, adjusted, simultaneous
from rmlbench_utils.judge.pairs import Pair
from rmlbench_utils.judge.sides import MEASURES
from rmlbench_utils.judge.statistics import Floats, Paired
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError

ABSENT, PRIMARY, BESIDE, SECONDARY = range(4)
CONVERTED = next(i for i, m in enumerate(MEASURES) if m.phase == "convert+fit")
LOADED = [i for i, m in enumerate(MEASURES) if m.phase == "load"]


@dataclass(frozen=True)
class Judged:
    """Adjusted p-values and simultaneous limits (log ratios), shape ``[p, k]``; family sizes."""

    p_adjusted: Floats
    low: Floats
    high: Floats
    size: NDArray[np.int64]


def membership(found: list[Pair], measured: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The family of each pair and measure, shape ``[p, k]``.

    Primary: what the plan says, measured or not. Beside a fit ``convert+fit``, adjusted as the
    primary rows are and counted as they are, so that the two verdicts of a row differ by the
    layout only. The rest is secondary. A pair in two tiers is one member. Where one side is
    served its model, what ``load`` takes is a session's making on that side and the reading of
    training data on the other: no pair.
    """
    family = np.where(measured, SECONDARY, ABSENT)
    for i, pair in enumerate(found):
        case, names = pair.planned.case, (pair.contender.contender, pair.baseline.contender)
        if len({case.fits(name) for name in names}) == 2:
            family[i, LOADED] = ABSENT
        if pair.primary:
            if case.primary.phase == "fit":
                family[i, CONVERTED] = BESIDE
            family[i, primary_column(pair.planned.case)] = PRIMARY
    return family


def primary_column(case: Case) -> int:
    """Where a case's primary phase and metric stands in ``MEASURES``.

    Raises
    ------
    UsageError
        If a case's primary phase and metric is nothing a run records.
    """
    wanted = case.primary
    for i, measure in enumerate(MEASURES):
        if (measure.phase, measure.metric) == (wanted.phase, wanted.metric):
            return i
    allowed = ", ".join(f"{m.phase} {m.metric}" for m in MEASURES)
    raise UsageError(
        f"primary of {case.name} is {wanted.phase} {wanted.metric}: it must be one of {allowed}"
    )


def judge(
    fit: Paired, p: Floats, family: NDArray[np.int64], method: Adjust, alpha: float
) -> Judged:
    """Adjust each family: primary and beside by ``method``, secondary by FDR."""
    result = Judged(
        np.full(p.shape, np.nan),
        np.full(p.shape, np.nan),
        np.full(p.shape, np.nan),
        np.ones(p.shape, dtype=np.int64),
    )
    for member in (PRIMARY, BESIDE, SECONDARY):
        rows = family == member
        if member == SECONDARY:
            rows &= ~np.isnan(p)
        if not rows.any():
            continue
        how: Adjust = "fdr" if member == SECONDARY else method
        result.p_adjusted[rows] = adjusted(p[rows], how)
        low, high = simultaneous(_pick(fit, rows), result.p_adjusted[rows], how, alpha)
        result.low[rows], result.high[rows] = low, high
        result.size[rows] = int(rows.sum())
    return result


def _pick(fit: Paired, rows: NDArray[np.bool_]) -> Paired:
    return Paired(
        fit.estimate[rows],
        fit.error[rows],
        np.broadcast_to(fit.freedom, fit.estimate.shape)[rows],
        fit.pairs[rows],
        fit.slope[rows],
        fit.spread[rows],
    )
