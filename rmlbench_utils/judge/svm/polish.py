"""From a solver's nearly optimal point to the optimum: Newton steps on the free variables.

Every step solves the optimality conditions of the variables taken for free, the others held at
their bounds (Nocedal and Wright, Numerical Optimization (2006), 16.5), with a proximal term so
small that it only decides between equal optima (Rockafellar 1976, SIAM J. Control Optim. 14, 877).
What comes out is accepted by the optimality conditions alone, whatever it was started from.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.statistics import Bools, Floats
from rmlbench_utils.judge.svm.dual import Dual
from rmlbench_utils.judge.svm.kernel import Kernel

ROUNDS = 1000
ACCEPTED = 1e-9  # violation of the optimality conditions, and of the equalities
PROXIMAL = 1e-11  # of the mean diagonal
MOST_FREE = 12_000  # variables of one linear system


@dataclass(frozen=True)
class Optimum:
    """A verified optimum.

    Attributes
    ----------
    a
        The variables, shape ``[v]``.
    coefficients
        Weight of the kernel with each row of the data, ``[n]``.
    objective
        The minimum.
    multipliers
        One an equality.
    violation
        Of the optimality conditions.
    """

    a: Floats
    coefficients: Floats
    objective: float
    multipliers: Floats
    violation: float


def polish(dual: Dual, kernel: Kernel, x: Floats, start: Floats) -> Optimum:
    """The optimum near ``start`` [v], of a problem over the rows of ``x`` [n, d].

    Raises
    ------
    NotVerified
        If no point satisfies the optimality conditions to `ACCEPTED`, or too many variables
        are free for one linear system.
    """
    a = np.clip(start, 0.0, dual.upper)
    values = kernel.weighted(x, x, dual.coefficients(a))
    for _ in range(ROUNDS):
        gradient = dual.gradient(a, values)
        violation = max(dual.violation(a, gradient), dual.infeasibility(a))
        if violation <= ACCEPTED:
            return _optimum(dual, kernel, x, a)
        moved = _step(dual, kernel, x, a, gradient)
        values += kernel.weighted(x, x, dual.coefficients(moved) - dual.coefficients(a))
        a = moved
    raise NotVerified(f"the reference machine violates its conditions by {violation:.1e} still")


def _optimum(dual: Dual, kernel: Kernel, x: Floats, a: Floats) -> Optimum:
    """What ``a`` is, with the kernel sums made afresh.

    Raises
    ------
    NotVerified
        If rounding in the sums that led here hid a violation.
    """
    coefficients = dual.coefficients(a)
    values = kernel.weighted(x, x, coefficients)
    gradient = dual.gradient(a, values)
    violation = max(dual.violation(a, gradient), dual.infeasibility(a))
    if violation > 10 * ACCEPTED:
        raise NotVerified(f"the reference machine violates its conditions by {violation:.1e}")
    objective, multipliers = dual.objective(a, values), dual.multipliers(a, gradient)
    return Optimum(a, coefficients, objective, multipliers, violation)


def _step(dual: Dual, kernel: Kernel, x: Floats, a: Floats, gradient: Floats) -> Floats:
    """A step with every variable free that wants to be; if that leads nowhere, with the free
    ones and those that violate the conditions most, which always leads somewhere."""
    free = ~(dual.at_zero(a) | dual.at_upper(a))
    moved = _along(dual, kernel, x, a, gradient, free | _wanted(dual, a, gradient))
    if np.array_equal(moved, a):
        free[dual.worst(a, gradient)] = True
        moved = _along(dual, kernel, x, a, gradient, free)
    return moved


def _wanted(dual: Dual, a: Floats, gradient: Floats) -> Bools:
    """Variables at a bound that the multipliers want off it."""
    left = gradient - dual.multipliers(a, gradient) @ dual.sums
    zero, upper = dual.at_zero(a), dual.at_upper(a)
    return np.asarray((zero & (left < -ACCEPTED)) | (upper & (left > ACCEPTED)))


def _along(
    dual: Dual, kernel: Kernel, x: Floats, a: Floats, gradient: Floats, allowed: Bools
) -> Floats:
    """As far towards the optimum of the allowed variables as the bounds let all of them go.

    Variables at a bound that would be pushed through it are held there first.
    """
    chosen = np.flatnonzero(allowed)
    zero, upper = dual.at_zero(a), dual.at_upper(a)
    while True:
        change = _newton(dual, kernel, x, a, gradient, chosen)
        outward = (zero[chosen] & (change < 0)) | (upper[chosen] & (change > 0))
        if not outward.any():
            break
        chosen = chosen[~outward]
    room = np.where(change > 0, dual.upper[chosen] - a[chosen], a[chosen])
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(change == 0, np.inf, room / np.abs(change))
    step = min(1.0, float(share.min(initial=np.inf)))
    moved = a.copy()
    moved[chosen] = np.clip(a[chosen] + step * change, 0.0, dual.upper[chosen])
    stopped = chosen[share <= step]
    moved[stopped] = np.where(change[share <= step] > 0, dual.upper[stopped], 0.0)
    return moved


def _newton(
    dual: Dual,
    kernel: Kernel,
    x: Floats,
    a: Floats,
    gradient: Floats,
    chosen: NDArray[np.intp],
) -> Floats:
    """The change of the chosen variables that solves their conditions and the equalities.

    Raises
    ------
    NotVerified
        If they are too many for one linear system.
    """
    rows, sign, sums = x[dual.row[chosen]], dual.sign[chosen], dual.sums[:, chosen]
    diagonal = np.broadcast_to(np.asarray(dual.diagonal, np.float64), len(a))[chosen]
    used = np.abs(sums).sum(axis=1) > 0
    sums, missed = sums[used], (dual.totals - dual.sums @ a)[used]
    v, c = len(chosen), len(sums)
    if kernel.name == "linear" and c == 0 and diagonal.min(initial=np.inf) > 0:
        return _low_rank(rows * sign[:, None], diagonal, -gradient[chosen])
    if v > MOST_FREE:
        raise NotVerified(
            f"{v} variables of the reference machine are free, at most {MOST_FREE} "
            "can be solved for"
        )
    system = np.zeros((v + c, v + c))
    system[:v, :v] = kernel.matrix(rows, rows) * sign[:, None] * sign
    mean = float(system.trace()) / max(v, 1)
    system[np.arange(v), np.arange(v)] += diagonal + PROXIMAL * max(mean, 1e-300)
    system[:v, v:], system[v:, :v] = -sums.T, sums
    right = np.concatenate([-gradient[chosen], missed])
    with warnings.catch_warnings():  # what an ill-conditioned system gives is verified above
        warnings.simplefilter("ignore", linalg.LinAlgWarning)
        return np.asarray(linalg.solve(system, right, check_finite=False)[:v])


def _low_rank(rows: Floats, diagonal: Floats, right: Floats) -> Floats:
    """The solution of ``(rows rows' + diag(diagonal)) change = right``, by the identity of
    Sherman, Morrison and Woodbury (Golub and Van Loan, Matrix Computations (2013), 2.1.4)."""
    scaled = rows / diagonal[:, None]
    inner = np.eye(rows.shape[1]) + rows.T @ scaled
    change = right / diagonal
    return np.asarray(change - scaled @ linalg.solve(inner, rows.T @ change, assume_a="pos"))
