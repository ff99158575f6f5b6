"""Fitted support vector machines of two contenders side by side, and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np

from rmlbench_utils.contenders import own_python_svm, sklearn_svm

CLASSIFIERS = ("svc", "nusvc")
REGRESSORS = ("svr", "nusvr")
KERNELS = ("rbf", "linear", "poly", "sigmoid")


class Fitted:
    """One contender's machine on some data."""

    def __init__(self, module: Any, algorithm: str, x: np.ndarray, y: np.ndarray, **params: Any):
        kind = module.ALGORITHMS[algorithm]
        self.algorithm = kind(**{**kind.DEFAULTS, **params})
        y = self.algorithm.targets(y) if hasattr(self.algorithm, "targets") else y
        self.x, self.y, self.params = x, y, self.algorithm.params
        self.model = self.algorithm.fit(x, y)
        self.attributes = self.algorithm.attributes(self.model)

    def predict(self, x: np.ndarray) -> np.ndarray:
        return self.algorithm.predict(self.model, x)

    def decision(self, x: np.ndarray) -> np.ndarray:
        """Decision values of the pairs, or the predictions of regression as one column."""
        if hasattr(self.algorithm, "decision"):
            return self.algorithm.decision(self.model, x)
        return self.predict(x)[:, None]

    def kernel(self) -> np.ndarray:
        """The kernel of all training rows, from its definition."""
        params, x = self.params, self.x
        gamma = params["gamma"]
        if isinstance(gamma, str):
            gamma = 1 / (x.shape[1] * (x.var() if gamma == "scale" else 1.0))
        match params["kernel"]:
            case "rbf":
                return np.exp(-gamma * ((x[:, None] - x) ** 2).sum(axis=2))
            case "linear":
                return x @ x.T
            case "poly":
                return (gamma * x @ x.T + params["coef0"]) ** params["degree"]
        return np.tanh(gamma * x @ x.T + params["coef0"])

    def objectives(self) -> list[float]:
        """``a'Qa / 2 + p'a`` of every machine, from ``support`` and ``dual`` (p is 0 in nu-SVC, its
        answer divided by its margin)."""
        found, kernel = [], self.kernel()
        support, dual = self.attributes["support"], self.attributes["dual"]
        if not hasattr(self.algorithm, "decision"):
            a = np.zeros(len(self.x))
            a[support] = dual[0]
            epsilon = self.params.get("epsilon", 0.0)
            return [float(a @ kernel @ a / 2 - self.y @ a + epsilon * np.abs(a).sum())]
        labels = np.unique(self.y)
        of = self.y[support]
        for i in range(len(labels)):
            for j in range(i + 1, len(labels)):
                a = np.zeros(len(self.x))
                for one, row in ((i, j - 1), (j, i)):
                    mine = of == labels[one]
                    a[support[mine]] = dual[row, mine]
                linear = 0.0 if "nu" in self.params else np.abs(a).sum()
                found.append(float(a @ kernel @ a / 2 - linear))
        return found


def both(algorithm: str, x: np.ndarray, y: np.ndarray, **params: Any) -> tuple[Fitted, Fitted]:
    """Our own machine and scikit-learn's."""
    return (
        Fitted(own_python_svm, algorithm, x, y, **params),
        Fitted(sklearn_svm, algorithm, x, y, **params),
    )


def difference(given: np.ndarray, reference: np.ndarray) -> float:
    """``max|a - b| / max|b|``, as parity has it."""
    largest = float(np.abs(reference).max(initial=0.0))
    return float(np.abs(given - reference).max(initial=0.0)) / (largest or 1.0)
