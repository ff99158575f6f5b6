"""DBSCAN and agglomerative clustering of the Rust workers against scikit-learn and SciPy."""

from __future__ import annotations

from pathlib import Path

import clustering_jobs as jobs
import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score

GRID = {
    "iris": [(0.3, 3), (0.5, 5), (0.8, 10)],
    "wine": [(1.8, 4), (2.2, 5), (2.6, 15)],
    "blobs": [(0.2, 3), (0.3, 5), (0.5, 20)],
}
CASES = [(name, eps, least) for name, pairs in GRID.items() for eps, least in pairs]
LINKAGES = ("ward", "complete", "average", "single")


@pytest.mark.parametrize(("name", "eps", "least"), CASES)
def test_linfas_dbscan_is_scikit_learns(name: str, eps: float, least: int, tmp_path: Path):
    given = jobs.data(name)
    params = {"eps": eps, "min_samples": least}
    found = jobs.outputs("linfa", tmp_path, given, "dbscan", params=params)
    model = DBSCAN(eps=eps, min_samples=least).fit(given.x)
    np.testing.assert_array_equal(found["labels"], model.labels_)


def test_linfas_dbscan_refuses_columns_it_would_panic_on(tmp_path: Path):
    said = jobs.fault("linfa", tmp_path, jobs.data("iris"), "dbscan", layout="f")
    assert (said.kind, said.parameter) == ("unsupported", "layout")


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize(("name", "eps", "least"), CASES)
def test_smartcores_core_points_are_scikit_learns(
    name: str, eps: float, least: int, layout: str, tmp_path: Path
):
    given = jobs.data(name)
    params = {"eps": eps, "min_samples": least}
    found = jobs.outputs("smartcore", tmp_path, given, "dbscan", params=params, layout=layout)
    model = DBSCAN(eps=eps, min_samples=least).fit(given.x)
    core = model.core_sample_indices_
    assert 0 < len(core) < len(given.x)
    np.testing.assert_array_equal(found["labels"][core], model.labels_[core])


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("method", LINKAGES)
@pytest.mark.parametrize("name", jobs.NAMES)
def test_kodamas_tree_is_scipys(name: str, method: str, layout: str, tmp_path: Path):
    given = jobs.data(name)
    tree = linkage(given.x, method)
    for k in (1, 2, 3, 5, len(given.x)):
        params = {"n_clusters": k, "linkage": method}
        changes = {"params": params, "layout": layout}
        found = jobs.outputs("kodama", tmp_path, given, "agglomerative", **changes)
        np.testing.assert_allclose(found["heights"], tree[:, 2], rtol=1e-12, atol=1e-14)
        model = AgglomerativeClustering(k, linkage=method).fit(given.x)
        assert adjusted_rand_score(found["labels"], model.labels_) == 1.0
        values, first = np.unique(found["labels"], return_index=True)
        np.testing.assert_array_equal(values, np.arange(k))
        assert (np.diff(first) > 0).all()


@pytest.mark.parametrize("method", LINKAGES)
def test_kodamas_merges_are_scipys(method: str, tmp_path: Path):
    given = jobs.data("blobs")
    found = jobs.outputs("kodama", tmp_path, given, "agglomerative", params={"linkage": method})
    tree = linkage(given.x, method)
    np.testing.assert_array_equal(found["children"], np.sort(tree[:, :2], axis=1))


@pytest.mark.parametrize("worker", ["linfa", "smartcore"])
def test_rows_that_are_alike_are_one_cluster(worker: str, tmp_path: Path):
    x = np.vstack([np.zeros((200, 3)), np.full((200, 3), 7.0), [[3.0, 3.0, 3.0]]])
    params = {"eps": 0.5, "min_samples": 5}
    found = jobs.outputs(worker, tmp_path, jobs.made(x), "dbscan", params=params)
    np.testing.assert_array_equal(found["labels"], [0] * 200 + [1] * 200 + [-1])


@pytest.mark.parametrize("method", LINKAGES)
def test_rows_that_are_alike_merge_first(method: str, tmp_path: Path):
    x = np.repeat(np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 5.0]]), 4, axis=0)
    params = {"linkage": method, "n_clusters": 3}
    found = jobs.outputs("kodama", tmp_path, jobs.made(x), "agglomerative", params=params)
    np.testing.assert_array_equal(found["labels"], np.repeat([0, 1, 2], 4))
    np.testing.assert_array_equal(found["heights"][:9], np.zeros(9))
