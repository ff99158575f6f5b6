"""Clusters have no names: which cluster of one side is which of the other."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_rand_score

from rmlbench_utils.judge.clustering.solution import Whole


def rand_difference(given: Whole, reference: Whole) -> float:
    """1 less the adjusted Rand index: exactly 0 for equal partitions under any names.

    Hubert and Arabie, "Comparing partitions", Journal of Classification 2 (1985) 193-218.
    """
    return 1.0 - float(adjusted_rand_score(reference, given))


def matching(given: Whole, reference: Whole, size: int) -> Whole:
    """For every cluster of the reference the given cluster that stands for it, ``[size]``.

    The one-to-one matching with the most rows in common (Kuhn 1955); labels are 0 to
    ``size - 1`` and lower. Between equals a cluster keeps its number.
    """
    shared = np.zeros((size, size))
    both = (given >= 0) & (reference >= 0)
    np.add.at(shared, (reference[both], given[both]), 1.0)
    shared += np.eye(size) / (size + 1)
    return np.asarray(linear_sum_assignment(shared, maximize=True)[1], dtype=np.int64)


def translated(given: Whole, reference: Whole) -> Whole:
    """The given labels in the reference's names: of each, the one most of its rows have."""
    names, place = np.unique(given, return_inverse=True)
    others, other = np.unique(reference, return_inverse=True)
    pair, count = np.unique(place * len(others) + other, return_counts=True)
    rising = pair[np.argsort(count, kind="stable")]
    most = np.zeros(len(names), np.int64)
    for k in rising.tolist():  # the last of a name has the most rows
        most[k // len(others)] = k % len(others)
    return np.asarray(others[most[place]], dtype=np.int64)


def settled(given: Whole, reference: Whole, free: Whole) -> Whole:
    """The reference's labels, with another allowed label wherever the given side took it.

    ``given`` is in the reference's names; ``free`` [t, 2] holds (row, other label).
    """
    labels = reference.copy()
    row, other = free[:, 0], free[:, 1]
    taken = given[row] == other
    labels[row[taken]] = other[taken]
    return labels
