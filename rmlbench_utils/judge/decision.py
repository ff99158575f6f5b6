"""The verdict of one row, in the order of the rules, with its reason in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rmlbench_utils.judge.failures import holds_with_limit
from rmlbench_utils.judge.sides import Measure, Side
from rmlbench_utils.judge.statistics import detectable_ratio, detectable_words

Verdict = Literal["faster", "slower", "equivalent", "inconclusive", "not comparable"]
Call = tuple[Verdict, str]
MIN_BLOCKS = 10
FIRST_LOOK = 20


@dataclass(frozen=True)
class Row:
    """What the verdict of a row is read from; ratios are contender / baseline, NaN if unknown."""

    contender: str
    baseline: str
    measure: Measure
    ratio: float
    low: float
    high: float
    low_simultaneous: float
    high_simultaneous: float
    p_adjusted: float
    equivalence_p: float
    spread: float
    n_runs: int
    margin: float
    alpha: float
    primary: bool
    family_size: int
    check: bool
    limit_s: float
    sides: tuple[Side | None, Side | None]


def decide(row: Row) -> Call:
    """The verdict of a row whose sides both passed parity on terms that are not unequal."""
    call = _short(row) or _long(row)
    return _with_failures(row, call)


def called(ratio: float, p: float, equivalence_p: float, alpha: float) -> Verdict:
    """What the two tests say of a ratio: within the margin comes before different from 1."""
    if equivalence_p < alpha:
        return "equivalent"
    if p < alpha:
        return "faster" if ratio < 1 else "slower"
    return "inconclusive"


def _short(row: Row) -> Call | None:
    what = f"{row.measure.metric} of {row.measure.phase}"
    if math.isnan(row.ratio):
        return "inconclusive", f"{what} was not measured on both sides of any block"
    if row.check:
        return "inconclusive", "profile check only tests that measuring works"
    if row.n_runs < MIN_BLOCKS:
        return "inconclusive", f"{row.n_runs} paired blocks, a verdict needs {MIN_BLOCKS}"
    return None


def _long(row: Row) -> Call:
    verdict = called(row.ratio, row.p_adjusted, row.equivalence_p, row.alpha)
    words = {"equivalent": _equivalent, "inconclusive": _open}.get(verdict, _different)
    return verdict, words(row)


def _equivalent(row: Row) -> str:
    text = f"within the margin of {100 * row.margin:g} %"
    if not row.low <= 1 <= row.high:
        text += f", though {_direction(row)} by {100 * abs(row.ratio - 1):.2g} %"
    return text


def _different(row: Row) -> str:
    text = f"{_amount(row)}, {_interval(row.low_simultaneous, row.high_simultaneous)}"
    if row.primary:
        text += f" for all {row.family_size} rows together" if row.family_size > 1 else ""
        text += _exaggerated(row)
    return text


def _open(row: Row) -> str:
    text = f"{_amount(row)}, {_interval(row.low, row.high)}"
    if row.low <= 1 <= row.high:
        text += ": neither different from 1 nor surely within the margin"
    else:
        text += f": differs from 1 alone, not among {row.family_size} rows"
    return text


def _with_failures(row: Row, call: Call) -> Call:
    contender, baseline = row.sides
    if contender is None or baseline is None or not contender.failures + baseline.failures:
        return call
    verdict, text = call
    text = f"given success: {text}"
    failed = [
        name
        for name, side in ((row.contender, contender), (row.baseline, baseline))
        if side.failures
    ]
    who = " and ".join(failed)
    if verdict == "inconclusive":
        return "inconclusive", text
    favoured = {"faster": row.contender, "slower": row.baseline}.get(verdict, failed[0])
    if favoured in failed:
        return "inconclusive", f"{text}; runs of {who} failed, so no {verdict} in its favour"
    assert verdict in ("faster", "slower")
    if not holds_with_limit(contender, baseline, row.measure, row.limit_s, row.alpha, verdict):
        return "inconclusive", f"{text}; not so with time-outs of {who} set to the limit"
    return verdict, text


def _exaggerated(row: Row) -> str:
    if row.n_runs >= FIRST_LOOK or not row.spread > 0:
        return ""
    least = detectable_ratio(row.spread, row.n_runs, row.family_size, row.alpha)
    if abs(math.log(row.ratio)) > math.log(least):
        return ""
    return (
        f"; {row.n_runs} blocks find a ratio of {detectable_words(least)} four times in five, and "
        "one as near to 1 as this only when chance exaggerates it"
    )


def _direction(row: Row) -> str:
    small = row.ratio < 1
    if row.measure.unit == "bytes":
        return "smaller" if small else "larger"
    return "shorter" if small else "longer"


def _amount(row: Row) -> str:
    what = "the memory" if row.measure.unit == "bytes" else "the time"
    return f"{row.ratio:.4g} times {what} of {row.baseline}"


def _interval(low: float, high: float) -> str:
    if math.isnan(low):
        return "no interval"
    return f"interval {low:.4g} to {high:.4g}"
