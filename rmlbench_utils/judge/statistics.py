"""The one test that decides: Student t on the blocks' log ratios, with position as covariate.

Every function works on arrays of shape ``[..., n]``, one log ratio (contender / baseline) a
block, NaN where a block has no pair, so that a whole table is judged in one call.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
ZERO_SPREAD = 1e-12  # a standard deviation of log ratios that is rounding and nothing else


@dataclass(frozen=True)
class Paired:
    """Estimates of a log ratio at equal position; all of shape ``[...]``.

    Attributes
    ----------
    estimate
        Mean log ratio at position difference 0; NaN without any pair.
    error
        Its standard error; NaN below one degree of freedom.
    freedom
        Degrees of freedom: pairs - 2, or pairs - 1 where every block has the same position
        difference (the slope is then part of the mean and cannot be told from it).
    pairs
        Number of blocks with a pair.
    slope
        Change of the log ratio for each position later; 0 where it cannot be told.
    spread
        Residual standard deviation.
    """

    estimate: Floats
    error: Floats
    freedom: NDArray[np.int64]
    pairs: NDArray[np.int64]
    slope: Floats
    spread: Floats

    @property
    def constant(self) -> Bools:
        """Where the blocks do not vary at all: judged by the margin alone."""
        return np.asarray(self.spread <= ZERO_SPREAD)


def paired(log_ratio: ArrayLike, position: ArrayLike | None = None) -> Paired:
    """Fit ``log ratio = a + b * position difference`` by least squares.

    Parameters
    ----------
    log_ratio
        Shape ``[..., n]``, NaN where a block has no pair.
    position
        Position of the contender minus that of the baseline, same shape (or one that
        broadcasts to it); None: no covariate.

    Notes
    -----
    Simple linear regression, e.g. Draper and Smith, Applied Regression Analysis (1998), ch. 1;
    a is the intercept at equal position.
    """
    y = np.asarray(log_ratio, dtype=np.float64)
    present = np.isfinite(y)
    pairs = present.sum(axis=-1)
    x = (
        np.zeros_like(y)
        if position is None
        else np.broadcast_to(np.asarray(position, float), y.shape)
    )
    x = np.where(present, x, 0.0)
    y = np.where(present, y, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        x_mean = x.sum(axis=-1) / pairs
        y_mean = y.sum(axis=-1) / pairs
        x_off = np.where(present, x - x_mean[..., None], 0.0)
        y_off = np.where(present, y - y_mean[..., None], 0.0)
        x_square = (x_off**2).sum(axis=-1)
        varies = x_square > 1e-9
        slope = np.where(
            varies, (x_off * y_off).sum(axis=-1) / np.where(varies, x_square, 1.0), 0.0
        )
        freedom = pairs - 1 - varies
        residual = np.where(present, y_off - slope[..., None] * x_off, 0.0)
        spread = np.sqrt((residual**2).sum(axis=-1) / np.where(freedom > 0, freedom, np.nan))
        leverage = 1 / pairs + np.where(varies, x_mean**2 / np.where(varies, x_square, 1.0), 0.0)
        error = spread * np.sqrt(leverage)
        estimate = y_mean - slope * x_mean
    return Paired(estimate, error, freedom, pairs, slope, spread)


def p_value(fit: Paired, margin: ArrayLike = 0.0) -> Floats:
    """Two-sided p of "the ratio is 1" (Student t).

    Where the blocks do not vary the margin alone decides: 0 outside it, 1 inside.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(fit.estimate) / fit.error
        p = 2 * stats.t.sf(t, np.maximum(fit.freedom, 1))
    inside = np.abs(fit.estimate) <= np.log1p(np.asarray(margin, float))
    p = np.where(fit.constant, np.where(inside, 1.0, 0.0), p)
    return np.where(fit.freedom > 0, p, np.nan)


def interval(fit: Paired, alpha: ArrayLike = 0.05) -> tuple[Floats, Floats]:
    """The log ratios that the two-sided test at ``alpha`` does not reject: low, high."""
    width = half_width(fit, alpha)
    return fit.estimate - width, fit.estimate + width


def half_width(fit: Paired, alpha: ArrayLike = 0.05) -> Floats:
    """Half the width of the ``1 - alpha`` interval of the log ratio: all stopping may see."""
    level = np.asarray(alpha, float)
    quantile = stats.t.isf(level / 2, np.maximum(fit.freedom, 1))
    return np.asarray(np.where(fit.freedom > 0, quantile * fit.error, np.nan))


def equivalence_p(fit: Paired, margin: ArrayLike) -> Floats:
    """The larger p of the two one-sided tests of "outside 1/(1+margin) to 1+margin".

    Schuirmann (1987), J. Pharmacokinet. Biopharm. 15, 657. Without any variation between
    blocks the margin alone decides: 0 inside it, 1 outside.
    """
    bound = np.log1p(np.asarray(margin, float))
    freedom = np.maximum(fit.freedom, 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = stats.t.sf((fit.estimate + bound) / fit.error, freedom)
        below = stats.t.cdf((fit.estimate - bound) / fit.error, freedom)
    p = np.maximum(above, below)
    p = np.where(fit.constant, np.where(np.abs(fit.estimate) <= bound, 0.0, 1.0), p)
    return np.where(fit.freedom > 0, p, np.nan)


def detectable_ratio(
    spread: float, blocks: int, family: int = 1, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The smallest ratio above 1 that ``blocks`` blocks would call different with ``power``.

    Parameters
    ----------
    spread
        Residual standard deviation of the log ratios.
    blocks
        Number of blocks, at least 3 (position costs one degree of freedom).
    family
        Number of primary rows: the first step of Holm is at ``alpha / family``.

    Notes
    -----
    Power of the two-sided t test from the noncentral t distribution (Cohen 1988, ch. 2).
    """
    if blocks < 3:
        raise ValueError(f"blocks is {blocks}: at least 3 are needed to tell a ratio from noise")
    shift = _detectable_shift(blocks - 2, alpha / family, power)
    with np.errstate(over="ignore"):  # infinite: three blocks of a large family tell nothing
        return float(np.exp(shift * spread / np.sqrt(blocks)))


def detectable_words(ratio: float) -> str:
    """A detectable ratio as pages say it: ``1.14``, and where nothing useful can be told so.

    >>> detectable_words(1.139), detectable_words(3e9)
    ('1.14', 'more than 100')
    """
    return f"{ratio:.2f}" if ratio <= 100 else "more than 100"


@cache
def _detectable_shift(freedom: int, alpha: float, power: float) -> float:
    """The noncentrality at which the two-sided t test at ``alpha`` has this power."""
    critical = float(stats.t.isf(alpha / 2, freedom))

    def short(shift: float) -> float:
        return float(stats.nct.sf(critical, freedom, shift)) - power

    return float(optimize.brentq(short, 0.0, 4 * critical + 20.0))  # 4: of one degree of freedom
