"""The quadratic problems behind the machines, in one form, and their optimality conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.statistics import Bools, Floats

Rows = NDArray[np.intp]
ROUNDING = 1e-12  # of the upper bound: nearer to a bound than this is at it


@dataclass(frozen=True)
class Dual:
    """Minimise ``a'Qa / 2 + linear'a`` with ``sums a = totals`` and ``0 <= a <= upper``.

    ``Q[t, u] = sign[t] sign[u] K(row[t], row[u])``, plus ``diagonal`` where t = u.

    Attributes
    ----------
    row, sign, linear, upper
        Of each variable, shape ``[v]``; a row of the data may have two variables.
    sums
        ``[c, v]``: no equality, ``sign`` (C-SVC, epsilon-SVR), or one a sign (the nu forms).
    totals
        ``[c]``.
    rows
        Number of rows of the data.
    """

    row: Rows
    sign: Floats
    linear: Floats
    upper: Floats
    sums: Floats
    totals: Floats
    rows: int
    diagonal: Floats | float = 0.0

    def coefficients(self, a: Floats) -> Floats:
        """``sum(sign a)`` of each row of the data: the weights of its kernel values."""
        return np.asarray(np.bincount(self.row, self.sign * a, self.rows), np.float64)

    def gradient(self, a: Floats, values: Floats) -> Floats:
        """``Qa + linear``, ``values`` being the kernel matrix times the coefficients ``[n]``."""
        return self.sign * values[self.row] + self.diagonal * a + self.linear

    def objective(self, a: Floats, values: Floats) -> float:
        """``a'Qa / 2 + linear'a``."""
        return float(0.5 * a @ (self.gradient(a, values) + self.linear))

    def at_zero(self, a: Floats) -> Bools:
        return a <= ROUNDING * self._scale

    def at_upper(self, a: Floats) -> Bools:
        return a >= self.upper - ROUNDING * self._scale

    @property
    def _scale(self) -> Floats:
        return np.where(np.isfinite(self.upper), self.upper, 1.0)

    def infeasibility(self, a: Floats) -> float:
        """How far the equalities and the bounds are missed, in units of the largest bound."""
        missed = np.abs(self.sums @ a - self.totals).max(initial=0.0)
        outside = np.maximum(-a, a - self.upper).max(initial=0.0)
        return float(max(missed, outside, 0.0) / self._scale.max())

    def ends(self, a: Floats, gradient: Floats) -> list[tuple[float, float]]:
        """For each equality, the range its multiplier must lie in: empty where low > high.

        A variable off zero gives an upper end, one off its bound a lower one, by the sign it has
        in the equality (Keerthi et al. 2001, Neural Computation 13, 637, conditions (3.2)).
        """
        return [
            (float(below.max(initial=-np.inf)), float(above.min(initial=np.inf)))
            for below, above in (self._sided(weights, a, gradient) for weights in self.sums)
        ]

    def _sided(self, weights: Floats, a: Floats, gradient: Floats) -> tuple[Floats, Floats]:
        """Values that bound a multiplier from below and from above; infinite where they do not."""
        value, rise, fall = gradient * weights, ~self.at_upper(a), ~self.at_zero(a)
        below = np.where(weights > 0, fall, rise) & (weights != 0)
        above = np.where(weights > 0, rise, fall) & (weights != 0)
        return np.where(below, value, -np.inf), np.where(above, value, np.inf)

    def violation(self, a: Floats, gradient: Floats) -> float:
        """LIBSVM's ``m(a) - M(a)``, the largest of the equalities; 0 at an optimum.

        Without an equality the largest projected gradient, as LIBLINEAR has it.
        """
        if len(self.sums) == 0:
            return float(np.abs(self._projected(a, gradient)).max())
        return max(0.0, *(low - high for low, high in self.ends(a, gradient)))

    def worst(self, a: Floats, gradient: Floats) -> list[int]:
        """The pair of variables, or without an equality the variable, that violates most."""
        if len(self.sums) == 0:
            return [int(np.abs(self._projected(a, gradient)).argmax())]
        gaps = [low - high for low, high in self.ends(a, gradient)]
        below, above = self._sided(self.sums[int(np.argmax(gaps))], a, gradient)
        return [int(below.argmax()), int(above.argmin())]

    def _projected(self, a: Floats, gradient: Floats) -> Floats:
        low = np.where(self.at_zero(a), np.minimum(gradient, 0), gradient)
        return np.where(self.at_upper(a), np.maximum(low, 0), low)

    def multipliers(self, a: Floats, gradient: Floats) -> Floats:
        """One number an equality: the mean of its free variables, else the middle of its range."""
        free = ~(self.at_zero(a) | self.at_upper(a))
        found = []
        for weights, (low, high) in zip(self.sums, self.ends(a, gradient), strict=True):
            chosen = free & (weights != 0)
            values = gradient[chosen] * weights[chosen]
            found.append(float(values.mean()) if chosen.any() else _middle(low, high))
        return np.array(found)


def _middle(low: float, high: float) -> float:
    if np.isfinite(low) and np.isfinite(high):
        return (low + high) / 2
    return low if np.isfinite(low) else high


def c_svc(sign: Floats, cost: Floats) -> Dual:
    """C-SVC: ``sign`` is 1 for the first class and -1 for the second, ``cost`` that of a row."""
    n = len(sign)
    return Dual(np.arange(n), sign, -np.ones(n), cost, sign[None, :], np.zeros(1), n)


def nu_svc(sign: Floats, nu: float) -> Dual:
    """nu-SVC as LIBSVM scales it: bounds are 1, the sum over either class ``nu n / 2``."""
    n = len(sign)
    sums = np.stack([sign > 0, sign < 0]).astype(np.float64)
    return Dual(np.arange(n), sign, np.zeros(n), np.ones(n), sums, np.full(2, nu * n / 2), n)


def epsilon_svr(y: Floats, cost: float, epsilon: float) -> Dual:
    """epsilon-SVR: the variables of the upper side of the tube, then those of the lower."""
    row, sign, linear = _sides(y, epsilon)
    return Dual(row, sign, linear, np.full(len(row), cost), sign[None, :], np.zeros(1), len(y))


def nu_svr(y: Floats, cost: float, nu: float) -> Dual:
    """nu-SVR: the sum over either side of the tube is ``C nu n / 2``."""
    row, sign, linear = _sides(y, 0.0)
    sums = np.stack([sign > 0, sign < 0]).astype(np.float64)
    total = np.full(2, cost * nu * len(y) / 2)
    return Dual(row, sign, linear, np.full(len(row), cost), sums, total, len(y))


def linear_svc(sign: Floats, cost: Floats, squared: bool) -> Dual:
    """LIBLINEAR's, with the intercept in the kernel: no equality (Hsieh et al. 2008)."""
    n = len(sign)
    upper = np.full(n, np.inf) if squared else cost
    diagonal = 1 / (2 * cost) if squared else 0.0
    return Dual(np.arange(n), sign, -np.ones(n), upper, *_none(n), n, diagonal)


def linear_svr(y: Floats, cost: float, epsilon: float, squared: bool) -> Dual:
    """LIBLINEAR's, with the intercept in the kernel: no equality (Ho and Lin 2012)."""
    row, sign, linear = _sides(y, epsilon)
    upper = np.full(len(row), np.inf if squared else cost)
    diagonal = 1 / (2 * cost) if squared else 0.0
    return Dual(row, sign, linear, upper, *_none(len(row)), len(y), diagonal)


def _sides(y: Floats, epsilon: float) -> tuple[Rows, Floats, Floats]:
    n = len(y)
    sign = np.concatenate([np.ones(n), -np.ones(n)])
    return np.tile(np.arange(n), 2), sign, epsilon - sign * np.tile(y, 2)


def _none(variables: int) -> tuple[Floats, Floats]:
    return np.empty((0, variables)), np.empty(0)
