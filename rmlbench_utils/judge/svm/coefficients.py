"""Signed dual coefficients of every machine out of what a library gives, in LIBSVM's layout."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.statistics import Floats

Ints = NDArray[np.int64]


def pairs(classes: int) -> list[tuple[int, int]]:
    """The one-against-one machines: (0, 1), (0, 2), ..., (1, 2), ..."""
    return list(itertools.combinations(range(classes), 2))


def of_pairs(dual: Floats, support: Ints, y: Ints, classes: int) -> list[Floats]:
    """Coefficients ``[n]`` of each machine.

    Parameters
    ----------
    dual
        ``[classes - 1, s]``, LIBSVM's ``sv_coef``: of a vector of class i the row j - 1 (or j,
        for j < i) belongs to the machine of i and j.
    support
        ``[s]``, rows of the training data.
    y
        ``[n]``, class numbers.
    """
    own = y[support]
    found = []
    for i, j in pairs(classes):
        values = np.zeros(len(y))
        for mine, other in ((i, j), (j, i)):
            chosen = own == mine
            line = other - 1 if other > mine else other
            values[support[chosen]] = dual[line, chosen]
        found.append(values)
    return found


def of_rows(dual: Floats, support: Ints, n: int) -> Floats:
    """Coefficients ``[n]`` of a regression machine from ``dual [1, s]``."""
    values = np.zeros(n)
    values[support] = dual[0]
    return values


def votes(decision: Floats, classes: int) -> Ints:
    """Class with the most votes of one-against-one values ``[m, p]``, of equals the lowest.

    A value above 0 is a vote for the first class of the pair, as LIBSVM counts.
    """
    count = np.zeros((len(decision), classes), dtype=np.int64)
    for column, (i, j) in enumerate(pairs(classes)):
        first = decision[:, column] > 0
        count[first, i] += 1
        count[~first, j] += 1
    return np.asarray(count.argmax(axis=1))


def confidence(decision: Floats, classes: int) -> Floats:
    """A score a class ``[m, classes]``: votes, ordered among equals by the sum of the values.

    scikit-learn's ``decision_function_shape="ovr"``.
    """
    count = np.zeros((len(decision), classes))
    total = np.zeros((len(decision), classes))
    for column, (i, j) in enumerate(pairs(classes)):
        value = decision[:, column]
        count[:, i] += value > 0
        count[:, j] += value <= 0
        total[:, i] += value
        total[:, j] -= value
    return np.asarray(count + total / (3 * (np.abs(total) + 1)))
