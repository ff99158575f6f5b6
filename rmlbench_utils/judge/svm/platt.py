"""The reference of Platt scaling: scikit-learn 1.9's CalibratedClassifierCV, solved.

``CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=PredefinedSplit(fold))`` has
one sigmoid a class, fitted to what machines of the other folds decide about the rows of each
(``sklearn/calibration.py``). Here machines are at their optimum and each sigmoid at its own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.outputs import Tensors, malformed
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm.coefficients import Ints, pairs
from rmlbench_utils.protocol.case import Case

SOLVED = 1e-12  # the last Newton step, in units of the standardised scores
STEPS = 100
SUM = 1e-9  # rounding of a sum of classes
TIED = 1e-9  # two probabilities nearer than this may both be the largest


def wanted(case: Case) -> bool:
    """Whether a case asks for probabilities; recordings from before there were any do not."""
    return bool(case.params.get("probability", False))


def probabilities(decision: Floats, held: Floats, labels: Ints) -> Floats:
    """Probabilities ``[m, k]`` of rows.

    Parameters
    ----------
    decision
        ``[m, p]``, of the machines of all training rows about the rows asked for.
    held
        ``[n, p]``, of the machines of the other folds about each training row.
    labels
        ``[n]``, class numbers of the training rows.
    """
    classes = int(labels.max()) + 1
    asked, seen = scores(decision, classes), scores(held, classes)
    columns = [1] if classes == 2 else list(range(classes))
    shares = np.column_stack(
        [
            shares_at(asked[:, at], *sigmoid(seen[:, at], labels == c))
            for at, c in enumerate(columns)
        ]
    )
    if classes == 2:
        return np.column_stack([1 - shares, shares])
    total = shares.sum(axis=1, keepdims=True)
    uniform = np.full_like(shares, 1 / classes)
    return np.asarray(np.divide(shares, total, out=uniform, where=total != 0))


def scores(decision: Floats, classes: int) -> Floats:
    """``SVC.decision_function`` from one-against-one values ``[m, p]``: of two classes ``[m, 1]``,
    above 0 for the second; of more ``[m, k]`` as ``sklearn/utils/multiclass.py``'s
    ``_ovr_decision_function`` makes it, which counts a value of 0 for the first of its pair."""
    if classes == 2:
        return -decision
    count = np.zeros((len(decision), classes))
    total = np.zeros((len(decision), classes))
    for column, (i, j) in enumerate(pairs(classes)):
        value = decision[:, column]
        count[:, i] += value >= 0
        count[:, j] += value < 0
        total[:, i] += value
        total[:, j] -= value
    return np.asarray(count + total / (3 * (np.abs(total) + 1)))


def shares_at(values: Floats, slope: float, offset: float) -> Floats:
    """``1 / (1 + exp(slope f + offset))``."""
    return np.asarray(np.exp(-np.logaddexp(0, slope * values + offset)))


def sigmoid(values: Floats, positive: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset at the minimum of the binomial loss with Platt's targets.

    Targets are ``(n+ + 1) / (n+ + 2)`` and ``1 / (n- + 2)`` (Platt 1999, section 2.2). Newton's
    method, steps halved until the loss is no larger (Lin, Lin and Weng 2007), on scores
    brought to mean 0 and variance 1; where all are equal the slope is 0.

    Raises
    ------
    NotVerified
        If the steps do not come down to `SOLVED`.
    """
    spread = float(values.std()) or 1.0
    centred = (values - values.mean()) / spread
    ones, zeros = float(positive.sum()), float((~positive).sum())
    targets = np.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2))
    rows = np.column_stack([centred, np.ones_like(centred)])
    at = np.array([0.0, np.log((zeros + 1) / (ones + 1))])
    for _ in range(STEPS):
        shares = shares_at(rows @ at, 1.0, 0.0)
        hessian = (rows.T * (shares * (1 - shares))) @ rows
        step = -np.linalg.lstsq(hessian, rows.T @ (targets - shares), rcond=1e-14)[0]
        if np.abs(step).max() <= SOLVED * max(1.0, np.abs(at).max()):
            slope = float(at[0]) / spread
            return slope, float(at[1]) - slope * float(values.mean())
        here = _loss(rows @ at, targets)
        while np.abs(step).max() > 1e-6 and _loss(rows @ (at + step), targets) > here:
            step = step / 2
        at = at + step
    raise NotVerified(f"a sigmoid's last step is {np.abs(step).max():.2g} after {STEPS}")


def _loss(u: Floats, targets: Floats) -> float:
    return float((np.logaddexp(0, u) - (1 - targets) * u).sum())


def contradiction(outputs: Tensors, shape: tuple[int, int]) -> str | None:
    """What makes ``probabilities`` no probabilities, or not those of the labels of window 0."""
    wrong = malformed(outputs, {"probabilities": shape})
    if wrong:
        return wrong
    given, labels = outputs["probabilities"], outputs["predictions"][0]
    if given.min() < 0 or given.max() > 1:
        return f"probabilities go from {given.min():.6g} to {given.max():.6g}, they are 0 to 1"
    sums = given.sum(axis=1)
    row = int(np.abs(sums - 1).argmax())
    if abs(sums[row] - 1) > SUM:
        return f"probabilities of row {row} have the sum {sums[row]:.9g}, it must be 1"
    unlike = int(((given.argmax(axis=1) != labels) & (_lead(given) > TIED)).sum())
    return f"{unlike} predictions are not what their own probabilities say" if unlike else None


def compared(
    case: Case, given: Floats, reference: Floats, decision: Floats, near: float
) -> tuple[NDArray[np.bool_], float]:
    """Rows whose label is open, and how far probabilities ``[m, k]`` are from the reference's.

    Of more than two classes a decision ``[m, p]`` within ``near`` of 0, where decisions are allowed
    to differ, may be a vote for either class of its pair, and a score counts votes: such rows
    are left out, unless they are all.
    """
    voting: NDArray[np.bool_] = np.zeros(len(given), dtype=np.bool_)
    if decision.shape[1] > 1:
        voting = np.asarray((np.abs(decision) <= near).any(axis=1))
    told = given if voting.all() else given[~voting]
    known = reference if voting.all() else reference[~voting]
    tolerance = case.tolerance.get("probabilities", TIED)
    return voting | (_lead(reference) <= 2 * tolerance), float(np.abs(told - known).max())


def _lead(shares: Floats) -> Floats:
    """How far the likeliest class of each row ``[m]`` is ahead of the next."""
    ordered = np.sort(shares, axis=1)
    return np.asarray(ordered[:, -1] - ordered[:, -2])


def correlation(given: Floats, reference: Floats) -> float | None:
    """Of all probabilities; None where either are all the same."""
    if np.ptp(given) == 0 or np.ptp(reference) == 0:
        return None
    return float(np.corrcoef(given.ravel(), reference.ravel())[0, 1])
