"""scikit-learn's Gaussian mixture, through its public API with defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np
from sklearn.mixture import GaussianMixture

from rmlbench_utils.contenders.clustering_start import first_parameters, nearest_start
from rmlbench_utils.contenders.clustering_terms import Terms, first_rows
from rmlbench_utils.contenders.sklearn_clustering import VERSION as VERSION
from rmlbench_utils.contenders.sklearn_clustering import Estimator, unchecked
from rmlbench_utils.contenders.sklearn_clustering import facts as facts
from rmlbench_utils.worker.channel import Fault


class Fitted(NamedTuple):
    """A mixture and the labels that fitting it answered."""

    model: GaussianMixture
    labels: np.ndarray


class Mixture(Estimator):
    """Gaussian mixture by expectation maximisation."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_components": 1,
        "covariance_type": "full",
        "tol": 1e-3,
        "reg_covar": 1e-6,
        "max_iter": 100,
        "init": "given",
    }
    PREDICTS = True
    STARTS = ("given", "kmeans")

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        asked = {name: value for name, value in self.params.items() if name != "init"}
        if self.params["init"] != "given":
            return {**asked, "init_params": self.params["init"], "random_state": terms.seed}
        rows = first_rows(terms, asked["n_components"])
        kind, reg_covar = asked["covariance_type"], asked["reg_covar"]
        first = first_parameters(x, nearest_start(x, rows), kind, reg_covar)
        names = ("weights_init", "means_init", "precisions_init")
        return {**asked, **dict(zip(names, first, strict=True))}

    def fit(self, x: np.ndarray, begin: dict[str, Any]) -> Fitted:
        model = GaussianMixture(**begin)
        try:
            return Fitted(model, model.fit_predict(x))
        except ValueError as error:
            said = str(error).split(". ")[0]
            raise Fault("numerical", "reg_covar", begin["reg_covar"], said) from error

    def predict(self, model: Fitted, x: np.ndarray) -> np.ndarray:
        return model.model.predict(x)

    def floors(self, model: Fitted) -> dict[str, tuple[Any, Callable[[np.ndarray], Any]]]:
        """What predicting a row costs with checks off."""
        return {"unchecked": (unchecked(), model.model.predict)}

    def attributes(self, x: np.ndarray, model: Fitted) -> dict[str, np.ndarray]:
        found = model.model
        return {
            "labels": model.labels.astype(np.int64),
            "weights": np.ascontiguousarray(found.weights_),
            "means": np.ascontiguousarray(found.means_),
            "covariances": np.ascontiguousarray(found.covariances_),
            "n_iter": np.array([found.n_iter_], dtype=np.int64),
            "log_likelihood": np.array([found.score(x)], dtype=np.float64),
            "objective": np.array(found.lower_bounds_, dtype=np.float64),
        }


ALGORITHMS = {"gaussian_mixture": Mixture}
