"""Is a recording void? Names of one program, exchanged at random within blocks, by SciPy."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from scipy import stats

from tests.independent.plan import case_name
from tests.independent.runs import Key, Run, numbers

DRAWS = 5000


def void(plan: dict[str, Any], runs: dict[Key, dict[int, Run]], level: float = 0.01) -> bool:
    """Whether the largest paired t of any two names is seen in under 1 % of exchanges."""
    null = plan.get("null")
    if not null:
        return False
    name = case_name(null["case"])
    first = (null["case"]["primary"]["phase"], null["case"]["primary"]["metric"])
    sides = [mine for (case, *_), mine in runs.items() if case == name]
    good = [{k: numbers(run)[first] for k, run in mine.items() if numbers(run)} for mine in sides]
    blocks = sorted(set.intersection(*map(set, good))) if good else []
    timed = [one for one in null["contenders"] if one["repeat"]]
    if len(blocks) < 3 or len(good) != len(timed):
        return False
    times = np.log([[mine[block] for mine in good] for block in blocks])
    random = np.random.default_rng(42)
    exchanged = random.permuted(np.repeat(times[None], DRAWS, axis=0), axis=2)
    p = np.mean(largest(exchanged) >= largest(times[None]) - 1e-9)
    return bool((p * DRAWS + 1) / (DRAWS + 1) < level)


def largest(times: Any) -> Any:
    """The largest |t| of any two names, times of shape ``[draws, blocks, names]``."""
    pairs = itertools.combinations(range(times.shape[2]), 2)
    found = [stats.ttest_rel(times[:, :, a], times[:, :, b], axis=1).statistic for a, b in pairs]
    return np.abs(np.array(found)).max(axis=0)
