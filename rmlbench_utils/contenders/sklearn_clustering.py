"""scikit-learn's clusterings, through their public API with defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import sklearn
from sklearn import config_context
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.manifold import spectral_embedding

from rmlbench_utils.contenders.clustering_terms import Terms, check, first_rows
from rmlbench_utils.worker.channel import Fault

VERSION = sklearn.__version__


class Estimator:
    """An estimator made from a case's parameters, fitted and asked as a user would."""

    DEFAULTS: ClassVar[dict[str, Any]]
    PREDICTS: ClassVar[bool] = False
    STARTS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **params: Any) -> None:
        self.params = params

    def begin(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        """The arguments of the estimator."""
        check(self.params, len(x), self.STARTS)
        return self.arguments(x, terms)

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        raise NotImplementedError

    def predict(self, model: Any, x: np.ndarray) -> np.ndarray:
        return model.predict(x)


class Kmeans(Estimator):
    """k-means by Lloyd's algorithm."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_clusters": 8,
        "init": "given",
        "n_init": 1,
        "max_iter": 300,
        "tol": 1e-4,
        "algorithm": "lloyd",
    }
    PREDICTS = True
    STARTS = ("given", "k-means++")

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        if self.params["init"] != "given":
            return {**self.params, "random_state": terms.seed}
        if self.params["n_init"] != 1:
            raise Fault("parameter", "n_init", self.params["n_init"], "1 where init is given")
        return {**self.params, "init": x[first_rows(terms, self.params["n_clusters"])]}

    def fit(self, x: np.ndarray, begin: dict[str, Any]) -> Any:
        return KMeans(**begin).fit(x)

    def floors(self, model: Any) -> dict[str, tuple[Any, Callable[[np.ndarray], Any]]]:
        """What predicting a row costs with checks off."""
        return {"unchecked": (unchecked(), model.predict)}

    def attributes(self, x: np.ndarray, model: Any) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels_.astype(np.int64),
            "centres": np.ascontiguousarray(model.cluster_centers_),
            "inertia": np.array([model.inertia_], dtype=np.float64),
            "n_iter": np.array([model.n_iter_], dtype=np.int64),
        }


class Dbscan(Estimator):
    """DBSCAN with Euclidean distances."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"eps": 0.5, "min_samples": 5}

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        return {**self.params, "n_jobs": terms.threads}

    def fit(self, x: np.ndarray, begin: dict[str, Any]) -> Any:
        return DBSCAN(**begin).fit(x)

    def attributes(self, x: np.ndarray, model: Any) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels_.astype(np.int64),
            "core": model.core_sample_indices_.astype(np.int64),
        }


class Agglomerative(Estimator):
    """The whole tree with its distances, cut at the number of clusters."""

    DEFAULTS: ClassVar[dict[str, Any]] = {"n_clusters": 2, "linkage": "ward"}

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        return {**self.params, "compute_distances": True}

    def fit(self, x: np.ndarray, begin: dict[str, Any]) -> Any:
        return AgglomerativeClustering(**begin).fit(x)

    def attributes(self, x: np.ndarray, model: Any) -> dict[str, np.ndarray]:
        return {
            "labels": model.labels_.astype(np.int64),
            "heights": np.ascontiguousarray(model.distances_),
            "children": model.children_.astype(np.int64),
        }


class Spectral(Estimator):
    """Spectral clustering; scikit-learn keeps neither eigenvalues nor embedding."""

    DEFAULTS: ClassVar[dict[str, Any]] = {
        "n_clusters": 8,
        "affinity": "rbf",
        "gamma": 1.0,
        "n_neighbors": 10,
        "assign_labels": "cluster_qr",
        "eigen_tol": 0.0,
    }

    def arguments(self, x: np.ndarray, terms: Terms) -> dict[str, Any]:
        return {**self.params, "random_state": terms.seed, "n_jobs": terms.threads}

    def fit(self, x: np.ndarray, begin: dict[str, Any]) -> Any:
        return SpectralClustering(**begin).fit(x)

    def attributes(self, x: np.ndarray, model: Any) -> dict[str, np.ndarray]:
        """The embedding is made again from the same affinities and seed: the same numbers."""
        embedding = spectral_embedding(
            model.affinity_matrix_,
            n_components=model.n_clusters,
            eigen_tol=model.eigen_tol,
            random_state=model.random_state,
            drop_first=False,
        )
        return {
            "labels": model.labels_.astype(np.int64),
            "embedding": np.ascontiguousarray(embedding),
        }


def unchecked() -> Any:
    """The context in which scikit-learn trusts its inputs and parameters."""
    return config_context(assume_finite=True, skip_parameter_validation=True)


ALGORITHMS = {
    "kmeans": Kmeans,
    "dbscan": Dbscan,
    "agglomerative": Agglomerative,
    "spectral": Spectral,
}


def facts() -> dict[str, Any]:
    """Kernel library and versions, for the fairness check; imported only to be listed."""
    from rmlbench_utils.contenders import sklearn_regression

    return sklearn_regression.facts()
