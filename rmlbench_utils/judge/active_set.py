"""Lasso and elastic net to more digits than double precision holds.

Minimises ``|b - A w|^2 / 2 + l1 |w|_1 + l2 |w|^2 / 2`` for centred A: coordinate descent on the
Gram matrix finds which coefficients are not zero and their signs; given those the problem is
least squares with a linear term, solved in extended precision; the Karush-Kuhn-Tucker
conditions of all coefficients are then verified in extended precision (Tibshirani 2013,
Electronic Journal of Statistics 7, 1456-1490, eq. 3-4).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.exact import Floats, Long, NotVerified
from rmlbench_utils.judge.least_squares import Centred, Solution, rank_of, solve

SWEEPS = 5000
ROUNDS = 100
KKT = 1e-12  # relative to l1

Signs = NDArray[np.float64]


def penalised(a: Centred, b: Long, l1: float, l2: float) -> Solution:
    """The minimiser, exact zeros where they belong.

    Raises
    ------
    NotVerified
        If no set of coefficients satisfies the optimality conditions to 1e-12.
    """
    if l1 == 0:
        return solve(a, b, np.zeros(a.x.shape[1], np.longdouble), l2)
    signs = np.sign(_descend(a, b, l1, l2))
    seen: set[bytes] = set()
    for _ in range(ROUNDS):
        solution, correlation = _given(a, b, l1, l2, signs)
        better = _corrected(solution.w, correlation, signs, l1)
        if np.array_equal(better, signs):
            solution = _verified(solution, correlation, signs, l1, l2)
            return replace(solution, rank=rank_of(a))
        if better.tobytes() in seen:
            break
        seen.add(better.tobytes())
        signs = better
    raise NotVerified(
        f"no set of nonzero coefficients satisfies the optimality conditions to {KKT:g}"
    )


def _given(a: Centred, b: Long, l1: float, l2: float, signs: Signs) -> tuple[Solution, Long]:
    """The minimiser with given signs, and the residual's correlation with every column."""
    kept = np.flatnonzero(signs)
    part = solve(a.columns(kept), b, np.longdouble(l1) * signs[kept], l2)
    w = np.zeros(len(signs), np.longdouble)
    w[kept] = part.w
    return replace(part, w=w), a.transposed_times(part.residual)


def _corrected(w: Long, correlation: Long, signs: Signs, l1: float) -> Signs:
    """Signs without the coefficients that turned, or else with those that want in."""
    turned = (signs != 0) & (np.sign(w).astype(np.float64) != signs)
    if turned.any():
        return np.where(turned, 0.0, signs)
    wanted = (signs == 0) & (np.abs(correlation) > l1 * (1 + KKT))
    return np.where(wanted, np.sign(correlation).astype(np.float64), signs)


def _verified(
    solution: Solution, correlation: Long, signs: Signs, l1: float, l2: float
) -> Solution:
    kept = signs != 0
    stationary = correlation - l2 * solution.w - l1 * signs
    worst = float(np.abs(stationary[kept]).max(initial=0.0)) / l1
    if worst > KKT:
        raise NotVerified(
            f"the optimality conditions of the nonzero coefficients hold to {worst:.1e} only"
        )
    return solution


def _descend(a: Centred, b: Long, l1: float, l2: float) -> Floats:
    """Cyclic coordinate descent on the Gram matrix, in double precision: a first guess."""
    x = a.double()
    gram = x.T @ x
    correlation = x.T @ b.astype(np.float64)
    w = np.zeros(len(gram))
    everything = np.flatnonzero(gram.diagonal() > 0)
    for _ in range(SWEEPS):
        if _sweep(gram, correlation, w, everything, l1, l2) <= 1e-13:
            break
        active = np.flatnonzero(w)
        for _ in range(SWEEPS):
            if _sweep(gram, correlation, w, active, l1, l2) <= 1e-13:
                break
    return w


def _sweep(
    gram: Floats, correlation: Floats, w: Floats, which: NDArray[np.intp], l1: float, l2: float
) -> float:
    """One pass; the largest change relative to the largest coefficient."""
    moved = 0.0
    for j in which.tolist():
        old, norm = float(w[j]), float(gram[j, j])
        rho = float(correlation[j]) + norm * old
        new = max(abs(rho) - l1, 0.0) / (norm + l2)
        new = -new if rho < 0 else new
        if new != old:
            correlation -= (new - old) * gram[j]
            w[j] = new
            moved = max(moved, abs(new - old))
    return moved / max(float(np.abs(w).max(initial=0.0)), 1e-300)
