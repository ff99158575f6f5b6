"""Where the search for a reference starts: scikit-learn's point, nearly optimal.

The point decides nothing: what it leads to is accepted by the optimality conditions alone.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from sklearn import svm
from sklearn.exceptions import ConvergenceWarning

from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm.coefficients import of_pairs, of_rows
from rmlbench_utils.judge.svm.kernel import Kernel
from rmlbench_utils.judge.svm.machines import CLASSIFIERS, LINEAR, Machine
from rmlbench_utils.protocol.case import Case

TOL = 1e-6
NEAR = 1e-3  # of the margin or tube: a row this near to it may be free
_KINDS = {
    "svc": svm.SVC,
    "nusvc": svm.NuSVC,
    "svr": svm.SVR,
    "nusvr": svm.NuSVR,
    "linearsvc": svm.LinearSVC,
    "linearsvr": svm.LinearSVR,
}


def starts(case: Case, machines: list[Machine], x: Floats, y: Floats) -> list[Floats]:
    """A point for each machine, one value a variable; ``x [n, d]`` without any constant."""
    if case.algorithm in LINEAR:
        return _of_margins(case, machines, x, y)
    fitted = _kernel_solver(case, machines[0].kernel).fit(x, y)
    dual, support = fitted._dual_coef_, fitted.support_
    if case.algorithm not in CLASSIFIERS:
        return [_point(machines[0], of_rows(dual, support, len(y)))]
    labels = y.astype(np.int64)
    found = of_pairs(dual, support, labels, int(labels.max()) + 1)
    return [_point(one, values[one.rows]) for one, values in zip(machines, found, strict=True)]


def _point(machine: Machine, coefficients: Floats) -> Floats:
    """Variables from signed coefficients; those of nu-SVC brought back to their sum."""
    if not machine.classifies:
        return np.concatenate([np.maximum(coefficients, 0), np.maximum(-coefficients, 0)])
    a = np.abs(coefficients)
    if machine.nu and a.sum() > 0:
        a *= machine.dual.totals.sum() / a.sum()
    return a


def _kernel_solver(case: Case, kernel: Kernel) -> Any:
    names = [name for name in ("C", "nu", "epsilon") if name in case.params]
    told: dict[str, Any] = {name: case.params[name] for name in names}
    if case.params.get("class_weight") == "balanced":
        told["class_weight"] = "balanced"
    return _KINDS[case.algorithm](
        kernel=kernel.name,
        gamma=kernel.gamma,
        degree=int(kernel.degree),
        coef0=kernel.coef0,
        tol=TOL,
        cache_size=1000,
        **told,
    )


def _of_margins(case: Case, machines: list[Machine], x: Floats, y: Floats) -> list[Floats]:
    """Duals guessed from how far each row is inside the loss."""
    squared = str(case.params["loss"]).startswith("squared")
    names = ("C", "loss", "fit_intercept", "intercept_scaling")
    told = {key: case.params[key] for key in names}
    if case.algorithm == "linearsvr":
        told["epsilon"] = case.params["epsilon"]
    elif case.params["class_weight"] == "balanced":
        told["class_weight"] = "balanced"
    dual = not (squared and case.algorithm == "linearsvc")
    solver = _KINDS[case.algorithm](**told, dual=dual, tol=1e-8, max_iter=20_000, random_state=0)
    with warnings.catch_warnings():  # not converged, it is a start all the same
        warnings.simplefilter("ignore", ConvergenceWarning)
        solver.fit(x, y)
    if case.algorithm == "linearsvr":
        left = y - solver.predict(x)
        loss = np.concatenate([left, -left]) - float(case.params["epsilon"])
        return [_guessed(machines[0], loss, squared)]
    values = np.atleast_2d(solver.decision_function(x).T)
    return [
        _guessed(one, 1 - one.dual.sign * value, squared)
        for one, value in zip(machines, values, strict=True)
    ]


def _guessed(machine: Machine, loss: Floats, squared: bool) -> Floats:
    """The dual variable of each loss: exact where it is squared, else half the bound near 0."""
    if squared:
        return np.asarray(np.maximum(loss, 0) / machine.dual.diagonal)
    upper = machine.dual.upper
    return np.where(np.abs(loss) <= NEAR, upper / 2, np.where(loss > 0, upper, 0.0))
