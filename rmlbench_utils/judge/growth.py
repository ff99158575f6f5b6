"""How a time grows with size: ``t(n) = a + b * n^c``, and whether one exponent says it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, stats

from rmlbench_utils.judge.bootstrap import block_draws, ends
from rmlbench_utils.judge.statistics import Floats, interval, paired

STEEPEST = 6.0  # the largest exponent looked for
LARGEST_SHARE = 1e4  # of a in units of b * (smallest n)^c
STEPS = 40
DRAWS = 400


@dataclass(frozen=True)
class Law:
    """``t(n) = a + b * n^c`` with a >= 0 and b > 0; arrays of one shape, one law each."""

    a: Floats
    b: Floats
    c: Floats

    def at(self, n: Floats) -> Floats:
        """Seconds at each size, shape ``[..., len(n)]``."""
        return self.a[..., None] + self.b[..., None] * n ** self.c[..., None]


@dataclass(frozen=True)
class Growth:
    """The law of one contender with what the blocks say about it.

    Attributes
    ----------
    n, times
        Sizes, and geometric means over blocks there, seconds; ``[s]``.
    law, draws
        The fitted law, and those of the resampled superblocks.
    low, high
        95 % interval of the exponent c.
    local, local_low, local_high
        Exponents between neighbouring sizes with 95 % t intervals, ``[s - 1]``.
    misfit_p
        p of "the law holds"; NaN where it cannot be tested.
    blocks
        Number of superblocks.
    """

    n: Floats
    times: Floats
    law: Law
    draws: Law
    low: float
    high: float
    local: Floats
    local_low: Floats
    local_high: Floats
    misfit_p: float
    blocks: int

    @property
    def one_exponent(self) -> bool:
        """Whether one exponent may be printed: lack of fit was tested and not rejected."""
        return bool(self.misfit_p >= 0.05)


def grow(n: Floats, seconds: Floats, seed: int = 0, draws: int = DRAWS) -> Growth:
    """Fit the law to times of shape ``[k, s]``: k superblocks, s sizes, at least 3 of each.

    The times of a size are averaged over blocks in logarithms and fitted there by least
    squares, so that every size counts alike; whole superblocks are resampled.
    """
    n, logs = np.asarray(n, float), np.log(seconds)
    blocks, sizes = logs.shape
    if blocks < 3 or sizes < 3:
        raise ValueError(f"{blocks} blocks of {sizes} sizes: a law needs at least 3 of each")
    uniform = np.random.default_rng(seed).random((draws, blocks))
    resampled = logs[block_draws(uniform, blocks)].mean(axis=1)
    law, drawn = fit_law(n, logs.mean(axis=0)), fit_law(n, resampled)
    low, high = ends(drawn.c, blocks)
    slopes = np.diff(logs, axis=1) / np.diff(np.log(n))
    local = paired(slopes.T)
    local_low, local_high = interval(local)
    return Growth(
        n=n,
        times=np.exp(logs.mean(axis=0)),
        law=law,
        draws=drawn,
        low=float(low),
        high=float(high),
        local=local.estimate,
        local_low=local_low,
        local_high=local_high,
        misfit_p=misfit_p(n, logs, law),
        blocks=blocks,
    )


def fit_law(n: Floats, logs: Floats) -> Law:
    """Least squares of ``log t`` for each row of ``logs``, shape ``[..., s]``.

    b is solved for; c and a / (b n0^c), n0 the smallest size, are looked for on a grid and
    refined by Levenberg-Marquardt steps kept inside their bounds (Nocedal and Wright,
    Numerical Optimization (2006), 10.3), all rows at once.
    """
    y = np.atleast_2d(logs)
    x = np.log(n / n[0])
    at = _start(x, y)
    best = _error(x, y, at)
    damping = np.full(len(y), 1e-3)
    for _ in range(STEPS):
        tried = _clip(at + _step(x, y, at, damping))
        error = _error(x, y, tried)
        better = error < best
        at, best = np.where(better[:, None], tried, at), np.where(better, error, best)
        damping = np.clip(np.where(better, damping / 5, damping * 4), 1e-12, 1e8)
    c, share = at.T
    b0 = np.exp((y - _shape(x, at)).mean(axis=1))
    shape = np.shape(logs)[:-1]
    a, b = b0 * share, b0 / n[0] ** c
    return Law(a.reshape(shape), b.reshape(shape), c.reshape(shape))


def _shape(x: Floats, at: Floats) -> Floats:
    """``log(e^{cx} + share)`` for parameters ``[..., 2]``, shape ``[..., s]``."""
    return np.asarray(np.log(np.exp(at[..., :1] * x) + at[..., 1:]))


def _error(x: Floats, y: Floats, at: Floats) -> Floats:
    left = y - _shape(x, at)
    return np.asarray(((left - left.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1))


def _clip(at: Floats) -> Floats:
    return np.clip(at, [0.0, 0.0], [STEEPEST, LARGEST_SHARE])


def _start(x: Floats, y: Floats) -> Floats:
    """The best of a grid of exponents and shares, for each row."""
    shares = np.concatenate([[0.0], np.logspace(-3, 3, 25)])
    grid = np.stack(np.meshgrid(np.linspace(0.05, 4, 80), shares), axis=-1).reshape(-1, 2)
    shapes = _shape(x, grid)
    shapes = shapes - shapes.mean(axis=1, keepdims=True)
    centred = y - y.mean(axis=1, keepdims=True)
    return np.asarray(grid[((shapes**2).sum(axis=1) - 2 * centred @ shapes.T).argmin(axis=1)])


def _step(x: Floats, y: Floats, at: Floats, damping: Floats) -> Floats:
    """A damped Gauss-Newton step of the exponent and the share; b is projected out."""
    grown = np.exp(at[:, :1] * x)
    slope = np.stack([x * grown, np.ones_like(grown)], axis=-1) / (grown + at[:, 1:])[..., None]
    slope = slope - slope.mean(axis=1, keepdims=True)
    left = y - np.log(grown + at[:, 1:])
    normal = np.einsum("dsi,dsj->dij", slope, slope)
    diagonal = np.einsum("dii->di", normal)
    normal = normal + np.eye(2) * (damping[:, None] * diagonal + 1e-15)[:, None, :]
    downhill = np.einsum("dsi,ds->di", slope, left)
    return np.asarray(np.linalg.solve(normal, downhill[..., None])[..., 0])


def misfit_p(n: Floats, logs: Floats, law: Law) -> float:
    """p of "the mean log times follow the law", from blocks of shape ``[k, s]``.

    The residuals of each block are projected onto what the law's derivatives leave, where the
    estimation of the law does not matter to first order, and Hotelling's T^2 asks whether
    their mean is 0: the test for lack of fit from replicates (Neill 1988, Annals of Statistics
    16, 733; Hotelling 1931, Annals of
    Mathematical Statistics 2, 360) with the sizes of a block correlated. A law on its
    bound a = 0 is tested as ``b * n^c``. NaN with fewer sizes than parameters + 1, or too few
    blocks.
    """
    fitted = law.at(n)
    power = n**law.c
    derivatives = [power, power * np.log(n)] + ([np.ones_like(n)] if law.a > 0 else [])
    free = linalg.null_space(np.stack(derivatives) / fitted).T
    blocks, left = len(logs), len(free)
    if left == 0 or blocks <= left:
        return float("nan")
    projected = (logs - np.log(fitted)) @ free.T
    mean, spread = projected.mean(axis=0), np.atleast_2d(np.cov(projected.T))
    square = blocks * mean @ np.linalg.pinv(spread) @ mean
    scaled = square * (blocks - left) / (left * (blocks - 1))
    return float(stats.f.sf(scaled, left, blocks - left))
