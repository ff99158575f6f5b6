"""What our support vector machines in NumPy share: the fitted model, checks, kernel, blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rmlbench_utils.contenders.own_python_dual import Problem
from rmlbench_utils.contenders.own_python_kernel import Doubled, Gram, Kernel
from rmlbench_utils.contenders.own_python_platt import Platt
from rmlbench_utils.contenders.own_python_smo import Solution, Stopping, solve
from rmlbench_utils.worker import svm
from rmlbench_utils.worker.channel import Fault

ROWS = 512  # predicted at once, so that memory does not grow with the rows


@dataclass(frozen=True)
class Model:
    """A fitted machine: ``dual`` is LIBSVM's ``sv_coef``, (k - 1) x s, or 1 x s for regression.

    ``groups`` are the places of each class's support vectors, ``labels`` its label; ``platt``
    are the probabilities, where they were asked for.
    """

    kernel: Kernel
    vectors: np.ndarray
    squares: np.ndarray
    support: np.ndarray
    dual: np.ndarray
    intercept: np.ndarray
    n_iter: np.ndarray
    labels: np.ndarray
    groups: list[slice]
    platt: Platt | None = None

    def kernel_values(self, x: np.ndarray) -> np.ndarray:
        """The kernel of rows with all support vectors (m x s)."""
        squares = np.einsum("ij,ij->i", x, x)[:, None]
        return self.kernel.of_dots(x @ self.vectors.T, squares, self.squares)


class Machine:
    """What the four share: checks, kernel, attributes."""

    DEFAULTS: ClassVar[dict[str, Any]]

    def __init__(self, **params: Any) -> None:
        svm.check(params)
        self.params = params

    def values(self, model: Model, x: np.ndarray) -> np.ndarray:
        """The machine's own values of a block of rows."""
        raise NotImplementedError

    def attributes(self, model: Model) -> dict[str, np.ndarray]:
        return {
            "support": model.support,
            "dual": model.dual,
            "intercept": model.intercept,
            "n_iter": model.n_iter,
        }

    def blocks(self, model: Model, x: np.ndarray) -> np.ndarray:
        """The machine's values of all rows, some rows at a time."""
        if x.shape[1] != model.vectors.shape[1]:
            raise Fault("data", "x", x.shape[1], f"must have {model.vectors.shape[1]} columns")
        if not np.isfinite(x.sum()):
            raise Fault("data", "x", "nan or infinity", "every value must be finite")
        if len(x) <= ROWS:
            return self.values(model, x)
        parts = [self.values(model, x[begin : begin + ROWS]) for begin in range(0, len(x), ROWS)]
        return np.concatenate(parts)

    def kernel(self, x: np.ndarray) -> Kernel:
        gamma = self.params["gamma"]
        if gamma == "scale":
            variance = x.var()
            gamma = 1.0 / (x.shape[1] * variance) if variance > 0 else 1.0
        elif gamma == "auto":
            gamma = 1.0 / x.shape[1]
        return Kernel(
            self.params["kernel"], float(gamma), self.params["coef0"], self.params["degree"]
        )

    def gram(self, kernel: Kernel, x: np.ndarray) -> Gram:
        return Gram(kernel, x, self.params["cache_size"])

    def solved(self, problem: Problem, matrix: Gram | Doubled) -> Solution:
        params = self.params
        stopping = Stopping(params["tol"], params["shrinking"], params["max_iter"])
        return solve(problem, matrix, stopping)

    def fitted(
        self,
        kernel: Kernel,
        x: np.ndarray,
        coefficients: np.ndarray,
        members: list[np.ndarray],
        labels: np.ndarray,
        solutions: list[tuple[float, int]],
    ) -> Model:
        """Keep the rows that support any machine, group by group."""
        used = (coefficients != 0).any(axis=0)
        kept = [rows[used[rows]] for rows in members]
        ends = np.cumsum([len(rows) for rows in kept])
        support = np.concatenate(kept)
        vectors = np.ascontiguousarray(x[support])
        intercept = np.array([-rho for rho, _ in solutions])
        if not np.isfinite(coefficients.sum() + intercept.sum()):
            allowed = "the coefficients are not finite: scale the data"
            raise Fault("numerical", "x_train", "too large", allowed)
        return Model(
            kernel=kernel,
            vectors=vectors,
            squares=np.einsum("ij,ij->i", vectors, vectors),
            support=support,
            dual=np.ascontiguousarray(coefficients[:, support]),
            intercept=intercept,
            n_iter=np.array([n_iter for _, n_iter in solutions], dtype=np.int64),
            labels=labels,
            groups=[
                slice(end - len(rows), end) for rows, end in zip(kept, ends.tolist(), strict=True)
            ],
        )


def check_finite(x: np.ndarray, y: np.ndarray) -> None:
    for name, values in (("x_train", x), ("y_train", y)):
        if not np.isfinite(values.sum()):
            raise Fault("data", name, "nan or infinity", "every value must be finite")
