"""Gaussian mixtures of the Rust workers against scikit-learn's from the same parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import clustering_jobs as jobs
import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.mixture import GaussianMixture

KINDS = ("full", "tied", "diag", "spherical")
PRECISE = {"tol": 1e-9, "max_iter": 2000}


def reference(given: jobs.Data, k: int, kind: str, **params: Any) -> GaussianMixture:
    """scikit-learn's mixture after one M-step from the nearest of the starting rows."""
    x, n = given.x, len(given.x)
    nearest = cdist(x, x[given.start[:k]]).argmin(axis=1)
    counts = np.bincount(nearest, minlength=k)
    parts = [x[nearest == j] for j in range(k)]
    means = np.array([part.mean(axis=0) for part in parts])
    scatter = np.array([(p - m).T @ (p - m) for p, m in zip(parts, means, strict=True)])
    regular = 1e-6 * np.eye(x.shape[1])
    full = scatter / counts[:, None, None] + regular
    variances = np.einsum("kjj->kj", full)
    precisions = {
        "full": np.linalg.inv(full),
        "tied": np.linalg.inv(scatter.sum(axis=0) / n + regular),
        "diag": 1.0 / variances,
        "spherical": 1.0 / variances.mean(axis=1),
    }[kind]
    begin = {"weights_init": counts / n, "means_init": means, "precisions_init": precisions}
    return GaussianMixture(k, covariance_type=kind, **begin, **params).fit(x)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", jobs.NAMES)
def test_ours_is_scikit_learns(name: str, kind: str, layout: str, threads: int, tmp_path: Path):
    given = jobs.data(name)
    params = {"n_components": 3, "covariance_type": kind}
    changes = {"params": params, "layout": layout, "threads": threads}
    found = jobs.outputs("own", tmp_path, given, "gaussian_mixture", **changes)
    model = reference(given, 3, kind)
    assert found["n_iter"].tolist() == [model.n_iter_]
    np.testing.assert_array_equal(found["labels"], model.predict(given.x))
    np.testing.assert_allclose(found["weights"], model.weights_, atol=1e-9)
    np.testing.assert_allclose(found["means"], model.means_, atol=1e-9)
    np.testing.assert_allclose(found["covariances"], model.covariances_, atol=1e-9)
    np.testing.assert_allclose(found["objective"], model.lower_bounds_, atol=1e-9)
    np.testing.assert_allclose(found["log_likelihood"], [model.score(given.x)], atol=1e-9)
    expected = model.predict(given.rows)
    np.testing.assert_array_equal(found["predictions"], [expected, expected])


@pytest.mark.parametrize("worker", ["own", "linfa"])
def test_mixtures_from_k_means_end_at_the_same_optimum(worker: str, tmp_path: Path):
    given = jobs.data("blobs")
    params = {"n_components": 4, "init": "kmeans", **PRECISE}
    found = jobs.outputs(worker, tmp_path, given, "gaussian_mixture", params=params)
    model = GaussianMixture(4, random_state=0, **PRECISE).fit(given.x)
    _, name = linear_sum_assignment(cdist(model.means_, found["means"]))
    np.testing.assert_allclose(found["means"][name], model.means_, atol=1e-3)
    np.testing.assert_allclose(found["covariances"][name], model.covariances_, atol=1e-3)
    np.testing.assert_allclose(found["weights"][name], model.weights_, atol=1e-3)
    np.testing.assert_array_equal(np.argsort(name)[found["labels"]], model.predict(given.x))
    predicted = np.argsort(name)[found["predictions"].astype(int)]
    np.testing.assert_array_equal(predicted, [model.predict(given.rows)] * 2)


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        ({}, "init"),
        ({"init": "kmeans", "covariance_type": "tied"}, "covariance_type"),
        ({"init": "kmeans", "tol": 0.0}, "tol"),
    ],
)
def test_what_linfa_lacks_is_unsupported(params: dict[str, Any], parameter: str, tmp_path: Path):
    said = jobs.fault("linfa", tmp_path, jobs.data("iris"), "gaussian_mixture", params=params)
    assert (said.kind, said.parameter) == ("unsupported", parameter)


def test_a_component_that_collapses_is_a_numerical_fault(tmp_path: Path):
    x = np.random.default_rng(0).standard_normal((40, 2))
    x[:, 1] = 0.0
    params = {"n_components": 1, "reg_covar": 0.0}
    said = jobs.fault("own", tmp_path, jobs.made(x), "gaussian_mixture", params=params)
    assert (said.kind, said.parameter) == ("numerical", "reg_covar")
