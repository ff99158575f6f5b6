"""One-sided limits: at most how much longer a contender takes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.pairs import pairs, tabulate
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.statistics import interval, paired
from rmlbench_utils.protocol.record import Manifest, RunRecord


def upper_limits(
    manifest: Manifest, records: list[RunRecord], contender: str, alpha: float = 0.05
) -> pd.DataFrame:
    """Upper one-sided ``1 - alpha`` limits of a contender's primary ratio to the baseline.

    Returns
    -------
    DataFrame
        ``case``, ``tier``, ``ratio``, ``upper`` (the limit), ``blocks``; one row for each
        case and tier of the contender, whatever its parity: the caller shows only those
        with parity.
    """
    found = [p for p in pairs(manifest.plan) if p.primary and p.contender.contender == contender]
    table = tabulate(found, sides(records))
    rows = []
    for i, pair in enumerate(found):
        fit = paired(table.log_ratio[i, primary_column(pair.planned.case)], table.position[i])
        upper = interval(fit, 2 * alpha)[1]
        for tier in pair.tiers:
            values = (float(np.exp(fit.estimate)), float(np.exp(upper)), int(fit.pairs))
            rows.append((pair.case, tier, *values))
    return pd.DataFrame(rows, columns=["case", "tier", "ratio", "upper", "blocks"])
