"""k-means of the Rust workers against scikit-learn's from the same centres."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import clustering_jobs as jobs
import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score


def reference(given: jobs.Data, k: int, **params: Any) -> KMeans:
    return KMeans(k, init=given.x[given.start[:k]], n_init=1, **params).fit(given.x)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("k", [1, 3, 8])
@pytest.mark.parametrize("name", jobs.NAMES)
def test_ours_is_lloyds(name: str, k: int, layout: str, threads: int, tmp_path: Path):
    given = jobs.data(name)
    changes = {"params": {"n_clusters": k}, "layout": layout, "threads": threads}
    found = jobs.outputs("own", tmp_path, given, "kmeans", **changes)
    model = reference(given, k)
    np.testing.assert_array_equal(found["labels"], model.labels_)
    np.testing.assert_allclose(found["centres"], model.cluster_centers_, atol=1e-13)
    np.testing.assert_allclose(found["inertia"], [model.inertia_], rtol=1e-13)
    assert found["n_iter"].tolist() == [model.n_iter_]
    expected = model.predict(given.rows)
    np.testing.assert_array_equal(found["predictions"], [expected, expected])


@pytest.mark.parametrize("params", [{"max_iter": 2}, {"tol": 0.0}, {"tol": 1e-2}])
def test_ours_stops_where_scikit_learn_does(params: dict[str, Any], tmp_path: Path):
    given = jobs.data("wine")
    found = jobs.outputs("own", tmp_path, given, "kmeans", params={"n_clusters": 6, **params})
    model = reference(given, 6, **params)
    assert found["n_iter"].tolist() == [model.n_iter_]
    np.testing.assert_array_equal(found["labels"], model.labels_)


def test_more_runs_of_our_own_starts_are_no_worse(tmp_path: Path):
    given = jobs.data("wine")
    asked = [{"n_clusters": 7, "init": "k-means++", "n_init": runs} for runs in (1, 8)]
    one, eight = (
        jobs.outputs("own", tmp_path, given, "kmeans", params=params)["inertia"][0]
        for params in asked
    )
    assert eight <= one
    best = KMeans(7, n_init=8, random_state=0).fit(given.x).inertia_
    assert eight <= 1.05 * best


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("name", jobs.NAMES)
def test_linfas_ends_near_lloyds(name: str, layout: str, tmp_path: Path):
    given = jobs.data(name)
    k = 4 if name == "blobs" else 3
    changes = {"params": {"n_clusters": k, "tol": 1e-8}, "layout": layout}
    found = jobs.outputs("linfa", tmp_path, given, "kmeans", **changes)
    model = reference(given, k)
    assert adjusted_rand_score(found["labels"], model.labels_) > 0.95
    apart = cdist(given.x, found["centres"])
    np.testing.assert_array_equal(found["labels"], apart.argmin(axis=1))
    inertia = (apart.min(axis=1) ** 2).sum()
    np.testing.assert_allclose(inertia, model.inertia_, rtol=5e-3)
    np.testing.assert_allclose(found["inertia"], [inertia], rtol=1e-3)
    expected = cdist(given.rows, found["centres"]).argmin(axis=1)
    np.testing.assert_array_equal(found["predictions"], [expected, expected])


def test_linfas_tolerance_is_scikit_learns(tmp_path: Path):
    """A tolerance of the size of the data ends after one step, which is linfa's own mean."""
    given = jobs.data("iris")
    k = 3
    found = jobs.outputs("linfa", tmp_path, given, "kmeans", params={"n_clusters": k, "tol": 1e3})
    begin = given.x[given.start[:k]]
    nearest = cdist(given.x, begin).argmin(axis=1)
    means = [np.vstack([given.x[nearest == j], begin[j]]).mean(axis=0) for j in range(k)]
    np.testing.assert_allclose(found["centres"], means, atol=1e-12)
