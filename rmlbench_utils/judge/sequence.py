"""What position and predecessor do to a run: the two effects that balanced orders cancel."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from rmlbench_utils.judge.samples import steady_mean
from rmlbench_utils.protocol.record import RunRecord

EFFECTS = ("position", "predecessor")
COLUMNS = ["effect", "runs", "change", "low", "high"]


def sequence_effects(
    records: Iterable[RunRecord], heavy: Iterable[str], phase: str = "fit"
) -> pd.DataFrame:
    """Position and predecessor effects on a phase's time, pooled over cases and contenders.

    Least squares of a run's log time on its position and on whether a heavy process ran before
    it, each taken from its mean over the runs of the same contender and case.

    Parameters
    ----------
    heavy
        Contenders whose process is heavy (a Python one): the predecessor effect is how much
        longer a run takes right after one of them.

    Returns
    -------
    DataFrame
        ``effect`` (position: per place later in the block; predecessor), ``runs``, ``change``
        as a share (0.01 is 1 % longer), and its 95 % interval; empty where they cannot be told.
    """
    groups: dict[tuple[str, str, str], list[tuple[float, float, float]]] = defaultdict(list)
    weights = set(heavy)
    for record in records:
        if record.role != "run" or record.status != "ok" or phase not in record.samples:
            continue
        before = (record.predecessor or "").split(":")[0]
        value = math.log(steady_mean(record.samples[phase]))
        groups[record.case, record.contender, record.tier].append(
            (value, float(record.position), float(before in weights))
        )
    within = [_centred(np.array(group)) for group in groups.values() if len(group) > 1]
    if not within:
        return pd.DataFrame(columns=COLUMNS)
    y, *x = np.concatenate(within).T
    kept = [(name, one) for name, one in zip(EFFECTS, x, strict=True) if one.any()]
    freedom = len(y) - len(within) - len(kept)
    if not kept or freedom < 1:
        return pd.DataFrame(columns=COLUMNS)
    design = np.stack([one for _, one in kept], axis=1)
    inverse = np.linalg.pinv(design.T @ design)
    slopes = inverse @ design.T @ y
    variance = ((y - design @ slopes) ** 2).sum() / freedom
    widths = stats.t.isf(0.025, freedom) * np.sqrt(variance * np.diag(inverse))
    found = [
        (name, len(y), *np.expm1([slope, slope - width, slope + width]))
        for (name, _), slope, width in zip(kept, slopes, widths, strict=True)
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def _centred(group: np.ndarray) -> np.ndarray:
    """Columns from their mean: what a contender and case have in common is taken out."""
    return np.asarray(group - group.mean(axis=0))
