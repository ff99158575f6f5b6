"""Checks that stand beside the t test and decide nothing: sign flips and bootstrap-t."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.statistics import paired

Floats = NDArray[np.float64]
EXACT = 15  # up to 2^15 sign patterns are all tried


def sign_flip(
    log_ratio: Floats, position: Floats | None = None, draws: int = 9999, seed: int = 0
) -> float:
    """Two-sided p of "the ratio is 1" from flipping the signs of the blocks.

    Parameters
    ----------
    log_ratio, position
        Shape ``[n]``, one value a block, without NaN.

    Notes
    -----
    Signs of the residuals of the model without the ratio are flipped (Freedman and Lane 1983,
    J. Bus. Econ. Stat. 1, 292; Winkler et al. 2014, NeuroImage 92, 381); the statistic is the
    t of the intercept. All patterns up to 15 blocks, else ``draws`` random ones plus the
    observed one.
    """
    y = np.asarray(log_ratio, float)
    x = np.zeros_like(y) if position is None else np.asarray(position, float)
    square = float((x**2).sum())
    base = x * float((x * y).sum()) / square if square > 0 else np.zeros_like(y)
    if len(y) <= EXACT:
        signs = np.array(list(product((1.0, -1.0), repeat=len(y))))
    else:
        random = np.random.default_rng(seed)
        signs = np.vstack([np.ones(len(y)), random.choice((1.0, -1.0), size=(draws, len(y)))])
    fits = paired(base + signs * (y - base), x)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(fits.estimate / fits.error)
    return float(np.mean(t >= t[0] * (1 - 1e-9)))


def bootstrap_t(
    log_ratio: Floats,
    position: Floats | None = None,
    alpha: float = 0.05,
    draws: int = 9999,
    seed: int = 0,
) -> tuple[float, float]:
    """Studentised bootstrap interval of the log ratio: low, high.

    Blocks (log ratio with its position difference) are drawn with replacement; Efron and
    Tibshirani, An Introduction to the Bootstrap (1993), ch. 12.5. Shape ``[n]``, without NaN.
    """
    y = np.asarray(log_ratio, float)
    x = np.zeros_like(y) if position is None else np.asarray(position, float)
    fit = paired(y, x)
    rows = np.random.default_rng(seed).integers(0, len(y), size=(draws, len(y)))
    fits = paired(y[rows], x[rows])
    usable = fits.error > 0
    t = (fits.estimate[usable] - fit.estimate) / fits.error[usable]
    if t.size == 0:
        return float(fit.estimate), float(fit.estimate)
    below, above = np.quantile(t, [alpha / 2, 1 - alpha / 2])
    return float(fit.estimate - above * fit.error), float(fit.estimate - below * fit.error)
