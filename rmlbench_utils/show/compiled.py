"""What compiling a network costs once, and after how many calls it has paid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from rmlbench_utils.judge.break_even import BreakEven, break_even
from rmlbench_utils.judge.decision import MIN_BLOCKS
from rmlbench_utils.judge.samples import first_call, steady_mean
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.times import good, shown, t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import count, ranged, short

TIER = "shipped"
CALLS = {"fit": "a training step", "predict": "answering a window of test rows"}


def table(views: Iterable[View], contender: str) -> Table | Note:
    """What a contender pays once more than its baseline, and when that is made good.

    Paid once: loading, and the first call beyond what any later one takes. Means over blocks with
    their 95 % intervals; the calls are Fieller's 95 % set. A case of several recordings is told
    by the one with the most blocks.
    """
    told: dict[str, tuple[int, list[dict[str, str]]]] = {}
    for view in views:
        for name, case in view.cases.items():
            if contender not in shown(view, name, TIER):
                continue
            pairs = _pairs(view, name, contender, case.baseline)
            if len(pairs) > told.get(name, (MIN_BLOCKS - 1, []))[0]:
                rows = [_row(pairs, phase) for phase in CALLS if phase in pairs[0][0].samples]
                where = {"case": short(name), "recording": view.name}
                told[name] = len(pairs), [{**where, **row} for row in rows]
    rows = [row for _, each in told.values() for row in each]
    if not rows:
        return Note(f"{contender} has parity in no case of {MIN_BLOCKS} blocks.")
    return Table(pd.DataFrame(rows), f"when {contender} pays")


def _pairs(view: View, case: str, contender: str, baseline: str) -> list[tuple[RunRecord, ...]]:
    """The runs of contender and baseline in each block that has both."""
    runs = [run for run in good(view, case) if run.tier == TIER]
    mine, theirs = (
        {run.block: run for run in runs if run.contender == name} for name in (contender, baseline)
    )
    return [(mine[block], theirs[block]) for block in sorted(mine.keys() & theirs.keys())]


def _row(pairs: list[tuple[RunRecord, ...]], phase: str) -> dict[str, str]:
    once, each = (
        np.array([[cost(run, phase) / 1e9 for run in pair] for pair in pairs])
        for cost in (_once, _each)
    )
    more = once[:, 0] - once[:, 1]
    turn = break_even(more, each[:, 0] - each[:, 1])
    return {
        "call": CALLS[phase],
        "compiled": _mean(each[:, 0]),
        "not compiled": _mean(each[:, 1]),
        "paid once more": _mean(more),
        "calls that make it good": _turning(turn),
    }


def _mean(seconds: Floats) -> str:
    return ranged(float(seconds.mean()), *t_interval(seconds), "s")


def _once(run: RunRecord, phase: str) -> float:
    samples = run.samples[phase]
    return run.phases["load"].wall_ns + first_call(samples) - steady_mean(samples)


def _each(run: RunRecord, phase: str) -> float:
    return steady_mean(run.samples[phase])


def _turning(turn: BreakEven) -> str:
    """``3,400 [2,900, 4,100]``, or why there is no such number."""
    if turn.kind == "between":
        said = f"{count(turn.estimate)} [{count(turn.low)}, {count(turn.high)}]"
        return said if turn.per_call < 0 else f"none after {said}"
    if turn.kind == "never":
        return "none: it costs more throughout" if turn.fixed > 0 else "0"
    if turn.kind == "more than":
        return f"more than {count(turn.low)}, if any"
    if turn.kind == "at most":
        return f"at most {count(turn.high)}, if any"
    return "cannot be told"
