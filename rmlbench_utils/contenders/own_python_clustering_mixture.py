"""Gaussian mixtures by expectation maximisation, as scikit-learn's ``GaussianMixture``.

The twin of rust/cluster/src/mixture.rs: an iteration is an E-step, an M-step, and the mean
log-likelihood of the E-step as lower bound; it is the last where the bound changed by less than
``tol``. Rows are centred first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from rmlbench_utils.contenders.clustering_start import (
    Parameters,
    first_parameters,
    nearest_start,
)
from rmlbench_utils.contenders.clustering_terms import Terms, check, finite, first_rows
from rmlbench_utils.contenders.own_python_clustering_gaussians import (
    Estimator,
    Gaussians,
    from_covariances,
    from_precisions,
)
from rmlbench_utils.contenders.own_python_clustering_kmeans import Kmeans
from rmlbench_utils.contenders.own_python_regression import VERSION as VERSION
from rmlbench_utils.contenders.own_python_regression import facts as facts
from rmlbench_utils.worker.channel import Fault


@dataclass(frozen=True)
class Model:
    """The components about the rows' mean ``shift``, and how they were found."""

    gaussians: Gaussians
    shift: np.ndarray
    covariances: np.ndarray
    labels: np.ndarray
    lower_bounds: list[float]
    log_likelihood: float


class Mixture:
    """Gaussian mixture from given rows, or from the clusters of our own k-means."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_components": 1,
        "covariance_type": "full",
        "tol": 1e-3,
        "reg_covar": 1e-6,
        "max_iter": 100,
        "init": "given",
    }
    PREDICTS = True

    def __init__(self, **params: Any) -> None:
        self.params = params

    def begin(self, x: np.ndarray, terms: Terms) -> Parameters | int:
        """Weights, means and precisions to begin with, or the seed of k-means."""
        check(self.params, len(x), ("given", "kmeans"))
        if self.params["init"] == "kmeans":
            return terms.seed
        rows = first_rows(terms, self.params["n_components"])
        kind, reg_covar = self.params["covariance_type"], self.params["reg_covar"]
        return first_parameters(x, nearest_start(x, rows), kind, reg_covar)

    def fit(self, x: np.ndarray, begin: Parameters | int) -> Model:
        finite("x_train", x)
        kind, reg_covar = self.params["covariance_type"], self.params["reg_covar"]
        shift = x.mean(axis=0)
        centred = np.subtract(x, shift, order="C")
        estimator = Estimator(centred, kind, reg_covar)
        if isinstance(begin, int):
            model = self._after_kmeans(centred, begin, estimator)
        else:
            weights, means, precisions = begin
            model = Gaussians(kind, weights, means - shift, from_precisions(kind, precisions))
        responsibilities = np.empty((len(x), len(model.weights)))
        bounds: list[float] = []
        converged = False
        while not converged and len(bounds) < self.params["max_iter"]:
            bound = model.expect(centred, responsibilities) / len(x)
            counts, means, covariances = estimator.estimate(responsibilities)
            factors = from_covariances(kind, covariances, reg_covar)
            model = Gaussians(kind, counts / counts.sum(), means, factors)
            converged = bool(bounds) and abs(bound - bounds[-1]) < self.params["tol"]
            bounds.append(bound)
        likelihood = model.expect(centred, responsibilities) / len(x)
        labels = responsibilities.argmax(axis=1)
        return Model(model, shift, covariances, labels, bounds, likelihood)

    def _after_kmeans(self, x: np.ndarray, seed: int, estimator: Estimator) -> Gaussians:
        """The components of one M-step from the clusters of k-means at its defaults."""
        k, kind = self.params["n_components"], self.params["covariance_type"]
        params = {**Kmeans.DEFAULTS, "n_clusters": k, "init": "k-means++"}
        responsibilities = np.zeros((len(x), k))
        responsibilities[np.arange(len(x)), Kmeans(**params).fit(x, seed).labels] = 1.0
        counts, means, covariances = estimator.estimate(responsibilities)
        factors = from_covariances(kind, covariances, self.params["reg_covar"])
        return Gaussians(kind, counts / len(x), means, factors)

    def predict(self, model: Model, x: np.ndarray) -> np.ndarray:
        if x.shape[1] != len(model.shift):
            raise Fault("data", "x", x.shape[1], f"must have {len(model.shift)} columns")
        finite("x", x)
        responsibilities = np.empty((len(x), len(model.gaussians.weights)))
        model.gaussians.expect(x - model.shift, responsibilities)
        return responsibilities.argmax(axis=1)

    def attributes(self, x: np.ndarray, model: Model) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels.astype(np.int64),
            "weights": model.gaussians.weights,
            "means": model.gaussians.means + model.shift,
            "covariances": np.ascontiguousarray(model.covariances),
            "n_iter": np.array([len(model.lower_bounds)], dtype=np.int64),
            "log_likelihood": np.array([model.log_likelihood]),
            "objective": np.array(model.lower_bounds),
        }


ALGORITHMS = {"gaussian_mixture": Mixture}
