"""What tuning does to a baseline: its time in the tuned tier over its time as shipped."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.pairs import Pair, tabulate
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.statistics import interval, paired
from rmlbench_utils.protocol.record import Manifest, RunRecord


def tuned_ratios(manifest: Manifest, records: list[RunRecord]) -> pd.DataFrame:
    """Ratio of every baseline that ran in both tiers, block by block, with its 95 % interval.

    Returns
    -------
    DataFrame
        ``case``, ``baseline``, ``ratio``, ``ci_low``, ``ci_high``; whatever the parity.
    """
    found = []
    for planned in manifest.plan.cases:
        base = planned.case.baseline
        at = {one.tier: one for one in planned.contenders if one.contender == base}
        if len(at) == 2:
            found.append(Pair(planned, at["tuned"], at["shipped"], ("tuned",), True))
    table = tabulate(found, sides(records))
    rows = []
    for i, pair in enumerate(found):
        fit = paired(table.log_ratio[i, primary_column(pair.planned.case)], table.position[i])
        low, high = interval(fit)
        values = [float(np.exp(one)) for one in (fit.estimate, low, high)]
        rows.append((pair.case, pair.planned.case.baseline, *values))
    return pd.DataFrame(rows, columns=["case", "baseline", "ratio", "ci_low", "ci_high"])
