"""scikit-learn's linear models, through their public API with defaults."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, ClassVar

import numpy as np
import sklearn
from sklearn import config_context
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from threadpoolctl import threadpool_info

from rmlbench_utils.worker.channel import Fault

VERSION = sklearn.__version__


class _Estimator:
    """An estimator made from a case's parameters, fitted and asked as a user would."""

    DEFAULTS: ClassVar[dict[str, Any]]

    def __init__(self, **params: Any) -> None:
        self.params = params

    def new(self) -> Any:
        raise NotImplementedError

    def fit(self, x: np.ndarray, y: np.ndarray) -> Any:
        return self.new().fit(x, y)

    def predict(self, model: Any, x: np.ndarray) -> np.ndarray:
        return model.predict(x)

    def floors(self, model: Any) -> dict[str, tuple[Any, Callable[[np.ndarray], Any]]]:
        """What predicting a row costs at least: with checks off, and as a bare product."""
        unchecked = config_context(assume_finite=True, skip_parameter_validation=True)
        w, b = model.coef_, model.intercept_
        return {
            "unchecked": (unchecked, model.predict),
            "dot": (nullcontext(), lambda x: x @ w + b),
        }

    def attributes(self, model: Any) -> dict[str, np.ndarray]:
        out = {
            "coefficients": np.ascontiguousarray(model.coef_, dtype=np.float64),
            "intercept": np.array([model.intercept_], dtype=np.float64),
        }
        if hasattr(model, "dual_gap_"):
            out["n_iter"] = np.array([model.n_iter_], dtype=np.int64)
            out["dual_gap"] = np.array([model.dual_gap_], dtype=np.float64)
        return out


class Linear(_Estimator):
    """Least squares: LinearRegression (SVD), or the normal equations as Ridge(alpha=0)."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"solver": "lstsq", "fit_intercept": True}

    def new(self) -> Any:
        intercept = self.params["fit_intercept"]
        if self.params["solver"] == "lstsq":
            return LinearRegression(fit_intercept=intercept)
        if self.params["solver"] == "cholesky":
            return Ridge(alpha=0.0, solver="cholesky", fit_intercept=intercept)
        raise Fault("parameter", "solver", self.params["solver"], "lstsq or cholesky")


class RidgeCholesky(_Estimator):
    """Ridge with the normal equations."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"alpha": 1.0, "solver": "cholesky", "fit_intercept": True}

    def new(self) -> Any:
        return Ridge(**self.params)


class LassoCd(_Estimator):
    """Lasso by cyclic coordinate descent."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "alpha": 1.0,
        "tol": 1e-4,
        "max_iter": 1000,
        "fit_intercept": True,
    }

    def new(self) -> Any:
        return Lasso(**self.params)


class ElasticNetCd(_Estimator):
    """Elastic net by cyclic coordinate descent."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "alpha": 1.0,
        "l1_ratio": 0.5,
        "tol": 1e-4,
        "max_iter": 1000,
        "fit_intercept": True,
    }

    def new(self) -> Any:
        return ElasticNet(**self.params)


ALGORITHMS = {
    "linear": Linear,
    "ridge": RidgeCholesky,
    "lasso": LassoCd,
    "elastic_net": ElasticNetCd,
}


def facts() -> dict[str, Any]:
    """Kernel library and versions, for the fairness check."""
    import scipy

    pools = threadpool_info()
    blas = [p for p in pools if p["user_api"] == "blas"]
    return {
        "blas": sorted({f"{p['internal_api']} {p['version']}" for p in blas}),
        "blas_kernel": sorted({str(p.get("architecture")) for p in blas}),
        "cpu_features": "chosen at run time by OpenBLAS and NumPy",
        "libraries": {"numpy": np.__version__, "scipy": scipy.__version__},
    }
