"""Spectral clustering of our Rust worker against scikit-learn and a dense decomposition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import clustering_jobs as jobs
import numpy as np
import pytest
from scipy.linalg import eigh, subspace_angles
from scipy.sparse.csgraph import laplacian
from sklearn.cluster import SpectralClustering
from sklearn.metrics import adjusted_rand_score

RBF = {"affinity": "rbf", "gamma": 0.2}
NEIGHBOURS = {"affinity": "nearest_neighbors", "n_neighbors": 12}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("graph", [RBF, NEIGHBOURS], ids=lambda graph: graph["affinity"])
@pytest.mark.parametrize("name", jobs.NAMES)
def test_ours_is_scikit_learns(
    name: str, graph: dict[str, Any], layout: str, threads: int, tmp_path: Path
):
    given = jobs.data(name)
    k = 4 if name == "blobs" else 3
    params = {"n_clusters": k, **graph}
    changes = {"params": params, "layout": layout, "threads": threads}
    found = jobs.outputs("own", tmp_path, given, "spectral", **changes)
    model = SpectralClustering(**params, assign_labels="cluster_qr", random_state=0).fit(given.x)
    assert adjusted_rand_score(found["labels"], model.labels_) == 1.0
    affinity = model.affinity_matrix_
    affinity = affinity.toarray() if hasattr(affinity, "toarray") else affinity
    matrix, roots = laplacian(affinity, normed=True, return_diag=True)
    values, vectors = eigh(matrix, subset_by_index=(0, k - 1))
    np.testing.assert_allclose(found["eigenvalues"], values, atol=1e-10)
    angles = subspace_angles(found["embedding"] * roots[:, None], vectors)
    assert angles.max() < 1e-6
    np.testing.assert_allclose(
        np.linalg.norm(found["embedding"] * roots[:, None], axis=0), np.ones(k), atol=1e-10
    )


def test_a_tolerance_is_unsupported(tmp_path: Path):
    params = {"eigen_tol": 1e-3}
    said = jobs.fault("own", tmp_path, jobs.data("iris"), "spectral", params=params)
    assert (said.kind, said.parameter) == ("unsupported", "eigen_tol")
