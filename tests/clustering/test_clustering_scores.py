"""The scorer against scikit-learn and hand-made values."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_iris
from sklearn.mixture import GaussianMixture

from rmlbench_utils.judge.clustering import scores as clustering_scores
from rmlbench_utils.judge.clustering.gaussians import Mixture
from rmlbench_utils.judge.clustering.scores import classes_of, left_out, mixture_scores, scores
from tests.clustering.clustering_cases import standardised


def test_four_rows_by_hand() -> None:
    """Two pairs 10 apart, the rows of a pair 1 apart."""
    x = np.array([[0.0], [1.0], [10.0], [11.0]])
    found = scores(x, np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    assert found["clusters"] == 2
    assert found["noise"] == 0
    assert found["inertia"] == pytest.approx(1.0)  # 4 x 0.25
    assert found["calinski_harabasz"] == pytest.approx((100 / 1) / (1 / 2))
    assert found["davies_bouldin"] == pytest.approx((0.5 + 0.5) / 10)
    near = (1 - 1 / 10.5 + 1 - 1 / 9.5) / 2
    assert found["silhouette"] == pytest.approx(near)
    assert (found["ari"], found["nmi"]) == (1.0, 1.0)


def test_iris_scores_are_the_published_ones() -> None:
    """The silhouette of iris in 3 clusters of k-means is .5528 (scikit-learn's examples)."""
    from sklearn.cluster import KMeans

    x, y = load_iris(return_X_y=True)
    model = KMeans(3, n_init=10, random_state=0).fit(x)
    found = scores(x, model.labels_.astype(np.int64), classes_of(y.astype(float)))
    assert found["silhouette"] == pytest.approx(0.5528, abs=1e-4)
    assert found["inertia"] == pytest.approx(78.85, abs=0.01)  # Hartigan and Wong find 78.85
    assert found["ari"] == pytest.approx(0.7302, abs=1e-4)


def test_noise_is_left_out_of_shapes_and_is_a_class_of_its_own() -> None:
    x, labels = np.array([[0.0], [1.0], [10.0], [11.0], [50.0]]), np.array([0, 0, 1, 1, -1])
    found = scores(x, labels, np.array([0, 0, 1, 1, 2]))
    assert (found["clusters"], found["noise"], found["ari"]) == (2.0, 0.2, 1.0)
    assert found["inertia"] == pytest.approx(1.0)


@pytest.mark.parametrize("labels", [[0, 0, 0, 0], [-1, -1, -1, -1], [0, 1, 2, 3]])
def test_what_is_not_defined_is_left_out(labels: list[int]) -> None:
    found = scores(np.arange(4.0)[:, None], np.array(labels))
    assert not {"silhouette", "calinski_harabasz", "davies_bouldin", "ari"} & found.keys()
    assert all(np.isfinite(value) for value in found.values())
    assert ("inertia" in found) == (labels[0] >= 0)


def test_no_matrix_of_all_pairs_for_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert left_out(20_000) == {}
    assert "up to 20000" in left_out(20_001)["silhouette"]
    monkeypatch.setattr(clustering_scores, "MOST_ROWS", 3)
    found = scores(np.array([[0.0], [1.0], [10.0], [11.0]]), np.array([0, 0, 1, 1]))
    assert "silhouette" not in found
    assert "davies_bouldin" in found


@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
def test_likelihood_and_bic_are_scikit_learns(kind: str) -> None:
    x = standardised("iris")[0]
    theirs = GaussianMixture(3, covariance_type=kind, random_state=0).fit(x)
    model = Mixture(kind, theirs.weights_, theirs.means_, theirs.covariances_)
    found = mixture_scores(x, model)
    assert found["log_likelihood"] == pytest.approx(theirs.score(x), rel=1e-9)
    assert found["bic"] == pytest.approx(theirs.bic(x), rel=1e-9)


def test_values_are_not_taken_for_classes() -> None:
    assert classes_of(np.array([0.0, 1.0, 1.0, 0.0])) is not None
    assert classes_of(np.array([0.5, 1.0, 1.0, 0.0])) is None
    assert classes_of(np.zeros(4)) is None
    assert classes_of(np.arange(10.0)) is None
