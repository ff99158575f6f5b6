"""Platt scaling in NumPy: the twin of rust/smo's ``platt.rs`` and ``sigmoid.rs``.

Defined by scikit-learn 1.9's ``CalibratedClassifierCV(machine, method="sigmoid", ensemble=False,
cv=PredefinedSplit(fold))`` (``calibration.py``): a sigmoid a class, fitted to what machines of the
other folds decide about the rows of each, gives the decisions of the machines of all rows their
probabilities. Each sigmoid is found by Newton's method with backtracking (Lin, Lin and Weng, "A
note on Platt's probabilistic outputs for support vector machines", Machine Learning 68, 2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmlbench_utils.worker.channel import Fault

STEPS = 100
RIDGE = 1e-12  # on the diagonal of the Hessian (Lin, Lin and Weng 2007, algorithm 1)
DECREASE = 1e-4  # share of the expected decrease that a step must bring
SHORTEST = 1e-10
NEAR = 1e-10  # a squared Newton decrement below which the loss tells no two points apart
SOLVED = 1e-24  # the sigmoid is then known to 1e-12


@dataclass(frozen=True)
class Platt:
    """The slopes and offsets of the classes' sigmoids; of two classes those of the second."""

    a: np.ndarray
    b: np.ndarray

    @classmethod
    def fit(cls, decisions: np.ndarray, numbers: np.ndarray) -> Platt:
        """Fit to one-against-one decisions (n x p) about rows of these class numbers (n)."""
        values = scores(decisions)
        classes = [1] if values.shape[1] == 1 else range(values.shape[1])
        found = [sigmoid(column, numbers == c) for column, c in zip(values.T, classes, strict=True)]
        a, b = np.array(found).T
        return cls(a, b)

    def probabilities(self, decisions: np.ndarray) -> np.ndarray:
        """Of each class (m x k): what is left of 1 of two; of more their sum is made 1, and they
        are all equal where all are 0."""
        shares = expit(-(self.a * scores(decisions) + self.b))
        if len(self.a) == 1:
            return np.column_stack([1 - shares, shares])
        total = shares.sum(axis=1, keepdims=True)
        uniform = np.full_like(shares, 1 / len(self.a))
        return np.divide(shares, total, out=uniform, where=total != 0)


def scores(decisions: np.ndarray) -> np.ndarray:
    """What the sigmoids see: of two classes the decision for the second (n x 1); of more a score
    a class (n x k), its votes and, below 1/3, the sum of its decisions (scikit-learn's
    ``_ovr_decision_function``)."""
    p = decisions.shape[1]
    if p == 1:
        return -decisions
    k = round((1 + np.sqrt(1 + 8 * p)) / 2)
    first, second = np.triu_indices(k, 1)
    classes = np.eye(k)
    lost = decisions < 0
    votes = lost @ (classes[second] - classes[first]) + classes[first].sum(axis=0)
    total = decisions @ (classes[first] - classes[second])
    return votes + total / (3 * (np.abs(total) + 1))


def expit(x: np.ndarray) -> np.ndarray:
    """``1 / (1 + exp(-x))`` without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, small) / (1 + small)


def sigmoid(values: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """Slope and offset of ``P(positive | f) = 1 / (1 + exp(a f + b))``.

    Targets are ``(n+ + 1) / (n+ + 2)`` and ``1 / (n- + 2)``, not 1 and 0 (Platt 1999, section
    2.2).

    Raises
    ------
    Fault
        If no step makes the loss less, far from where its minimum is.
    """
    mean, deviation = values.mean(), values.std()
    scale = deviation if deviation > 0 else 1.0
    # Newton's steps do not depend on the scale, their rounding errors do.
    rows = np.column_stack([(values - mean) / scale, np.ones(len(values))])
    ones = int(positive.sum())
    zeros = len(positive) - ones
    targets = np.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    at, last = np.array([0.0, np.log((zeros + 1) / (ones + 1))]), np.inf
    for _ in range(STEPS):
        p = expit(-(rows @ at))
        gradient = rows.T @ (targets - p)
        hessian = (rows * (p * (1 - p))[:, None]).T @ rows + RIDGE * np.eye(2)
        step = -np.linalg.solve(hessian, gradient)
        decrement = float(-gradient @ step)
        if decrement <= SOLVED or (last < NEAR and decrement >= last):
            a = at[0] / scale
            return float(a), float(at[1] - a * mean)
        length = 1.0 if decrement < NEAR else _length(rows, targets, at, step, decrement)
        if length < SHORTEST:
            break
        at, last = at + length * step, decrement
    allowed = "the sigmoid must have a minimum: the decision values are too large"
    raise Fault("numerical", "probability", True, allowed)


def _length(
    rows: np.ndarray, targets: np.ndarray, at: np.ndarray, step: np.ndarray, decrement: float
) -> float:
    """The longest of 1, 1/2, 1/4, ... that decreases the loss enough."""
    here, length = _loss(rows @ at, targets), 1.0
    while length >= SHORTEST:
        there = _loss(rows @ (at + length * step), targets)
        if there < here - DECREASE * length * decrement:
            break
        length /= 2
    return length


def _loss(u: np.ndarray, targets: np.ndarray) -> float:
    """The binomial loss, ``sum log(1 + exp(u)) - (1 - t) u`` with ``u = a f + b``."""
    return float((np.logaddexp(0, u) - (1 - targets) * u).sum())
