"""Sequential minimal optimisation: two variables at a time until none violates optimality.

LIBSVM's algorithm (Chang and Lin, ACM TIST 2(3), 27, 2011, sections 4 and 5) with its working sets
of second order (Fan, Chen and Lin, JMLR 6, 2005), its shrinking and its ties, and scikit-learn's
end: no limit of iterations unless one is given. The twin of ``smo.rs`` in rust/own.

The problem is ``min a' Q a / 2 + p' a`` with ``y' a`` fixed, ``0 <= a <= C`` and
``Q_ij = y_i y_j K_ij``. Everything is kept multiplied by ``y``: the gradient is ``h = y grad f``.
A variable may move up along ``y`` if it is in I_up, down if in I_low; the optimum is where no
``-h`` of I_up exceeds one of I_low.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rmlbench_utils.contenders.own_python_dual import Problem, moved

SHRINK_EVERY = 1000
TAU = 1e-12


@dataclass(frozen=True)
class Stopping:
    """The violation to stop at, whether to shrink, and the most iterations or -1."""

    tol: float
    shrinking: bool
    max_iter: int


@dataclass(frozen=True)
class Solution:
    """``alpha`` in the problem's order, the offset, the nu problems' margin, iterations."""

    alpha: np.ndarray
    rho: float
    r: float
    n_iter: int


class Matrix(Protocol):
    """Kernel rows of the variables, which may change places."""

    diagonal: np.ndarray

    def row(self, i: int, length: int) -> np.ndarray: ...
    def exchange(self, first: np.ndarray, second: np.ndarray) -> None: ...


def solve(problem: Problem, matrix: Matrix, stopping: Stopping) -> Solution:
    """Solve a dual problem."""
    smo = _Smo(problem, matrix, stopping.tol)
    n_iter = smo.run(stopping)
    # LIBSVM takes the offset from the active variables only, which are all on convergence.
    levels = [smo.level(group) for group in range(len(smo.up))]
    alpha = np.empty(smo.n)
    alpha[smo.numbers] = smo.alpha
    if not problem.grouped:
        return Solution(alpha, levels[0], 0.0, n_iter)
    plus, minus = levels[0], -levels[1]
    return Solution(alpha, (plus - minus) / 2, (plus + minus) / 2, n_iter)


class _Smo:
    """The state of all variables, in an order that shrinking changes; from ``active`` on they are
    set aside."""

    def __init__(self, problem: Problem, matrix: Matrix, tol: float) -> None:
        self.signs, self.alpha = problem.signs.copy(), problem.alpha.copy()
        self.bounds, self.linear = problem.bounds.copy(), problem.linear.copy()
        self.matrix, self.tol = matrix, tol
        self.n = self.active = len(self.alpha)
        self.restored = False
        self.numbers = np.arange(self.n)
        self.group = (self.signs < 0).astype(int) if problem.grouped else np.zeros(self.n, int)
        below, plus = self.alpha < self.bounds, self.signs > 0
        above = (self.alpha > 0) | ~below
        # 0 where a variable may move, minus infinity where not, one row a group.
        self.up, self.low = np.full((2, 2 if problem.grouped else 1, self.n), -np.inf)
        for mask, may in (
            (self.up, np.where(plus, below, above)),
            (self.low, np.where(plus, above, below)),
        ):
            mask[self.group[may], np.flatnonzero(may)] = 0.0
        self.gradient = self.linear.copy()
        # The part of the gradient that comes from variables at their upper bound.
        self.bounded = np.zeros(self.n)
        self.work = np.empty((2, self.n))
        for t in np.flatnonzero(self.alpha > 0):
            row = self.matrix.row(int(t), self.n)
            self.gradient += self.signs[t] * self.alpha[t] * row
            if self.alpha[t] >= self.bounds[t]:
                self.bounded += self.signs[t] * self.bounds[t] * row

    def run(self, stopping: Stopping) -> int:
        """Iterate until the tolerance is met or the limit reached; answers the iterations made."""
        every = min(self.n, SHRINK_EVERY)
        until_shrinking = every + 1
        n_iter = 0
        while n_iter != stopping.max_iter:
            until_shrinking -= 1
            if until_shrinking == 0:
                until_shrinking = every
                if stopping.shrinking:
                    self._shrink()
            pair = self._choose()
            if pair is None:
                self._restore()
                pair = self._choose()
                if pair is None:
                    break
                until_shrinking = 1
            n_iter += 1
            self._step(*pair)
        return n_iter

    def _choose(self) -> tuple[int, int] | None:
        """The worst violator of I_up, and of those of I_low that violate with it the one whose step
        lowers the objective most; ties go to the later, groups do not mix."""
        active, diagonal = self.active, self.matrix.diagonal
        gradient = self.gradient[:active]
        reach, bend = self.work[:, :active]
        worst, best, pair = -np.inf, 0.0, None
        for up, low in zip(self.up, self.low, strict=True):
            np.subtract(up[:active], gradient, out=reach)
            i = _last_largest(reach)
            slope = reach[i]
            if slope == -np.inf:
                continue
            row = self.matrix.row(i, active)
            np.add(low[:active], gradient, out=reach)
            worst = max(worst, slope + reach.max())
            reach += slope
            np.maximum(reach, 0.0, out=reach)
            np.multiply(row, -2.0, out=bend)
            bend += diagonal[:active]
            bend += diagonal[i]
            if not bend.min() > 0:
                bend[~(bend > 0)] = TAU
            reach *= reach
            reach /= bend
            j = _last_largest(reach)
            gain = reach[j]
            if gain > best or (gain == best > 0 and pair is not None and j > pair[1]):
                best, pair = gain, (i, j)
        return pair if worst >= self.tol else None

    def _step(self, i: int, j: int) -> None:
        """Move a pair to the minimum of its two-variable problem in its box (section 6)."""
        active = self.active
        rows = self.matrix.row(i, active), self.matrix.row(j, active)
        bend = self.matrix.diagonal[i] + self.matrix.diagonal[j] - 2.0 * float(rows[0][j])
        length = (self.gradient[j] - self.gradient[i]) / (bend if bend > 0 else TAU)
        old = float(self.alpha[i]), float(self.alpha[j])
        bounds = float(self.bounds[i]), float(self.bounds[j])
        signs = self.signs[i], self.signs[j]
        new = moved(old, bounds, (signs[0] > 0, signs[1] > 0), float(length))
        change, other = self.work[:, :active]
        np.multiply(rows[0], signs[0] * (new[0] - old[0]), out=change)
        np.multiply(rows[1], signs[1] * (new[1] - old[1]), out=other)
        change += other
        self.gradient[:active] += change
        for t, was, now in zip((i, j), old, new, strict=True):
            self.alpha[t] = now
            self._refresh(t)
            self._cross(t, was)

    def _cross(self, t: int, was: float) -> None:
        """Follow a variable to its upper bound or away from it in ``bounded``."""
        bound = self.bounds[t]
        if (was >= bound) == (self.alpha[t] >= bound):
            return
        weight = self.signs[t] * (bound if was < bound else -bound)
        self.bounded += weight * self.matrix.row(t, self.n)

    def _refresh(self, t: int) -> None:
        below = self.alpha[t] < self.bounds[t]
        above = self.alpha[t] > 0 or not below
        up, low = (below, above) if self.signs[t] > 0 else (above, below)
        group = self.group[t]
        self.up[group, t] = 0.0 if up else -np.inf
        self.low[group, t] = 0.0 if low else -np.inf

    def _shrink(self) -> None:
        """Set aside variables at a bound that their gradient holds there against every candidate;
        all comes back once, when the violation first falls to ten times the tolerance."""
        gradient = self.gradient[: self.active]
        up = (self.up[:, : self.active] - gradient).max(axis=1)
        low = (self.low[:, : self.active] + gradient).max(axis=1)
        if not self.restored and (up + low <= 10.0 * self.tol).all():
            self.restored = True
            self._restore()
        gradient, group = self.gradient[: self.active], self.group[: self.active]
        can_up = self.up[:, : self.active].max(axis=0) == 0
        can_low = self.low[:, : self.active].max(axis=0) == 0
        beyond = np.where(can_up, ~can_low & (gradient > low[group]), -gradient > up[group])
        stays = np.flatnonzero(~beyond)
        first = np.flatnonzero(beyond[: len(stays)])
        second = stays[len(stays) - len(first) :][::-1]
        self.active = len(stays)
        self._exchange(first, second)

    def _exchange(self, first: np.ndarray, second: np.ndarray) -> None:
        if not len(first):
            return
        here, there = np.concatenate([first, second]), np.concatenate([second, first])
        for values in (self.signs, self.alpha, self.bounds, self.linear, self.gradient):
            values[here] = values[there]
        for values in (self.bounded, self.numbers, self.group):
            values[here] = values[there]
        for mask in (self.up, self.low):
            mask[:, here] = mask[:, there]
        self.matrix.exchange(first, second)

    def _restore(self) -> None:
        """Make all variables active, their gradient up to date, by whichever rows are the smaller
        part of the matrix (section 5.3)."""
        n, active = self.n, self.active
        if active == n:
            return
        self.gradient[active:] = self.bounded[active:] + self.linear[active:]
        alpha = self.alpha[:active]
        free = np.flatnonzero((alpha > 0) & (alpha < self.bounds[:active]))
        weights = self.signs[free] * self.alpha[free]
        if len(free) * n > 2 * active * (n - active):
            for t in range(active, n):
                self.gradient[t] += weights @ self.matrix.row(t, active)[free]
        else:
            for k, weight in zip(free, weights, strict=True):
                self.gradient[active:] += weight * self.matrix.row(int(k), n)[active:]
        self.active = n

    def level(self, group: int) -> float:
        """The value of ``h`` that a group's free variables share: their mean, or where none is free
        the middle of what the others allow."""
        mine = self.group[: self.active] == group
        h = self.gradient[: self.active][mine]
        up = self.up[group, : self.active][mine] == 0
        low = self.low[group, : self.active][mine] == 0
        if (up & low).any():
            return float(h[up & low].mean())
        return float(h[up].min(initial=np.inf) + h[low].max(initial=-np.inf)) / 2


def _last_largest(values: np.ndarray) -> int:
    return len(values) - 1 - int(values[::-1].argmax())
