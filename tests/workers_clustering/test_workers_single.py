"""smartcore's agglomerative clustering, which has single linkage only, against scikit-learn's."""

from __future__ import annotations

from pathlib import Path

import clustering_jobs as jobs
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("name", jobs.NAMES)
def test_labels_are_scikit_learns(name: str, k: int, layout: str, tmp_path: Path) -> None:
    given = jobs.data(name)
    changes = {"params": {"n_clusters": k, "linkage": "single"}, "layout": layout}
    found = jobs.outputs("smartcore", tmp_path, given, "agglomerative", **changes)
    model = AgglomerativeClustering(k, linkage="single").fit(given.x)
    assert adjusted_rand_score(found["labels"], model.labels_) == 1.0
    assert set(found) == {"labels"}


def test_another_linkage_is_not_there(tmp_path: Path) -> None:
    said = jobs.fault("smartcore", tmp_path, jobs.data("iris"), "agglomerative")
    assert (said.kind, said.parameter, said.value) == ("unsupported", "linkage", "ward")
