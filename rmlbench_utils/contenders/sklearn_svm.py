"""scikit-learn's support vector machines (LIBSVM and LIBLINEAR inside), by their public API."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, ClassVar

import numpy as np
from sklearn import config_context
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR

from rmlbench_utils.contenders import sklearn_regression
from rmlbench_utils.contenders.sklearn_regression import VERSION
from rmlbench_utils.worker import svm
from rmlbench_utils.worker.channel import Fault

__all__ = ["ALGORITHMS", "VERSION", "facts"]
PAIRWISE = "kernel values of a row one ddot of OpenBLAS at a time, the C library's exp"


def facts() -> dict[str, Any]:
    """As for linear models, and what LIBSVM's machines spend their time in."""
    kernels = dict.fromkeys(("svc", "nusvc", "svr", "nusvr"), PAIRWISE)
    return {**sklearn_regression.facts(), "inner_kernel": kernels}


class _Machine:
    """A machine made from a case's parameters, fitted and asked as a user would."""

    DEFAULTS: ClassVar[dict[str, Any]]
    ESTIMATOR: ClassVar[type[Any]]
    LOSSES: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **params: Any) -> None:
        svm.check(params, self.LOSSES)
        self.params = params

    def new(self) -> Any:
        return self.ESTIMATOR(**self.params)

    def fit(self, x: np.ndarray, y: np.ndarray) -> Any:
        try:
            return self.new().fit(x, y)
        except ValueError as error:
            raise self.refusal(error) from error

    def predict(self, model: Any, x: np.ndarray) -> np.ndarray:
        return model.predict(x)

    def floors(self, model: Any) -> dict[str, tuple[Any, Callable[[np.ndarray], Any]]]:
        """What predicting a row costs at least: with checks off."""
        unchecked = config_context(assume_finite=True, skip_parameter_validation=True)
        return {"unchecked": (unchecked, model.predict)}

    def attributes(self, model: Any) -> dict[str, np.ndarray]:
        """LIBSVM's own values: ``dual_coef_`` has the other sign for two classes."""
        return {
            "support": model.support_.astype(np.int64),
            "dual": np.ascontiguousarray(model._dual_coef_, dtype=np.float64),
            "intercept": np.atleast_1d(model._intercept_).astype(np.float64),
            "n_iter": np.atleast_1d(model.n_iter_).astype(np.int64),
        }

    def trace(self, model: Any, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        """Where the solver stood on its way, where it is LIBSVM's and nothing else was fitted."""
        if not self.ESTIMATOR.__module__.startswith("sklearn.svm"):
            return {}
        from rmlbench_utils.contenders.sklearn_svm_trace import traced

        return traced(model, x, y)

    def refusal(self, error: ValueError) -> Fault:
        """What scikit-learn refuses, in its own words."""
        said = str(error).splitlines()[0]
        if "nu is infeasible" in said:
            return Fault("parameter", "nu", self.params["nu"], "must be less: " + said)
        name = "y_train" if "class" in said else "x_train"
        return Fault("data", name, "unusable", said)


class _Classifier(_Machine):
    """A machine of classes; a user of scikit-learn holds labels as whole numbers."""

    def targets(self, y: np.ndarray) -> np.ndarray:
        return y.astype(np.int64)

    def new(self) -> Any:
        told = {name: value for name, value in self.params.items() if name != "probability"}
        told["class_weight"] = None if told["class_weight"] == "none" else told["class_weight"]
        return self.ESTIMATOR(**told, **self.asked())

    def asked(self) -> dict[str, Any]:
        """What else the estimator is told."""
        return {"decision_function_shape": "ovo"}

    def decision(self, model: Any, x: np.ndarray) -> np.ndarray:
        """One value a pair (m x k (k - 1) / 2), above 0 for the first class of the pair."""
        values = model.decision_function(x)
        return -values[:, None] if values.ndim == 1 else np.ascontiguousarray(values)


class _Platt(_Classifier):
    """A machine with probabilities where asked for: scikit-learn 1.9 deprecates those of SVC and
    NuSVC themselves and names CalibratedClassifierCV in their place."""

    def __init__(self, **params: Any) -> None:
        super().__init__(**params)
        self.uses_folds = params["probability"]
        if self.uses_folds:  # loaded only here: other cases' start-up must not pay for it
            from sklearn.calibration import CalibratedClassifierCV
            from sklearn.model_selection import PredefinedSplit

            self.calibrated, self.split = CalibratedClassifierCV, PredefinedSplit

    def asked(self) -> dict[str, Any]:
        # A calibrator wants one value a class, which is scikit-learn's default.
        return {} if self.uses_folds else super().asked()

    def fit(self, x: np.ndarray, y: np.ndarray, fold: np.ndarray | None = None) -> Any:
        if fold is None:
            return super().fit(x, y)
        folds = self.split(fold)
        try:
            return self.calibrated(self.new(), method="sigmoid", ensemble=False, cv=folds).fit(x, y)
        except ValueError as error:
            raise self.refusal(error) from error

    def machine(self, model: Any) -> Any:
        """The machine of all rows, its decisions one against one."""
        if not self.uses_folds:
            return model
        machine = copy(model.calibrated_classifiers_[0].estimator)
        return machine.set_params(**super().asked())

    def decision(self, model: Any, x: np.ndarray) -> np.ndarray:
        return super().decision(self.machine(model), x)

    def probabilities(self, model: Any, x: np.ndarray) -> np.ndarray | None:
        """Of each class (m x k), where asked for."""
        return model.predict_proba(x) if self.uses_folds else None

    def attributes(self, model: Any) -> dict[str, np.ndarray]:
        return super().attributes(self.machine(model))

    def trace(self, model: Any, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        return {} if self.uses_folds else super().trace(model, x, y)


class Svc(_Platt):
    """Classes by their cost C."""

    DEFAULTS = svm.SVC
    ESTIMATOR = SVC


class NuSvc(_Platt):
    """Classes by the share nu of support vectors."""

    DEFAULTS = svm.NUSVC
    ESTIMATOR = NuSVC


class Svr(_Machine):
    """Values within a tube of width epsilon."""

    DEFAULTS = svm.SVR
    ESTIMATOR = SVR


class NuSvr(_Machine):
    """Values within a tube that leaves out the share nu."""

    DEFAULTS = svm.NUSVR
    ESTIMATOR = NuSVR


class _Shuffled:
    """A machine whose dual solver visits the rows in an order that the job's seed decides."""

    seed = 0

    def trace(self, model: Any, x: np.ndarray, y: np.ndarray) -> dict[str, np.ndarray]:
        return {}

    def seeded(self, seed: int) -> None:
        self.seed = seed


class LinearSvc(_Shuffled, _Classifier):
    """Classes by LIBLINEAR, one against the rest."""

    DEFAULTS = svm.LINEARSVC
    ESTIMATOR = LinearSVC
    LOSSES = ("squared_hinge", "hinge")

    def asked(self) -> dict[str, Any]:
        return {"random_state": self.seed}

    def decision(self, model: Any, x: np.ndarray) -> np.ndarray:
        """One value a class (m x k), or of two classes one, above 0 for the second (m x 1)."""
        values = model.decision_function(x)
        return values[:, None] if values.ndim == 1 else np.ascontiguousarray(values)

    def attributes(self, model: Any) -> dict[str, np.ndarray]:
        return _plane(model, model.coef_)


class LinearSvr(_Shuffled, _Machine):
    """Values by LIBLINEAR."""

    DEFAULTS = svm.LINEARSVR
    ESTIMATOR = LinearSVR
    LOSSES = ("epsilon_insensitive", "squared_epsilon_insensitive")

    def new(self) -> Any:
        return self.ESTIMATOR(**self.params, random_state=self.seed)

    def attributes(self, model: Any) -> dict[str, np.ndarray]:
        return _plane(model, model.coef_.ravel())


def _plane(model: Any, coefficients: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "coefficients": np.ascontiguousarray(coefficients, dtype=np.float64),
        "intercept": np.atleast_1d(model.intercept_).astype(np.float64),
        "n_iter": np.atleast_1d(model.n_iter_).astype(np.int64),
    }


ALGORITHMS = {
    "svc": Svc,
    "nusvc": NuSvc,
    "svr": Svr,
    "nusvr": NuSvr,
    "linearsvc": LinearSvc,
    "linearsvr": LinearSvr,
}
