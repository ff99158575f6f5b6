"""Rows to begin a clustering from, drawn once for all contenders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from rmlbench_utils.datasets.card import Floats
from rmlbench_utils.datasets.files import Prepared, store
from rmlbench_utils.protocol.job import FileRef

STARTS = 64  # rows drawn, the most clusters a case can begin with


def start_file(prepared: Prepared, cache: Path) -> FileRef:
    """``start`` int64 [s], rows of ``x_train``, as a file in ``cache``: the same each time."""
    x = load_file(prepared.train.path)["x_train"]
    return store(cache, {"start": start_rows(x, min(STARTS, len(x)), prepared.seed)})


def start_rows(x: Floats, count: int, seed: int) -> NDArray[np.int64]:
    """``count`` rows of ``x`` [n, d] picked one after the other by k-means++.

    The first is uniform, each next one is drawn with probability proportional to its squared
    distance to the nearest row picked before (Arthur and Vassilvitskii, SODA 2007), so the first
    k are a start for any k up to ``count``. Where every row lies on a picked one, the lowest rows
    not yet picked follow.

    Raises
    ------
    ValueError
        If there are fewer rows than ``count``.
    """
    if not 1 <= count <= len(x):
        raise ValueError(f"count is {count}: it must be from 1 to the {len(x)} rows")
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, len(x), count])))
    picked = [int(random.integers(len(x)))]
    closest = ((x - x[picked[0]]) ** 2).sum(axis=1)
    while len(picked) < count:
        reached = np.cumsum(closest)
        if not reached[-1] > 0:
            others = np.setdiff1d(np.arange(len(x)), picked)
            picked += others[: count - len(picked)].tolist()
            break
        row = int(np.searchsorted(reached, random.random() * reached[-1], side="right"))
        picked.append(min(row, len(x) - 1))
        closest = np.minimum(closest, ((x - x[picked[-1]]) ** 2).sum(axis=1))
        closest[picked] = 0.0
    return np.array(picked, dtype=np.int64)
