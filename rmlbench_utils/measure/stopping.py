"""When a case has been measured enough: by width alone, never by position or verdict."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.pairs import pairs, tabulate
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.statistics import half_width, paired
from rmlbench_utils.protocol.record import Plan, PlannedCase, RunRecord


def enough(plan: Plan, planned: PlannedCase, records: Iterable[RunRecord], blocks: int) -> bool:
    """Whether the case stops after ``blocks`` whole blocks.

    At ``min_blocks, min_blocks + step, ...`` every pair's 95 % interval of the primary log
    ratio must have a half-width of at most ``fraction`` x margin; at ``max_blocks`` the case
    stops anyway.
    """
    case = planned.case
    if blocks >= max(case.max_blocks, case.min_blocks):
        return True
    if blocks < case.min_blocks or (blocks - case.min_blocks) % plan.stopping.step:
        return False
    limit = plan.stopping.fraction * math.log1p(case.margin)
    seen = [record for record in records if record.block < blocks]
    return bool(np.nanmax(widths(plan, planned, seen), initial=0.0) <= limit)


def widths(plan: Plan, planned: PlannedCase, records: Iterable[RunRecord]) -> np.ndarray:
    """Half-widths of the 95 % intervals of the primary log ratio, one a pair."""
    found = [p for p in pairs(plan.model_copy(update={"cases": [planned]})) if p.primary]
    table = tabulate(found, sides(r for r in records if r.case == planned.case.name))
    return half_width(
        paired(table.log_ratio[:, primary_column(found[0].planned.case)], table.position)
    )
