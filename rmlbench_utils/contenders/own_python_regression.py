"""Our own linear models in NumPy and SciPy: the twins of rust/own.

Objectives, centring, stopping rule and convergence report are scikit-learn's: the lasso and
the elastic net minimise ``|y - Xw|^2 / (2n) + alpha * l1_ratio * |w|_1 +
alpha * (1 - l1_ratio) * |w|^2 / 2`` by cyclic coordinate descent with gap-safe screening
(Fercoq, Gramfort, Salmon 2015) and stop at ``n * gap <= tol * y'y``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import scipy
from scipy.linalg import LinAlgError, cho_factor, cho_solve, lstsq

from rmlbench_utils.contenders import own_python_facts
from rmlbench_utils.worker.channel import Fault

VERSION = f"0.1 on NumPy {np.__version__} and SciPy {scipy.__version__}"


@dataclass(frozen=True)
class Model:
    """Coefficients (d), intercept, and the convergence report of coordinate descent."""

    coefficients: np.ndarray
    intercept: float
    n_iter: int | None = None
    dual_gap: float | None = None


class _Linear:
    """What the four share: centring, prediction, attributes."""

    DEFAULTS: ClassVar[dict[str, Any]]

    def __init__(self, **params: Any) -> None:
        self.params = params

    def solve(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, int | None, float | None]:
        raise NotImplementedError

    def fit(self, x: np.ndarray, y: np.ndarray) -> Model:
        if not (np.isfinite(x.sum()) and np.isfinite(y.sum())):
            raise Fault("data", "x_train", "nan or infinity", "every value must be finite")
        if not self.params["fit_intercept"]:
            coefficients, n_iter, gap = self.solve(x, y)
            return Model(coefficients, 0.0, n_iter, gap)
        x_mean, y_mean = x.mean(axis=0), y.mean()
        coefficients, n_iter, gap = self.solve(x - x_mean, y - y_mean)
        return Model(coefficients, float(y_mean - x_mean @ coefficients), n_iter, gap)

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        if x.shape[1] != model.coefficients.size:
            raise Fault("data", "x", x.shape[1], f"must have {model.coefficients.size} columns")
        if not np.isfinite(x.sum()):
            raise Fault("data", "x", "nan or infinity", "every value must be finite")
        return x @ model.coefficients + model.intercept

    def attributes(self, model: Model) -> dict[str, np.ndarray]:
        out = {"coefficients": model.coefficients, "intercept": np.array([model.intercept])}
        if model.n_iter is not None:
            out["n_iter"] = np.array([model.n_iter], dtype=np.int64)
            out["dual_gap"] = np.array([model.dual_gap])
        return out


class Linear(_Linear):
    """Least squares: complete orthogonal factorisation (LAPACK gelsy) or normal equations."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"solver": "lstsq", "fit_intercept": True}

    def solve(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, None, None]:
        if self.params["solver"] == "lstsq":
            cut = np.finfo(np.float64).eps * max(x.shape)
            solution = lstsq(
                x, y, cond=cut, lapack_driver="gelsy", check_finite=False, overwrite_a=True
            )
            return solution[0], None, None
        if self.params["solver"] == "cholesky":
            return _normal_equations(x, y, 0.0), None, None
        raise Fault("parameter", "solver", self.params["solver"], "lstsq or cholesky")


class Ridge(_Linear):
    """Ridge by Cholesky of the normal equations, in the dual where d > n."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"alpha": 1.0, "solver": "cholesky", "fit_intercept": True}

    def solve(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, None, None]:
        if self.params["alpha"] < 0:
            raise Fault("parameter", "alpha", self.params["alpha"], "must be at least 0")
        if self.params["solver"] != "cholesky":
            raise Fault("parameter", "solver", self.params["solver"], "cholesky")
        return _normal_equations(x, y, self.params["alpha"]), None, None


def _normal_equations(x: np.ndarray, y: np.ndarray, alpha: float) -> np.ndarray:
    """Solve (X'X + alpha I) w = X'y, or w = X'(XX' + alpha I)^-1 y where that is smaller."""
    dual = x.shape[1] > x.shape[0]
    gram = x @ x.T if dual else x.T @ x
    gram.flat[:: gram.shape[0] + 1] += alpha
    try:
        factor = cho_factor(gram, lower=True, overwrite_a=True, check_finite=False)
    except LinAlgError as error:
        raise Fault(
            "numerical", "alpha", alpha, f"the normal equations are not positive definite ({error})"
        ) from error
    solution = cho_solve(factor, y if dual else x.T @ y, check_finite=False)
    return x.T @ solution if dual else solution


class ElasticNet(_Linear):
    """Elastic net by cyclic coordinate descent."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "alpha": 1.0,
        "l1_ratio": 0.5,
        "tol": 1e-4,
        "max_iter": 1000,
        "fit_intercept": True,
    }

    def solve(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, int, float]:
        n = len(y)
        alpha, ratio = self.params["alpha"], self.params.get("l1_ratio", 1.0)
        if alpha < 0:
            raise Fault("parameter", "alpha", alpha, "must be at least 0")
        if not 0 <= ratio <= 1:
            raise Fault("parameter", "l1_ratio", ratio, "must be between 0 and 1")
        if self.params["max_iter"] < 1:
            raise Fault("parameter", "max_iter", self.params["max_iter"], "must be at least 1")
        descent = _Descent(np.asfortranarray(x), y, alpha * ratio * n, alpha * (1 - ratio) * n)
        n_iter, gap = descent.run(self.params["tol"], self.params["max_iter"])
        return descent.w, n_iter, gap / n


class Lasso(ElasticNet):
    """Lasso: the elastic net with l1_ratio 1."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        k: v for k, v in ElasticNet.DEFAULTS.items() if k != "l1_ratio"
    }


class _Descent:
    """State of coordinate descent on |y - Xw|^2/2 + l1 |w|_1 + l2 |w|^2/2."""

    def __init__(self, x: np.ndarray, y: np.ndarray, l1: float, l2: float) -> None:
        self.x, self.y, self.l1, self.l2 = x, y, l1, l2
        self.columns = list(x.T)
        self.norms = np.einsum("ij,ij->j", x, x)
        self.w = np.zeros(x.shape[1])
        self.residual = y.copy()
        self.active = np.flatnonzero(self.norms > 0)

    def run(self, tol: float, max_iter: int) -> tuple[int, float]:
        """Iterate until the dual gap is at most ``tol * y'y``; (iterations, gap)."""
        limit = tol * float(self.y @ self.y)
        gap = self._gap_and_screen(limit)
        for iteration in range(max_iter):
            if gap <= limit:
                return iteration, gap
            largest, moved = self._sweep()
            if largest == 0 or moved / largest <= tol or iteration == max_iter - 1:
                gap = self._gap_and_screen(limit)
        return max_iter, gap

    def _sweep(self) -> tuple[float, float]:
        largest = moved = 0.0
        norms, residual, l1, l2 = self.norms, self.residual, self.l1, self.l2
        for j in self.active.tolist():
            column, norm, old = self.columns[j], float(norms[j]), float(self.w[j])
            rho = float(column @ residual) + old * norm
            new = max(abs(rho) - l1, 0.0) / (norm + l2)
            if rho < 0:
                new = -new
            if new != old:
                residual += (old - new) * column
                self.w[j] = new
            largest, moved = max(largest, abs(new)), max(moved, abs(new - old))
        return largest, moved

    def _gap_and_screen(self, limit: float) -> float:
        """Dual gap (scikit-learn's formulation A); drop what cannot be nonzero (Eq. 11)."""
        correlation = self.x.T @ self.residual - self.l2 * self.w
        dual_norm = float(np.abs(correlation).max(initial=0.0))
        if self.l1 == 0:
            return self._gap_without_l1(correlation)
        scale = min(1.0, self.l1 / dual_norm) if dual_norm > 0 else 1.0
        square = float(self.residual @ self.residual) + self.l2 * float(self.w @ self.w)
        gap = 0.5 * square * (1 + scale**2) + self.l1 * float(np.abs(self.w).sum())
        gap -= scale * float(self.residual @ self.y)
        if gap > limit:
            theta = correlation[self.active] / max(self.l1, dual_norm)
            distance = (1 - np.abs(theta)) / np.sqrt(self.norms[self.active] + self.l2)
            dropped = self.active[distance > np.sqrt(2 * max(gap, 0.0)) / self.l1]
            for j in dropped[self.w[dropped] != 0]:
                self.residual += self.w[j] * self.columns[j]
                self.w[j] = 0.0
            self.active = np.setdiff1d(self.active, dropped, assume_unique=True)
        return gap

    def _gap_without_l1(self, correlation: np.ndarray) -> float:
        """Formulation B for ridge, the squared gradient for least squares."""
        gradient = correlation + self.l2 * self.w
        norm = float(gradient @ gradient)
        if self.l2 == 0:
            return norm
        gap = float(self.residual @ self.residual) + 0.5 * self.l2 * float(self.w @ self.w)
        return gap - float(self.residual @ self.y) + norm / (2 * self.l2)


ALGORITHMS = {"linear": Linear, "ridge": Ridge, "lasso": Lasso, "elastic_net": ElasticNet}


def facts() -> dict[str, Any]:
    """Kernel library and versions, for the fairness check."""
    return own_python_facts.facts(scipy=scipy.__version__)
