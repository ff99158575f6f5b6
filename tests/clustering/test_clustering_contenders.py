"""Every Python contender against the reference of every kind of case."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans

from rmlbench_utils.contenders import own_python_clustering_kmeans as own_kmeans
from rmlbench_utils.contenders import own_python_clustering_lanczos as lanczos
from rmlbench_utils.contenders import own_python_clustering_mixture as own_mixture
from rmlbench_utils.contenders.clustering_terms import Terms
from rmlbench_utils.worker.channel import Fault
from rmlbench_utils.worker.frameworks import FRAMEWORKS, load
from tests.clustering.clustering_cases import PARAMS, case_of, problem, standardised

SETS = ("iris", "wine", "breast_cancer", "digits", "blobs", "moons")
CASES: list[tuple[str, dict[str, Any]]] = [
    ("kmeans", {}),
    ("kmeans", {"n_clusters": 10, "tol": 1e-12}),
    ("kmeans", {"n_clusters": 1}),
    ("dbscan", {}),
    ("dbscan", {"eps": 3.0}),
    *(("agglomerative", {"linkage": name}) for name in ("ward", "complete", "average", "single")),
    *(
        ("gaussian_mixture", {"covariance_type": kind})
        for kind in ("full", "tied", "diag", "spherical")
    ),
    ("gaussian_mixture", {"tol": 0.0, "max_iter": 5}),
    ("spectral", {"gamma": 0.1}),
    ("spectral", {"affinity": "nearest_neighbors"}),
]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize(("algorithm", "params"), CASES)
@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
def test_passes_or_the_answer_is_not_unique(
    framework: str, algorithm: str, params: dict[str, Any], name: str
) -> None:
    if algorithm not in FRAMEWORKS[framework]:
        pytest.skip("not among its algorithms")
    found = problem(case_of(algorithm, **params), *standardised(name))
    for layout in ("C", "F"):
        line = found.check(found.outputs(framework, layout))
        if line.parity == "unchecked":
            assert algorithm == "spectral"
            tied = framework == "sklearn" and "equally near last" in found.reference.doubt
            assert tied or "labels change where" in found.reference.doubt
        else:
            assert (line.parity, line.reason) == ("pass", None)
        assert "clusters" in line.scores


@pytest.mark.parametrize("init", ["k-means++", "given"])
def test_own_kmeans_reaches_what_scikit_learns_reaches(init: str) -> None:
    """Over seeds; with a given start in one."""
    x = standardised("digits")[0]
    params = {**PARAMS["kmeans"], "n_clusters": 10, "init": init}
    ours, theirs = [], []
    for seed in range(8):
        algorithm = own_kmeans.Kmeans(**params)
        begin = algorithm.begin(x, Terms(np.arange(10), seed, 1))
        ours.append(algorithm.fit(x, begin).inertia)
        start = "k-means++" if init == "k-means++" else x[:10]
        theirs.append(KMeans(10, init=start, n_init=1, random_state=seed).fit(x).inertia_)
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.02 if init != "given" else 1e-10)


def test_more_starts_are_never_worse() -> None:
    x = standardised("digits")[0]
    params = {**PARAMS["kmeans"], "n_clusters": 10, "init": "k-means++"}
    each = [own_kmeans.Kmeans(**params).fit(x, seed).inertia for seed in range(3)]
    best = own_kmeans.Kmeans(**{**params, "n_init": 3}).fit(x, 0).inertia
    assert best == min(each)


def test_a_mixture_begins_from_its_own_kmeans() -> None:
    x = standardised("blobs")[0]
    params = {**PARAMS["gaussian_mixture"], "init": "kmeans"}
    model = own_mixture.Mixture(**params)
    found = model.attributes(x, model.fit(x, 0))
    theirs = load("sklearn", "gaussian_mixture").ALGORITHMS["gaussian_mixture"](**params)
    begin = theirs.begin(x, Terms(None, 0, 1))
    other = theirs.attributes(x, theirs.fit(x, begin))
    assert found["log_likelihood"] == pytest.approx(other["log_likelihood"], rel=1e-4)


@pytest.mark.parametrize("count", [1, 3, 10])
def test_block_lanczos_finds_repeated_eigenvalues(count: int) -> None:
    """Of equal complete graphs side by side: 0 as often as there are, then one value."""
    graph = np.kron(np.eye(5), np.ones((60, 60)) - np.eye(60)) / 59
    found = lanczos.smallest(np.eye(300) - graph, count)
    assert found is not None
    values, vectors = found
    expected = np.array(([0.0] * 5 + [1 + 1 / 59] * 10)[:count])
    assert values == pytest.approx(expected, abs=1e-10)
    assert vectors.T @ vectors == pytest.approx(np.eye(count), abs=1e-10)


@pytest.mark.parametrize(
    ("algorithm", "params", "parameter"),
    [
        ("kmeans", {"n_clusters": 0}, "n_clusters"),
        ("kmeans", {"n_clusters": 41}, "n_clusters"),
        ("kmeans", {"tol": -1.0}, "tol"),
        ("kmeans", {"max_iter": 0}, "max_iter"),
        ("kmeans", {"init": "random"}, "init"),
        ("kmeans", {"n_init": 2}, "n_init"),
        ("kmeans", {"algorithm": "magic"}, "algorithm"),
        ("kmeans", {"n_clusters": 13}, "start"),
        ("dbscan", {"eps": 0.0}, "eps"),
        ("dbscan", {"eps": -1.0}, "eps"),
        ("dbscan", {"eps": float("nan")}, "eps"),
        ("dbscan", {"min_samples": 0}, "min_samples"),
        ("agglomerative", {"linkage": "median"}, "linkage"),
        ("agglomerative", {"n_clusters": 41}, "n_clusters"),
        ("gaussian_mixture", {"n_components": 0}, "n_components"),
        ("gaussian_mixture", {"n_components": 41}, "n_components"),
        ("gaussian_mixture", {"covariance_type": "round"}, "covariance_type"),
        ("gaussian_mixture", {"reg_covar": -1.0}, "reg_covar"),
        ("spectral", {"n_clusters": 41}, "n_clusters"),
        ("spectral", {"gamma": 0.0}, "gamma"),
        ("spectral", {"affinity": "nearest_neighbors", "n_neighbors": 41}, "n_neighbors"),
        ("spectral", {"assign_labels": "kmeans"}, "assign_labels"),
    ],
)
@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
def test_bad_parameters_are_named(
    framework: str, algorithm: str, params: dict[str, Any], parameter: str
) -> None:
    if algorithm not in FRAMEWORKS[framework]:
        pytest.skip("not among its algorithms")
    kind = load(framework, algorithm).ALGORITHMS[algorithm]
    with pytest.raises(Fault) as caught:
        kind(**{**PARAMS[algorithm], **params}).begin(np.eye(40), Terms(np.arange(12), 0, 1))
    assert caught.value.parameter == parameter
    assert "\n" not in caught.value.allowed


@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
def test_a_start_must_be_given(framework: str) -> None:
    for algorithm in ("kmeans", "gaussian_mixture"):
        kind = load(framework, algorithm).ALGORITHMS[algorithm]
        with pytest.raises(Fault, match="a file with the rows") as caught:
            kind(**PARAMS[algorithm]).begin(np.eye(5), Terms(None, 0, 1))
        assert caught.value.parameter == "weights"


@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
def test_neighbours_do_not_matter_where_they_are_not_asked_for(framework: str) -> None:
    found = problem(case_of("spectral", n_clusters=2), standardised("iris")[0][:6])
    assert found.check(found.outputs(framework)).parity == "pass"


@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
@pytest.mark.parametrize("kind", ["full", "tied", "diag", "spherical"])
def test_a_collapsed_mixture_is_a_numerical_fault(framework: str, kind: str) -> None:
    x = np.zeros((12, 3))
    mixture = load(framework, "gaussian_mixture").ALGORITHMS["gaussian_mixture"]
    params = {**PARAMS["gaussian_mixture"], "covariance_type": kind, "reg_covar": 0.0}
    algorithm = mixture(**params)
    with pytest.raises(Fault) as caught:
        algorithm.fit(x, algorithm.begin(x, Terms(np.array([0, 4, 8]), 0, 1)))
    assert caught.value.kind == "numerical"


@pytest.mark.parametrize("algorithm", ["kmeans", "gaussian_mixture", "spectral"])
def test_own_refuses_what_is_not_finite(algorithm: str) -> None:
    kind = load("own-python", algorithm).ALGORITHMS[algorithm]
    made = kind(**PARAMS[algorithm])
    x = np.random.default_rng(0).standard_normal((20, 2))
    begin = made.begin(x, Terms(np.arange(12), 0, 1))
    x[3, 1] = np.nan
    with pytest.raises(Fault, match="finite"):
        made.fit(x, begin)
