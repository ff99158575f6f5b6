"""Our own support vector machines in NumPy: the twins of rust/own in its form Product.

LIBSVM's solver (``own_python_smo``) on kernel rows made by one matrix-vector product each
(``own_python_kernel``); several classes one against one, labels by most votes, ties to the lowest.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from rmlbench_utils.contenders import own_python_dual as dual
from rmlbench_utils.contenders.own_python_facts import facts
from rmlbench_utils.contenders.own_python_kernel import Doubled
from rmlbench_utils.contenders.own_python_machine import Machine, Model, check_finite
from rmlbench_utils.contenders.own_python_platt import Platt
from rmlbench_utils.worker import svm
from rmlbench_utils.worker.channel import Fault

__all__ = ["ALGORITHMS", "VERSION", "facts"]

VERSION = f"0.1 on NumPy {np.__version__}"


class _Classifier(Machine):
    """One machine for every pair of classes, above 0 for the first."""

    def targets(self, y: np.ndarray) -> np.ndarray:
        return y.astype(np.int64)

    def problem(
        self, counts: tuple[int, int], weights: tuple[float, float], labels: np.ndarray
    ) -> dual.Problem:
        raise NotImplementedError

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.uses_folds = params["probability"]

    def fit(self, x: np.ndarray, y: np.ndarray, fold: np.ndarray | None = None) -> Model:
        check_finite(x, y)
        model = self.machines(x, y)
        if fold is None:
            return model
        held = np.empty((len(y), len(model.intercept)))
        for one in np.unique(fold):
            out = fold == one
            without = self.machines(np.ascontiguousarray(x[~out]), y[~out])
            held[out] = self.blocks(without, np.ascontiguousarray(x[out]))
        return replace(model, platt=Platt.fit(held, np.searchsorted(model.labels, y)))

    def machines(self, x: np.ndarray, y: np.ndarray) -> Model:
        labels, numbers = np.unique(y, return_inverse=True)
        k = len(labels)
        if k < 2:
            raise Fault("data", "y_train", k, "must hold at least 2 classes")
        members = [np.flatnonzero(numbers == number) for number in range(k)]
        weights = self.weights([len(rows) for rows in members])
        kernel = self.kernel(x)
        coefficients, solutions = np.zeros((k - 1, len(x))), []
        for i, j in combinations(range(k), 2):
            rows = np.concatenate([members[i], members[j]])
            counts = len(members[i]), len(members[j])
            problem = self.problem(counts, (weights[i], weights[j]), labels[[i, j]])
            solution = self.solved(problem, self.gram(kernel, np.ascontiguousarray(x[rows])))
            r = solution.r if problem.grouped else 1.0
            if r == 0.0:
                raise Fault("numerical", "r", 0.0, "a margin must be finite and above 0")
            values = solution.alpha * (problem.signs / r)
            coefficients[j - 1, members[i]] = values[: counts[0]]
            coefficients[i, members[j]] = values[counts[0] :]
            solutions.append((solution.rho / r, solution.n_iter))
        return self.fitted(kernel, x, coefficients, members, labels, solutions)

    def weights(self, counts: list[int]) -> list[float]:
        """The classes' weights, ``n / (k * count)`` where balanced."""
        if self.params["class_weight"] == "none":
            return [1.0] * len(counts)
        return [sum(counts) / (len(counts) * count) for count in counts]

    def values(self, model: Model, x: np.ndarray) -> np.ndarray:
        """Decision values of the pairs (m x p)."""
        kernel = model.kernel_values(x)
        sums = np.stack([kernel[:, place] @ model.dual[:, place].T for place in model.groups])
        first, second = np.triu_indices(len(model.groups), 1)
        return (sums[first, :, second - 1] + sums[second, :, first]).T + model.intercept

    def decision(self, model: Model, x: np.ndarray) -> np.ndarray:
        """One value a pair (m x k (k - 1) / 2), above 0 for the first class of the pair."""
        return np.ascontiguousarray(self.blocks(model, x))

    def probabilities(self, model: Model, x: np.ndarray) -> np.ndarray | None:
        """Of each class (m x k), where asked for."""
        return None if model.platt is None else model.platt.probabilities(self.blocks(model, x))

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        """The label most pairs decide for, or with probabilities the likeliest; of equals the
        lowest."""
        values = self.blocks(model, x)
        if model.platt is not None:
            return model.labels[model.platt.probabilities(values).argmax(axis=1)]
        won = values > 0
        if len(model.labels) == 2:
            return model.labels[1 - won[:, 0]]
        first, second = np.triu_indices(len(model.labels), 1)
        classes = np.eye(len(model.labels))
        votes = won @ (classes[first] - classes[second]) + classes[second].sum(axis=0)
        return model.labels[votes.argmax(axis=1)]


class Svc(_Classifier):
    """Classes by their cost C."""

    DEFAULTS = svm.SVC

    def problem(
        self, counts: tuple[int, int], weights: tuple[float, float], labels: np.ndarray
    ) -> dual.Problem:
        c = self.params["C"]
        return dual.c_svc(counts, (c * weights[0], c * weights[1]))


class NuSvc(_Classifier):
    """Classes by the share nu of support vectors; their weights do not matter, as in LIBSVM."""

    DEFAULTS = svm.NUSVC

    def problem(
        self, counts: tuple[int, int], weights: tuple[float, float], labels: np.ndarray
    ) -> dual.Problem:
        nu, n = self.params["nu"], sum(counts)
        if nu * n / 2 > min(counts):
            most = 2 * min(counts) / n
            allowed = f"must be at most {most:.6g} for classes {labels[0]} and {labels[1]}"
            raise Fault("parameter", "nu", nu, allowed)
        return dual.nu_svc(counts, nu)


class _Regressor(Machine):
    """One machine whose values are the predictions."""

    def problem(self, y: np.ndarray) -> dual.Problem:
        raise NotImplementedError

    def fit(self, x: np.ndarray, y: np.ndarray) -> Model:
        check_finite(x, y)
        kernel, n = self.kernel(x), len(y)
        matrix = Doubled(self.gram(kernel, np.ascontiguousarray(x)))
        solution = self.solved(self.problem(y), matrix)
        coefficients = (solution.alpha[:n] - solution.alpha[n:])[None]
        found = [(solution.rho, solution.n_iter)]
        return self.fitted(kernel, x, coefficients, [np.arange(n)], np.empty(0), found)

    def values(self, model: Model, x: np.ndarray) -> np.ndarray:
        return model.kernel_values(x) @ model.dual[0] + model.intercept[0]

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        return self.blocks(model, x)


class Svr(_Regressor):
    """Values within a tube of width epsilon."""

    DEFAULTS = svm.SVR

    def problem(self, y: np.ndarray) -> dual.Problem:
        return dual.epsilon_svr(y, self.params["C"], self.params["epsilon"])


class NuSvr(_Regressor):
    """Values within a tube that leaves out the share nu."""

    DEFAULTS = svm.NUSVR

    def problem(self, y: np.ndarray) -> dual.Problem:
        return dual.nu_svr(y, self.params["C"], self.params["nu"])


ALGORITHMS = {"svc": Svc, "nusvc": NuSvc, "svr": Svr, "nusvr": NuSvr}
