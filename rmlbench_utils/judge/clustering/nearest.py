"""Which centre is nearest to a row, and whether that is decided by more than rounding."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.clustering.solution import Floats, Whole

ROWS = 8192
NEAR = 1e-9  # candidates are compared again, by differences in extended precision
TIE = 1e-12  # relative to |x|^2 + |c|^2: what products in double precision cannot tell apart


def nearest(x: Floats, centres: Floats) -> tuple[Whole, Whole]:
    """The nearest of ``centres`` [k, d] to every row of ``x`` [n, d].

    Returns
    -------
    labels, free
        The first of the nearest, ``[n]``; (row, other centre) for every other centre that is as
        near to within rounding, ``[t, 2]``.
    """
    shift = centres.mean(axis=0)
    about = centres - shift
    squares = np.einsum("kd,kd->k", about, about)
    labels = np.empty(len(x), np.int64)
    free = []
    for begin in range(0, len(x), ROWS):
        rows = x[begin : begin + ROWS] - shift
        values = squares - 2.0 * (rows @ about.T)
        size = np.einsum("nd,nd->n", rows, rows) + squares.max()
        best = values.min(axis=1)
        labels[begin : begin + ROWS] = values.argmin(axis=1)
        near = (values - best[:, None] <= NEAR * size[:, None]).sum(axis=1) > 1
        where = np.flatnonzero(near)
        if len(where):
            tied = _tied(rows[where], about, size[where])
            first = tied.argmax(axis=1)
            labels[begin + where] = first
            tied[np.arange(len(where)), first] = False
            row, other = np.nonzero(tied)
            free.append(np.stack([begin + where[row], other], axis=1))
    return labels, pairs(free)


def _tied(rows: Floats, centres: Floats, size: Floats) -> NDArray[np.bool_]:
    """Which centres are as near as the nearest, ``[t, k]``."""
    wide = rows.astype(np.longdouble)[:, None, :] - centres.astype(np.longdouble)[None, :, :]
    squared = np.asarray((wide * wide).sum(axis=2))
    return np.asarray(squared - squared.min(axis=1)[:, None] <= TIE * size[:, None])


def pairs(parts: list[Whole]) -> Whole:
    """Parts of shape ``[t, 2]`` as one array, also where there are none."""
    return np.concatenate([np.empty((0, 2), np.int64), *parts]).astype(np.int64)
