"""The references against implementations that nobody here wrote."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import laplacian, minimum_spanning_tree
from scipy.spatial.distance import pdist, squareform
from scipy.stats import multivariate_normal
from sklearn.cluster import DBSCAN, AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.metrics.pairwise import rbf_kernel
from sklearn.mixture import GaussianMixture
from sklearn.neighbors import kneighbors_graph

from rmlbench_utils.judge.clustering import density as density
from rmlbench_utils.judge.clustering import spectrum as spectrum
from rmlbench_utils.judge.clustering import tree as tree
from rmlbench_utils.judge.clustering.gaussians import Mixture, maximised
from rmlbench_utils.judge.clustering.nearest import nearest
from rmlbench_utils.judge.clustering.reference import cached_solve, solve
from rmlbench_utils.judge.exact import NotVerified
from tests.clustering.clustering_cases import PARAMS, case_of, problem, standardised

SETS = ("iris", "wine", "breast_cancer", "blobs", "moons")
KINDS = ("full", "tied", "diag", "spherical")
LINKAGES = ("ward", "complete", "average", "single")


def noise(n: int, d: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, d))


@pytest.mark.parametrize("tol", [0.0, 1e-4, 1e-2])
@pytest.mark.parametrize("name", SETS)
def test_lloyd_is_scikit_learns(name: str, tol: float) -> None:
    found = problem(case_of("kmeans", n_clusters=6, tol=tol), standardised(name)[0])
    centres = found.x[found.start[:6]]
    theirs = KMeans(6, init=centres, n_init=1, tol=tol, algorithm="lloyd").fit(found.x)
    answers = found.reference.answers
    assert (answers["labels"] == theirs.labels_).all()
    assert answers["centres"] == pytest.approx(theirs.cluster_centers_, rel=1e-12, abs=1e-12)
    assert answers["inertia"][0] == pytest.approx(theirs.inertia_, rel=1e-12)
    assert answers["n_iter"][0] == theirs.n_iter_
    assert (answers["predictions"] == theirs.predict(found.x_test)).all()
    assert found.reference.doubt == ""


def test_lloyd_stops_at_max_iter() -> None:
    found = problem(case_of("kmeans", max_iter=2, tol=0.0), standardised("wine")[0])
    centres = found.x[found.start[:3]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = KMeans(3, init=centres, n_init=1, tol=0.0, max_iter=2).fit(found.x)
    assert found.reference.answers["n_iter"][0] == theirs.n_iter_ == 2
    assert (found.reference.answers["labels"] == theirs.labels_).all()


@given(st.integers(5, 60), st.integers(1, 4), st.integers(0, 2**31), st.floats(0.05, 3.0))
def test_dbscan_is_scikit_learns(n: int, d: int, seed: int, eps: float) -> None:
    x = noise(n, d, seed)
    ours, theirs = density.solve(x, eps, 4), DBSCAN(eps=eps, min_samples=4).fit(x)
    assert (ours.answers["labels"] == theirs.labels_).all()
    assert (ours.answers["core"] == theirs.core_sample_indices_).all()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=40))
def test_dbscan_on_a_grid_doubts_only_what_is_eps_apart(places: list[tuple[int, int]]) -> None:
    x = np.array(places, dtype=np.float64)
    at_the_limit = density.solve(x, 1.0, 3)
    assert bool(at_the_limit.doubt) == bool((pdist(x) == 1.0).any())
    clear = density.solve(x, 1.2, 3)
    assert clear.doubt == ""
    assert (clear.answers["labels"] == DBSCAN(eps=1.2, min_samples=3).fit(x).labels_).all()


def test_the_tree_of_neighbours_finds_the_pairs_of_brute_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    x = standardised("moons")[0]
    brute = density.solve(x, 0.2, 5)
    monkeypatch.setattr(density, "MOST_ROWS", 10)
    quick = density.solve(x, 0.2, 5)
    assert "k-d tree" in quick.recipe
    assert "k-d tree" not in brute.recipe
    assert quick.sha256 == brute.sha256


@pytest.mark.parametrize("linkage", LINKAGES)
@pytest.mark.parametrize("name", ["wine", "blobs", "moons"])
def test_trees_are_those_of_scikit_learns_other_builder(name: str, linkage: str) -> None:
    """Given a graph of all pairs scikit-learn builds the tree on a heap, without SciPy."""
    x = standardised(name)[0][:150]
    theirs = AgglomerativeClustering(
        3, linkage=linkage, connectivity=np.ones((len(x), len(x))), compute_distances=True
    ).fit(x)
    ours = tree.solve(x, 3, linkage)
    heights = np.sort(theirs.distances_)
    assert ours.answers["heights"] == pytest.approx(heights, rel=1e-9, abs=1e-9)
    assert adjusted_rand_score(ours.answers["labels"], theirs.labels_) == 1.0
    assert ours.doubt == ""


@given(st.integers(2, 40), st.integers(1, 5), st.integers(0, 2**31))
def test_single_linkage_is_the_spanning_tree(n: int, d: int, seed: int) -> None:
    x = noise(n, d, seed)
    edges = np.sort(minimum_spanning_tree(squareform(pdist(x))).data)
    assert tree.solve(x, 1, "single").answers["heights"] == pytest.approx(edges)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SETS)
def test_em_is_scikit_learns(name: str, kind: str) -> None:
    found = problem(case_of("gaussian_mixture", covariance_type=kind), standardised(name)[0])
    x, answers = found.x, found.reference.answers
    responsibilities = np.eye(3)[nearest(x, x[found.start[:3]])[0]]

    class Started(GaussianMixture):
        """Begins from responsibilities, by the hook that all its starts go through."""

        def _initialize_parameters(self, x, random_state, xp=None) -> None:
            self._initialize(x, responsibilities)

    theirs = Started(3, covariance_type=kind)
    labels = theirs.fit_predict(x)
    tight = {"rel": 1e-8, "abs": 1e-9}
    assert (answers["labels"] == labels).all()
    assert answers["weights"] == pytest.approx(theirs.weights_, **tight)
    assert answers["means"] == pytest.approx(theirs.means_, **tight)
    assert answers["covariances"] == pytest.approx(theirs.covariances_, **tight)
    assert answers["objective"] == pytest.approx(np.array(theirs.lower_bounds_), **tight)
    assert answers["log_likelihood"][0] == pytest.approx(theirs.score(x), **tight)
    assert (answers["predictions"] == theirs.predict(found.x_test)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_log_densities_are_scipys(kind: str) -> None:
    x = noise(30, 3, 1)
    model = maximised(kind, x, np.random.default_rng(2).dirichlet(np.ones(2), 30), 1e-3)
    joint = model.log_joint(x)
    for j, weight in enumerate(model.weights):
        normal = multivariate_normal(model.means[j], model.covariance(j))
        assert joint[:, j] == pytest.approx(np.log(weight) + normal.logpdf(x))


def test_a_collapsed_component_is_no_reference() -> None:
    x = np.zeros((20, 2))
    case = case_of("gaussian_mixture", reg_covar=0.0, n_components=1)
    with pytest.raises(NotVerified, match="not positive definite"):
        solve(case, x, np.array([0]), x)


@pytest.mark.parametrize("name", ["iris", "wine", "blobs", "moons"])
def test_eigenvalues_are_those_of_scipys_laplacian(name: str) -> None:
    x = standardised(name)[0]
    graph = rbf_kernel(x, gamma=0.3)
    np.fill_diagonal(graph, 0.0)
    matrix, roots = laplacian(graph, normed=True, return_diag=True)
    theirs = np.linalg.eigvalsh(matrix)
    ours = spectrum.solve(x, 4, "rbf", 0.3, 10)
    assert ours.answers["eigenvalues"] == pytest.approx(theirs[:4], abs=1e-12)
    assert ours.answers["roots"] == pytest.approx(roots)
    assert ours.condition == pytest.approx(1 / (theirs[4] - theirs[3]), rel=1e-6)


@pytest.mark.parametrize("name", ["wine", "blobs", "moons"])
def test_the_graph_of_neighbours_is_scikit_learns(name: str) -> None:
    x = standardised(name)[0]
    theirs = kneighbors_graph(x, 7, include_self=True).toarray()
    ours, tied = spectrum.neighbours(x, 7)
    assert tied == 0
    assert (ours == (theirs + theirs.T) / 2).all()


def test_ties_of_neighbours_are_counted() -> None:
    x = np.arange(10.0)[:, None]
    assert spectrum.neighbours(x, 2)[1] == 8  # all but the ends have two at distance 1
    assert spectrum.neighbours(x, 10)[1] == 0


def test_too_many_rows_leave_no_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    x = noise(30, 2, 0)
    monkeypatch.setattr(tree, "MOST_ROWS", 20)
    monkeypatch.setattr(spectrum, "MOST_ROWS", 20)
    for found in (tree.solve(x, 2, "ward"), spectrum.solve(x, 2, "rbf", 1.0, 5)):
        assert found.answers == {}
        assert found.doubt.startswith("no reference above 20000 rows")


def test_a_mixture_without_covariance_has_no_likelihood() -> None:
    broken = Mixture("full", np.ones(1), np.zeros((1, 2)), -np.eye(2)[None])
    with pytest.raises(NotVerified):
        broken.log_likelihood(noise(5, 2, 0))


@pytest.mark.parametrize("algorithm", sorted(PARAMS))
def test_a_reference_is_kept_and_a_damaged_one_solved_again(
    algorithm: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    x = standardised("wine")[0][:60]
    case, start = case_of(algorithm), np.arange(10)
    first = cached_solve(case, x, start, x[:5], tmp_path)
    (file,) = tmp_path.iterdir()
    again = cached_solve(case, x, start, x[:5], tmp_path)
    assert (again.sha256, again.doubt, again.recipe) == (first.sha256, first.doubt, first.recipe)
    assert again.condition == first.condition
    assert again.answers.keys() == first.answers.keys()
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert cached_solve(case, x, start, x[:5], tmp_path).sha256 == first.sha256
    assert "is damaged and is solved again" in caplog.text


def test_a_case_that_begins_from_rows_needs_them() -> None:
    x = noise(10, 2, 0)
    with pytest.raises(ValueError, match="has no start"):
        solve(case_of("kmeans"), x, None, x)
