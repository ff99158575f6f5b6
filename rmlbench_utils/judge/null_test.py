"""The test that every recording carries of itself: one program under several names."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.sides import Side, SideKey
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.record import Manifest

LEVEL = 0.01  # a recording is void where p is below this
DRAWS = 9999
LEAST = 3  # blocks that tell a spread


@dataclass(frozen=True)
class NullTest:
    """``p`` that no two names of the one program differ, from whole ``blocks``.

    NaN where too few blocks were measured to tell.
    """

    p: float
    blocks: int
    names: int

    @property
    def void(self) -> bool:
        """Whether no verdict may be read from the recording."""
        return self.p < LEVEL

    @property
    def sentence(self) -> str:
        """Why the recording is void."""
        return (
            f"the recording is void: one program under {self.names} names differed from itself "
            f"over {self.blocks} blocks, p = {self.p:.2g}"
        )


def null_test(manifest: Manifest, runs: dict[SideKey, Side], seed: int = 0) -> NullTest | None:
    """Test a recording's null case; None where its plan has none.

    Notes
    -----
    The statistic is the largest |t| over all pairs of names of the log times in whole blocks.
    Names are permuted within blocks (with two names: signs are flipped), which leaves its
    distribution alone if names mean nothing, since orders were drawn at random; the largest
    of all pairs needs no further adjustment (Westfall and Young 1993).
    """
    planned = manifest.plan.null
    if planned is None:
        return None
    mine = [side for (case, *_), side in runs.items() if case == planned.case.name]
    column = primary_column(planned.case)
    logs = [
        {
            int(b): float(v)
            for b, v in zip(side.blocks, side.values[:, column], strict=True)
            if v > 0
        }
        for side in mine
    ]
    whole = sorted(set.intersection(*map(set, logs))) if logs else []
    if len(whole) < LEAST or len(logs) != len(planned.timed):
        return NullTest(p=math.nan, blocks=len(whole), names=len(planned.timed))
    times = np.log(np.array([[one[block] for one in logs] for block in whole]))
    random = np.random.default_rng(seed)
    drawn = random.permuted(np.broadcast_to(times, (DRAWS, *times.shape)), axis=2)
    seen = float(_largest(times[None])[0])
    p = (1 + np.count_nonzero(_largest(drawn) >= seen * (1 - 1e-9))) / (1 + DRAWS)
    return NullTest(p=float(p), blocks=len(whole), names=len(logs))


def _largest(times: Floats) -> Floats:
    """Largest |t| of any pair of names, times of shape ``[draws, blocks, names]``."""
    found = np.zeros(len(times))
    for a, b in itertools.combinations(range(times.shape[2]), 2):
        gap = times[:, :, a] - times[:, :, b]
        spread = gap.std(axis=1, ddof=1)
        t = np.abs(gap.mean(axis=1)) / np.maximum(spread, 1e-300)
        found = np.maximum(found, t)
    return found
