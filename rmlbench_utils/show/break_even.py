"""What a job costs with each contender, and after how many calls the order turns.

`book/static/break-even.js` says the same in the reader's browser; a test holds them together.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rmlbench_utils.judge.bootstrap import block_draws, ends
from rmlbench_utils.judge.break_even import BreakEven, break_even
from rmlbench_utils.judge.crossover import between
from rmlbench_utils.judge.statistics import Floats, interval, paired
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.show.break_even_words import WORDS
from rmlbench_utils.show.costs import MOST, PARTS, Payload
from rmlbench_utils.show.wording import amount, count, ratio


@dataclass(frozen=True)
class Question:
    """A job: a process that starts, loads, fits and predicts so often.

    ``workload`` is its place in the payload; ``layout`` is how often the memory layout a library
    is fastest on is built from C order: ``once``, all fits being on the same data, or ``every``
    fit.
    """

    workload: int
    tier: str
    rows: int
    fits: int
    predictions: int
    layout: Literal["once", "every"] = "once"


@dataclass(frozen=True)
class Outcome:
    """What a job costs with one contender.

    Attributes
    ----------
    parts
        Mean seconds: start-up, load, building the layout, all fits, all predictions.
    against
        Mean seconds of the baseline, in the blocks both have.
    ratio, low, high
        Total / the baseline's with the 95 % interval of the joint draws.
    sign
        -1 costs less, 1 more, 0 cannot be told: where interval and t test agree.
    turn
        The break-even number of calls.
    blocks
        Number of blocks.
    """

    contender: str
    parts: Floats
    against: Floats
    ratio: float
    low: float
    high: float
    sign: int
    turn: BreakEven
    blocks: int


def refusal(shipped: Payload, asked: Question) -> str | None:
    """Why a question has no answer here, in one sentence; None if it has one."""
    sizes = [size["rows"] for size in tier_of(shipped, asked)["sizes"]]
    for name, value in (("fits", asked.fits), ("predictions", asked.predictions)):
        if not 0 <= value <= MOST:
            return WORDS["bad calls"].format(name=name, value=value, most=f"{MOST:,}")
    if asked.fits + asked.predictions == 0:
        return WORDS["no calls"]
    if not sizes[0] <= asked.rows <= sizes[-1]:
        allowed = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
        return WORDS["bad rows"].format(value=asked.rows, allowed=allowed)
    return None


def tier_of(shipped: Payload, asked: Question) -> Payload:
    """The part of the payload a question is about."""
    found: Payload = shipped["workloads"][asked.workload]["tiers"][asked.tier]
    return found


def outcomes(shipped: Payload, asked: Question) -> list[Outcome]:
    """Every contender that can answer, the cheapest first."""
    if why := refusal(shipped, asked):
        raise UsageError(why)
    tier = tier_of(shipped, asked)
    names = [name for name in tier["failed"] if name != tier["baseline"]]
    found = [_outcome(shipped, tier, name, asked) for name in names]
    return sorted((one for one in found if one), key=lambda one: one.parts.sum())


def _outcome(shipped: Payload, tier: Payload, name: str, asked: Question) -> Outcome | None:
    paid = _at(tier, name, asked.rows)
    if paid is None:
        return None
    layouts = asked.fits if asked.layout == "every" else min(asked.fits, 1)
    often = np.array([1, 1, layouts, asked.fits, asked.predictions], float)
    mine, theirs = (one @ often for one in paid)
    drawn = block_draws(_uniform(shipped), len(mine))
    low, high = ends(mine[drawn].mean(axis=1) / theirs[drawn].mean(axis=1), len(mine))
    gap = (paid[0] - paid[1]) * often
    once = 2 if asked.layout == "every" else 3
    test_low, test_high = interval(paired(mine - theirs))
    sign = -1 if test_high < 0 and high < 1 else 1 if test_low > 0 and low > 1 else 0
    calls = asked.fits or asked.predictions
    return Outcome(
        contender=name,
        parts=paid[0].mean(axis=0) * often,
        against=paid[1].mean(axis=0) * often,
        ratio=float(mine.mean() / theirs.mean()),
        low=float(low),
        high=float(high),
        sign=sign if len(mine) >= shipped["least"] else 0,
        turn=break_even(gap[:, :once].sum(axis=1), gap[:, once:].sum(axis=1) / calls),
        blocks=len(mine),
    )


def _uniform(shipped: Payload) -> Floats:
    words = np.frombuffer(base64.b64decode(shipped["draws"]), "<u2")
    return words.reshape(-1, shipped["width"]) / 2**16


def _at(tier: Payload, name: str, rows: int) -> tuple[Floats, Floats] | None:
    """Seconds of contender and baseline in their common blocks, ``[k, 5]`` each.

    From the two sizes around ``rows``, or one; None where either may not be compared there, or
    they have fewer than two blocks in common: a size without parity is not passed over.
    """
    below = [size for size in tier["sizes"] if size["rows"] <= rows]
    above = [size for size in tier["sizes"] if size["rows"] >= rows]
    if not below or not above:
        return None
    around = [below[-1]] if below[-1] is above[0] else [below[-1], above[0]]
    if any(who not in size["spent"] for size in around for who in (name, tier["baseline"])):
        return None
    both = [[size["spent"][who] for size in around] for who in (name, tier["baseline"])]
    common = sorted(set.intersection(*(set(one["blocks"]) for side in both for one in side)))
    if len(common) < 2:
        return None
    at = np.array([size["rows"] for size in around], float)
    mine, theirs = (
        _parted([_interpolated(side, common, at, rows, k) for k in range(len(PARTS))])
        for side in both
    )
    return mine, theirs


def _parted(parts: list[Floats]) -> Floats:
    """Start-up, load, layout, fit and prediction from what is shipped."""
    startup, load, fit, converted, predict = parts
    return np.stack([startup, load, np.maximum(converted - fit, 0), fit, predict], axis=1)


def _interpolated(side: list[Payload], common: list[int], at: Floats, rows: int, k: int) -> Floats:
    """Seconds of part k in each block."""
    columns = [[one["us"][k][one["blocks"].index(block)] for block in common] for one in side]
    return between(at, np.array(columns, float).T / 1e6, np.array([rows]))[:, 0]


def verdict(shipped: Payload, asked: Question, one: Outcome) -> str:
    """``own costs less: 51 ms against 1.0 s, 0.05 [0.05, 0.06] of sklearn's.``"""
    tier = tier_of(shipped, asked)
    base, least = tier["baseline"], shipped["least"]
    winner = one.contender if one.sign < 0 else base
    failed, runs = tier["failed"][winner]
    kind = "less" if one.sign < 0 else "more" if one.sign > 0 else "tie"
    kind = "few" if one.blocks < least else "failed" if one.sign and failed else kind
    mine, theirs = amount(one.parts.sum(), "s"), amount(one.against.sum(), "s")
    values = WORDS["values"].format(
        mine=mine,
        theirs=theirs,
        ratio=ratio(one.ratio),
        low=ratio(one.low),
        high=ratio(one.high),
        base=base,
    )
    return WORDS[kind].format(
        name=one.contender,
        values=values,
        mine=mine,
        theirs=theirs,
        blocks=one.blocks,
        least=least,
        winner=winner,
        failed=failed,
        runs=runs,
    )


def turning(shipped: Payload, asked: Question, one: Outcome) -> str:
    """The break-even number of calls with its 95 % set, in a sentence or two."""
    tier, turn = tier_of(shipped, asked), one.turn
    names = (one.contender, tier["baseline"])
    middle = turn.fixed + (turn.low + turn.high) / 2 * turn.per_call
    kind = turn.kind if one.blocks >= shipped["least"] else "untold"
    ends = {"at": turn.estimate, "from": turn.low, "to": turn.high}
    said = WORDS[kind].format(
        calls=_calls(asked),
        start=_cheaper(names, turn.fixed + turn.per_call if kind == "never" else turn.fixed),
        middle=_cheaper(names, middle),
        end=_cheaper(names, turn.per_call),
        **{name: count(value) for name, value in ends.items() if math.isfinite(value)},
    )
    failures = [(name, *tier["failed"][name]) for name in names if tier["failed"][name][0]]
    told = [WORDS["failures"].format(name=n, failed=f, runs=r) for n, f, r in failures]
    return said + (WORDS["given"].format(list=" and ".join(told)) if told else "")


def _cheaper(names: tuple[str, str], gap: float) -> str:
    """The contender where the gap is below 0, else the baseline."""
    return names[0] if gap < 0 else names[1]


def _calls(asked: Question) -> str:
    if asked.fits == 0:
        return "predictions"
    if asked.predictions == 0:
        return "fits"
    return WORDS["with"]
