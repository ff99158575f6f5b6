"""Kernel rows of some data, computed on demand by one matrix-vector product and cached.

The twin of ``gram.rs``, ``cache.rs`` and ``matrix.rs`` in rust/own.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np

# As LIBSVM's Qfloat: rows of float64 would lead to other working sets, and so other iterations.
CACHED = np.float32


@dataclass(frozen=True)
class Kernel:
    """A kernel of scikit-learn's, as a function of dot products; ``gamma`` is a number here."""

    name: str
    gamma: float
    coef0: float
    degree: int

    def of_dots(self, dots: np.ndarray, square: Any, squares: np.ndarray) -> np.ndarray:
        """Turn dot products into kernel values, in place.

        ``square`` and ``squares`` are the squared norms of the rows on both sides of the product,
        shaped so that they add up to its shape: ``|x - z|^2 = |x|^2 + |z|^2 - 2 x . z``.
        """
        if self.name == "rbf":
            dots *= -2.0
            dots += square + squares
            dots *= -self.gamma
            return np.exp(dots, out=dots)
        if self.name == "linear":
            return dots
        dots *= self.gamma
        dots += self.coef0
        return np.tanh(dots, out=dots) if self.name == "sigmoid" else _power(dots, self.degree)


def _power(values: np.ndarray, degree: int) -> np.ndarray:
    """Whole powers by repeated squaring, in place."""
    squares = values.copy()
    values.fill(1.0)
    while degree:
        if degree % 2:
            values *= squares
        degree //= 2
        if degree:
            squares *= squares
    return values


class Gram:
    """The kernel matrix of the rows ``x`` (n x d, taken over), in an order that can be changed.

    Leading parts of its rows are kept in ``cache_mb`` MiB, two rows in any case, the least
    recently used given up first (Chang and Lin 2011, section 5.2).
    """

    def __init__(self, kernel: Kernel, x: np.ndarray, cache_mb: float) -> None:
        self.kernel, self.x = kernel, x
        self.squares = np.einsum("ij,ij->i", x, x)
        self.diagonal = kernel.of_dots(self.squares.copy(), self.squares, self.squares)
        self.numbers = np.arange(len(x))
        self.rows: OrderedDict[int, np.ndarray] = OrderedDict()
        self.room = max(int(cache_mb * 2**20), 2 * len(x) * np.dtype(CACHED).itemsize)

    def row(self, i: int, length: int) -> np.ndarray:
        """The first ``length`` values of row ``i``."""
        number = int(self.numbers[i])
        held = self.rows.pop(number, None)
        if held is None or len(held) < length:
            held = self._longer(i, length, held)
        self.rows[number] = held
        return held[:length]

    def _longer(self, i: int, length: int, held: np.ndarray | None) -> np.ndarray:
        begin = 0 if held is None else len(held)
        row = np.empty(length, dtype=CACHED)
        if held is not None:
            row[:begin] = held
        dots = self.x[begin:length] @ self.x[i]
        row[begin:] = self.kernel.of_dots(dots, self.squares[i], self.squares[begin:length])
        self.room -= row[begin:].nbytes
        while self.room < 0:
            self._give_up(next(iter(self.rows)))
        return row

    def _give_up(self, number: int) -> None:
        self.room += self.rows.pop(number).nbytes

    def exchange(self, first: np.ndarray, second: np.ndarray) -> None:
        """Exchange the places ``first`` with the places ``second``, which come later.

        A cached row that reaches only the first of two exchanged places is given up.
        """
        here, there = np.concatenate([first, second]), np.concatenate([second, first])
        for values in (self.x, self.squares, self.diagonal, self.numbers):
            values[here] = values[there]
        for number, row in list(self.rows.items()):
            whole = second < len(row)
            if (first[~whole] < len(row)).any():
                self._give_up(number)
                continue
            here = np.concatenate([first[whole], second[whole]])
            row[here] = row[np.concatenate([second[whole], first[whole]])]


class Doubled:
    """Regression: variables ``k`` and ``n + k`` share row ``k``; the matrix keeps its order."""

    def __init__(self, gram: Gram) -> None:
        self.gram = gram
        self.behind = np.tile(np.arange(len(gram.x)), 2)
        self.diagonal = np.tile(gram.diagonal, 2)
        self.recent: OrderedDict[int, np.ndarray] = OrderedDict()

    def row(self, i: int, length: int) -> np.ndarray:
        """The first ``length`` values of row ``i``, in the variables' order."""
        held = self.recent.pop(i, None)
        if held is None or len(held) < length:
            whole = self.gram.row(self.behind[i], len(self.gram.x))
            held = whole.take(self.behind[:length])
        self.recent[i] = held
        if len(self.recent) > 2:
            self.recent.popitem(last=False)
        return held[:length]

    def exchange(self, first: np.ndarray, second: np.ndarray) -> None:
        """Exchange the places ``first`` with the places ``second``."""
        here, there = np.concatenate([first, second]), np.concatenate([second, first])
        for values in (self.behind, self.diagonal):
            values[here] = values[there]
        self.recent.clear()
