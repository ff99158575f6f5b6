"""Least squares without rounding, for matrices too near to losing rank for refinement.

Floating-point numbers are integers times a power of two, so the normal equations of centred
data can be formed and solved in integers (Bareiss 1968, Mathematics of Computation 22,
565-578); in exact arithmetic forming them loses nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Long = NDArray[np.longdouble]
Integers = NDArray[Any]  # dtype object: Python's integers


class NotVerified(ArithmeticError):
    """A reference solution that could not be shown to be one."""


def minimise(x: Floats, b: Long, c: Long, penalty: float, centre: bool) -> Long:
    """The minimiser of ``|b - A w|^2 / 2 + c'w + penalty |w|^2 / 2``, A = x less its means.

    Exact but for the rounding of the result. ``x`` [n, d], ``b`` [n] of mean 0 where
    ``centre``, ``c`` [d].

    Raises
    ------
    NotVerified
        If ``A'A + penalty I`` is exactly singular.
    """
    whole, unit = _integers(x)
    right, unit_b = _integers(b)
    n = len(x)
    gram, moment = whole.T @ whole, whole.T @ right
    if centre:  # n times the centred sums
        total = whole.sum(axis=0)
        gram = n * gram - np.outer(total, total)
        moment = n * moment - total * right.sum()
    weight = n if centre else 1
    rows: list[list[int]] = []
    for i in range(x.shape[1]):
        sums = [Fraction(int(value)) * unit * unit for value in gram[i]]
        sums[i] += weight * Fraction(penalty)
        sums.append(Fraction(int(moment[i])) * unit * unit_b - weight * _fraction(c[i]))
        common = max(value.denominator for value in sums)  # all are powers of two
        rows.append([int(value * common) for value in sums])
    return np.array([_long(value) for value in _eliminate(rows)], dtype=np.longdouble)


def _integers(values: NDArray[Any]) -> tuple[Integers, Fraction]:
    """Integers and the power of two they are to be multiplied by."""
    bits = np.finfo(values.dtype).nmant + 1
    mantissa, exponent = np.frexp(values)
    lowest = int(exponent[mantissa != 0].min(initial=0))
    scaled = np.ldexp(mantissa, bits)
    flat = [
        int(m) << (int(e) - lowest) if m else 0
        for m, e in zip(scaled.flat, exponent.flat, strict=True)
    ]
    out = np.array(flat, dtype=object).reshape(values.shape)
    return out, Fraction(2) ** (lowest - bits)


def _eliminate(rows: list[list[int]]) -> list[Fraction]:
    """Solve the augmented system by fraction-free elimination."""
    d = len(rows)
    previous = 1
    for k in range(d):
        pivot = next((i for i in range(k, d) if rows[i][k] != 0), None)
        if pivot is None:
            raise NotVerified("the reference least squares is exactly singular")
        rows[k], rows[pivot] = rows[pivot], rows[k]
        head = rows[k]
        for i in range(k + 1, d):
            row, factor = rows[i], rows[i][k]
            rows[i] = [
                (head[k] * v - factor * h) // previous for v, h in zip(row, head, strict=True)
            ]
        previous = head[k]
    solution = [Fraction(0)] * d
    for k in reversed(range(d)):
        known = sum((rows[k][j] * solution[j] for j in range(k + 1, d)), Fraction(0))
        solution[k] = (rows[k][d] - known) / rows[k][k]
    return solution


def _fraction(value: np.longdouble) -> Fraction:
    numerator, denominator = value.as_integer_ratio()
    return Fraction(int(numerator), int(denominator))


def _long(value: Fraction) -> np.longdouble:
    """To the nearest: the double nearest, then what it leaves."""
    high = np.longdouble(float(value))
    return high + np.longdouble(float(value - _fraction(high)))
