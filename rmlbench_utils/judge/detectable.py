"""The smallest ratio a recording could tell from 1."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.pairs import pairs, tabulate
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.statistics import detectable_ratio, paired
from rmlbench_utils.protocol.record import Manifest, RunRecord


def detectable(manifest: Manifest, records: Iterable[RunRecord]) -> float | None:
    """Median over the primary pairs of the ratio found four times in five, family-wise.

    None where no pair has been measured often enough to know its spread.
    """
    found = [pair for pair in pairs(manifest.plan) if pair.primary]
    table = tabulate(found, sides(records))
    ratios = []
    for i, pair in enumerate(found):
        k = primary_column(pair.planned.case)
        fit = paired(table.log_ratio[i, k], table.position[i])
        if int(fit.pairs) > 2 and int(fit.freedom) > 0:
            count = int(fit.pairs)
            alpha = manifest.plan.alpha
            ratios.append(detectable_ratio(float(fit.spread), count, len(found), alpha))
    known = [ratio for ratio in ratios if math.isfinite(ratio)]
    return float(np.median(known)) if known else None
