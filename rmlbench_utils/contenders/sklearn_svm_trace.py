"""scikit-learn's dual objective after 1, 2, 4 ... iterations: fits that end there, untimed.

It proves, or not, that another program is a port: both went the same way.
"""

from __future__ import annotations

import warnings
from itertools import combinations
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

STEPS = tuple(2**k for k in range(11))


def traced(model: Any, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
    """``trace_steps`` and ``trace_objective`` [s] of the machines of ``model`` together.

    Steps that all machines end before are left out.
    """
    steps = [step for step in STEPS if step < np.max(model.n_iter_)]
    return {
        "trace_steps": np.array(steps, dtype=np.int64),
        "trace_objective": np.array([_after(step, model, x, y) for step in steps]),
    }


def _after(step: int, model: Any, x: np.ndarray, y: np.ndarray) -> float:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        stopped = clone(model).set_params(max_iter=step).fit(x, y)
    rows, dual, told = x[stopped.support_], stopped._dual_coef_, stopped.get_params()
    if not hasattr(stopped, "classes_"):
        return _regression(stopped, dual[0], rows, y[stopped.support_])
    decision = stopped.decision_function(rows).reshape(len(rows), -1)
    decision = -decision if len(stopped.classes_) == 2 else decision
    pairs = list(combinations(range(len(stopped.classes_)), 2))
    of_class = np.repeat(np.arange(len(stopped.classes_)), stopped.n_support_)
    found = 0.0
    for pair, (i, j) in enumerate(pairs):
        # LIBSVM's sv_coef: class i's coefficients are in row j - 1, class j's in row i.
        weights = np.where(of_class == i, dual[j - 1], np.where(of_class == j, dual[i], 0.0))
        found += weights @ (decision[:, pair] - stopped._intercept_[pair]) / 2
        found -= 0.0 if "nu" in told else np.abs(weights).sum()
    return float(found)


def _regression(stopped: Any, weights: np.ndarray, rows: np.ndarray, y: np.ndarray) -> float:
    """``c'Kc / 2 - y'c``, and ``epsilon |c|`` where the tube has a given width."""
    fit = weights @ (stopped.predict(rows) - stopped._intercept_[0]) / 2 - y @ weights
    return float(fit + stopped.get_params().get("epsilon", 0.0) * np.abs(weights).sum())
