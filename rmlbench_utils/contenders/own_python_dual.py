"""The four machines as dual problems (Chang and Lin 2011, sections 2.1 to 2.5 and 4.2), and one
step in their box. The twin of ``dual.rs`` and ``step.rs`` in rust/own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Problem:
    """``min a' Q a / 2 + p' a`` with ``y' a`` fixed, ``0 <= a <= C`` and ``Q_ij = y_i y_j K_ij``.

    ``signs`` are ``y`` (+1 or -1), ``alpha`` a feasible start, ``bounds`` ``C`` above 0, ``linear``
    ``y p``; ``grouped``: the sum of each sign's variables is fixed too, as in the nu problems.
    """

    signs: np.ndarray
    alpha: np.ndarray
    bounds: np.ndarray
    linear: np.ndarray
    grouped: bool = False


def c_svc(counts: tuple[int, int], costs: tuple[float, float]) -> Problem:
    """C-SVC with ``counts`` rows of the + class and then of the - class, and a cost for each."""
    signs = np.repeat([1.0, -1.0], counts)
    return Problem(signs, np.zeros(len(signs)), np.repeat(costs, counts), -signs)


def nu_svc(counts: tuple[int, int], nu: float) -> Problem:
    """nu-SVC; each class starts with half of ``nu n`` on its first rows."""
    signs = np.repeat([1.0, -1.0], counts)
    n = len(signs)
    half = _total(nu, n) / 2
    alpha = np.concatenate([_filled(half, 1.0, count) for count in counts])
    return Problem(signs, alpha, np.ones(n), np.zeros(n), grouped=True)


def epsilon_svr(y: np.ndarray, c: float, epsilon: float) -> Problem:
    """epsilon-SVR: ``n`` variables above the tube and ``n`` below."""
    n = len(y)
    linear = np.concatenate([epsilon - y, -(epsilon + y)])
    return Problem(np.repeat([1.0, -1.0], n), np.zeros(2 * n), np.full(2 * n, c), linear)


def nu_svr(y: np.ndarray, c: float, nu: float) -> Problem:
    """nu-SVR; both sides start with ``c nu n / 2`` on their first rows."""
    n = len(y)
    alpha = np.tile(_filled(_total(c * nu, n) / 2, c, n), 2)
    signs = np.repeat([1.0, -1.0], n)
    return Problem(signs, alpha, np.full(2 * n, c), np.tile(-y, 2), grouped=True)


def _total(share: float, n: int) -> float:
    """``n`` shares summed one by one, as LIBSVM does, for the last bit of the start."""
    return float(np.cumsum(np.full(n, share))[-1])


def _filled(total: float, bound: float, n: int) -> np.ndarray:
    """``total`` on the first of ``n`` variables, each up to its bound; subtracted one by one."""
    alpha = np.zeros(n)
    for t in range(n):
        if total <= 0:
            break
        alpha[t] = min(bound, total)
        total -= alpha[t]
    return alpha


def moved(
    old: tuple[float, float], bounds: tuple[float, float], plus: tuple[bool, bool], t: float
) -> tuple[float, float]:
    """``a_i + y_i t`` and ``a_j - y_j t`` with ``t >= 0``, back in the box along their line.

    What lies on a bound is that bound to the bit, and the line's invariant is rounded before the
    step: LIBSVM's arithmetic.
    """
    i = old[0] + (t if plus[0] else -t)
    j = old[1] - (t if plus[1] else -t)
    difference, total = old[0] - old[1], old[0] + old[1]
    if plus == (True, False):  # both grow
        if difference > bounds[0] - bounds[1]:
            return (bounds[0], bounds[0] - difference) if i > bounds[0] else (i, j)
        return (bounds[1] + difference, bounds[1]) if j > bounds[1] else (i, j)
    if plus == (False, True):  # both shrink
        if difference > 0:
            return (difference, 0.0) if j < 0 else (i, j)
        return (0.0, -difference) if i < 0 else (i, j)
    if plus == (True, True):  # the first grows
        if total > bounds[0]:
            return (bounds[0], min(total - bounds[0], bounds[1])) if i > bounds[0] else (i, j)
        return (total, 0.0) if j < 0 else (i, j)
    if total > bounds[1]:  # the first shrinks
        return (total - bounds[1], bounds[1]) if j > bounds[1] else (i, j)
    return (0.0, total) if i < 0 else (i, j)
