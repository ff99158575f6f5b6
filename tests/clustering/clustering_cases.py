"""Cases, data and contenders that the tests of clustering share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from sklearn import datasets

from rmlbench_utils.contenders.clustering_terms import Terms
from rmlbench_utils.datasets.start import start_rows
from rmlbench_utils.judge.clustering.parity import check
from rmlbench_utils.judge.clustering.reference import solve
from rmlbench_utils.judge.clustering.solution import Clustering
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.worker.frameworks import load
from tests.judge.factory import make_case, make_record

PARAMS: dict[str, dict[str, Any]] = {
    "kmeans": {
        "n_clusters": 3,
        "init": "given",
        "n_init": 1,
        "max_iter": 300,
        "tol": 1e-4,
        "algorithm": "lloyd",
    },
    "dbscan": {"eps": 0.6, "min_samples": 5},
    "agglomerative": {"n_clusters": 3, "linkage": "ward"},
    "gaussian_mixture": {
        "n_components": 3,
        "covariance_type": "full",
        "tol": 1e-3,
        "reg_covar": 1e-6,
        "max_iter": 100,
        "init": "given",
    },
    "spectral": {
        "n_clusters": 3,
        "affinity": "rbf",
        "gamma": 0.25,
        "n_neighbors": 10,
        "assign_labels": "cluster_qr",
        "eigen_tol": 0.0,
    },
}
TOLERANCE: dict[str, dict[str, float]] = {
    "kmeans": {"labels": 1e-9, "centres": 1e-10, "inertia": 1e-10, "n_iter": 0.5},
    "dbscan": {"labels": 1e-9, "core": 0.5},
    "agglomerative": {"labels": 1e-9, "heights": 1e-10},
    "gaussian_mixture": {
        "labels": 1e-9,
        "weights": 1e-8,
        "means": 1e-8,
        "covariances": 1e-8,
        "log_likelihood": 1e-8,
        "n_iter": 0.5,
    },
    "spectral": {"labels": 1e-9, "eigenvalues": 1e-10, "subspace": 1e-11},
}


def case_of(algorithm: str, **changes: Any) -> Case:
    """A case with scikit-learn's defaults, 3 clusters and tight tolerances."""
    level = changes.pop("level", "same answer")
    tolerance = changes.pop("tolerance", TOLERANCE[algorithm])
    return make_case(
        domain="clustering",
        algorithm=algorithm,
        dataset="iris",
        params={**PARAMS[algorithm], **changes},
        named=(),
        level=level,
        tolerance=tolerance,
        condition_scaled=algorithm == "spectral",
    )


@cache
def standardised(name: str) -> tuple[np.ndarray, np.ndarray]:
    """A dataset of scikit-learn's, its columns at mean 0 and variance 1, and its classes."""
    if name == "moons":
        x, y = datasets.make_moons(400, noise=0.1, random_state=0)
    elif name == "blobs":
        x, y = datasets.make_blobs(400, 3, centers=3, random_state=0)
    else:
        bunch = getattr(datasets, f"load_{name}")()
        x, y = bunch.data, bunch.target
    scale = x.std(axis=0)
    return (x - x.mean(axis=0)) / np.where(scale > 0, scale, 1.0), y.astype(np.float64)


@dataclass(frozen=True)
class Problem:
    """A case on data, with its reference."""

    case: Case
    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    start: np.ndarray
    reference: Clustering

    @property
    def rotation(self) -> np.ndarray:
        """Two windows: the test rows in their order, and from the middle on."""
        rows = np.arange(len(self.x_test))
        return np.stack([rows, np.roll(rows, len(rows) // 2)])

    def outputs(self, framework: str, layout: str = "C") -> dict[str, np.ndarray]:
        """What a contender answers."""
        kind = load(framework, self.case.algorithm).ALGORITHMS[self.case.algorithm]
        algorithm = kind(**{**kind.DEFAULTS, **self.case.params})
        x = np.array(self.x, order=layout)
        begin = algorithm.begin(x, Terms(self.start, 0, 1))
        model = algorithm.fit(x, begin)
        told = algorithm.attributes(x, model)
        if kind.PREDICTS:
            answers = [algorithm.predict(model, self.x_test[rows]) for rows in self.rotation]
            told["predictions"] = np.stack(answers).astype(np.float64)
        return told

    def check(self, outputs: dict[str, np.ndarray], case: Case | None = None) -> ParityLine:
        """The parity line of outputs."""
        train = {"x_train": self.x, "y_train": self.y}
        truth = {"rotation": self.rotation, "x_test": self.x_test}
        record = make_record(contender="linfa")
        return check(case or self.case, record, outputs, self.reference, train, truth)


def problem(case: Case, x: np.ndarray, y: np.ndarray | None = None, seed: int = 0) -> Problem:
    """Solve a case on all but the last fifth of the rows (all, where there are few)."""
    y = np.zeros(len(x)) if y is None else y
    order = np.random.default_rng(seed).permutation(len(x)) if len(x) > 20 else np.arange(len(x))
    x, y = np.ascontiguousarray(x[order]), y[order]
    cut = len(x) - len(x) // 5 if len(x) > 20 else len(x)
    x_test = x[cut:] if cut < len(x) else x
    start = start_rows(x[:cut], min(12, cut), seed)
    reference = solve(case, x[:cut], start, x_test)
    return Problem(case, x[:cut], y[:cut], x_test, start, reference)
