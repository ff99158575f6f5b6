"""Least squares to more digits than double precision holds.

Solves ``min |b - A w|^2 / 2 + c'w`` with ``A = [X - mean; sqrt(penalty) I]`` by singular values
in double precision and refinement of the augmented system in ``numpy.longdouble``
(Bjorck 1967, BIT 7, 257-278; Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed.,
section 20.5). The normal equations are never formed in rounded arithmetic; where the condition
number leaves extended precision too few digits they are solved in integers (``exact``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.exact import Floats, Long, NotVerified, minimise

ROUNDS = 30
ACCEPTED = 1e-12  # the last correction, relative to the solution
EXACT_BELOW = 3e7  # n d^2 that integers can afford, some seconds
_CHUNK = 1 << 19  # values of X held in extended precision at a time


@dataclass(frozen=True)
class Centred:
    """``X - mean`` [n, d] without storing it in extended precision; mean 0 if no intercept."""

    x: Floats
    mean: Long
    centre: bool

    @classmethod
    def of(cls, x: Floats, centre: bool) -> Centred:
        """Centre by the column means of ``x`` [n, d], in extended precision."""
        total = np.zeros(x.shape[1], dtype=np.longdouble)
        for rows in _chunks(*x.shape):
            total += x[rows].sum(axis=0, dtype=np.longdouble)
        return cls(x, total / len(x) if centre else 0 * total, centre)

    def columns(self, kept: NDArray[np.intp]) -> Centred:
        """The same with some of the columns."""
        return Centred(np.ascontiguousarray(self.x[:, kept]), self.mean[kept], self.centre)

    def double(self) -> Floats:
        """The centred matrix in double precision."""
        return self.x - self.mean.astype(np.float64)

    def times(self, w: Long) -> Long:
        """``(X - mean) w``."""
        out = np.empty(len(self.x), dtype=np.longdouble)
        for rows in _chunks(*self.x.shape):
            out[rows] = (self.x[rows] - self.mean) @ w
        return out

    def transposed_times(self, r: Long) -> Long:
        """``(X - mean)' r``."""
        out = np.zeros(self.x.shape[1], dtype=np.longdouble)
        for rows in _chunks(*self.x.shape):
            out += r[rows] @ (self.x[rows] - self.mean)
        return out


@dataclass(frozen=True)
class Solution:
    """``w`` [d] and ``residual`` = b - (X - mean) w [n]; rank and condition number.

    ``rank`` is that of ``X - mean``; ``condition`` that of ``A``, of its nonzero singular
    values where the rank is not full; ``exact`` whether integers were needed.
    """

    w: Long
    residual: Long
    rank: int
    condition: float
    exact: bool = False


def solve(a: Centred, b: Long, c: Long, penalty: float) -> Solution:
    """The minimum-norm minimiser of ``|b - A w|^2 / 2 + c'w``.

    Singular values below ``max(n, d) eps`` of the largest count as zero.

    Raises
    ------
    NotVerified
        If refinement does not settle to 1e-12 of the solution.
    """
    n, d = a.x.shape
    if d == 0:
        return Solution(np.zeros(0, np.longdouble), b, 0, 1.0)
    q, r = np.linalg.qr(a.double())
    cut = _cut(a)
    root = np.sqrt(np.longdouble(penalty))
    small = np.vstack([r, float(root) * np.eye(d)]) if penalty > 0 else r
    u, s, vt = np.linalg.svd(small, full_matrices=False)
    plain = np.linalg.svd(r, compute_uv=False) if penalty > 0 else s
    kept = int(np.sum(s > cut * s[0]))
    rank = int(np.sum(plain > cut * plain[0]))
    if kept == 0:
        return Solution(np.zeros(d, np.longdouble), b, rank, 1.0)
    condition = float(s[0] / s[kept - 1])
    if kept == d and n * d * d <= EXACT_BELOW and _beyond_refinement(condition):
        w = minimise(a.x, b, c, penalty, a.centre)
        return Solution(w, b - a.times(w), rank, condition, exact=True)
    factor = _Factor(q, u[:, :kept], s[:kept], vt[:kept].T, len(r))
    w, residual = _refined(a, b, c, root, factor)
    return Solution(w, residual, rank, condition)


def rank_of(a: Centred) -> int:
    """The numerical rank of ``X - mean``, by the rule of ``solve``."""
    s = np.linalg.svd(np.linalg.qr(a.double(), mode="r"), compute_uv=False)
    return int(np.sum(s > _cut(a) * s[0]))


def _cut(a: Centred) -> float:
    return float(max(a.x.shape) * np.finfo(np.float64).eps)


def _beyond_refinement(condition: float) -> bool:
    """Whether rounding in extended precision shows: it does with the condition's square."""
    return bool(condition**2 * float(np.finfo(np.longdouble).eps) > 0.1 * ACCEPTED)


@dataclass(frozen=True)
class _Factor:
    """``A V = diag(Q, I) U S`` in double precision; the first ``split`` rows of U go with Q."""

    q: Floats
    u: Floats
    s: Floats
    v: Floats
    split: int

    def step(self, f: Floats, f_below: Floats, g: Floats) -> tuple[Floats, Floats, Floats]:
        """Solve ``r + A w = f, A'r = g`` for (w, r, r below), w within the kept directions."""
        top, below = self.u[: self.split], self.u[self.split :]
        along = top.T @ (self.q.T @ f) - (self.v.T @ g) / self.s
        if len(below):
            along += below.T @ f_below
        w = self.v @ (along / self.s)
        return w, f - self.q @ (top @ along), f_below - below @ along


def _refined(
    a: Centred, b: Long, c: Long, root: np.longdouble, factor: _Factor
) -> tuple[Long, Long]:
    """Refine until a correction no longer shrinks; (w, b - (X - mean) w)."""
    n, d = a.x.shape
    below = d if root > 0 else 0
    w = np.zeros(d, np.longdouble)
    r, r_below = np.zeros(n, np.longdouble), np.zeros(below, np.longdouble)
    last = np.inf
    for _ in range(ROUNDS):
        f = b - r - a.times(w)
        f_below = -r_below - root * w[:below]
        g = c - a.transposed_times(r)
        if below:
            g = g - root * r_below
        dw, dr, dr_below = factor.step(_double(f), _double(f_below), _double(g))
        size, scale = float(np.linalg.norm(dw)), float(np.linalg.norm(_double(w + dw)))
        if size >= 0.5 * last:
            break
        w, r, r_below = w + dw, r + dr, r_below + dr_below
        last = size
        if size <= 1e-19 * scale:
            break
    if last > ACCEPTED * float(np.linalg.norm(_double(w))):
        raise NotVerified(
            f"the reference least squares moves by {last:.1e} still: the matrix is too near to "
            "losing rank for double precision"
        )
    return w, b - a.times(w)


def _double(values: Long) -> Floats:
    return values.astype(np.float64)


def _chunks(n: int, d: int) -> list[slice]:
    step = max(1, _CHUNK // max(1, d))
    return [slice(start, min(n, start + step)) for start in range(0, n, step)]
