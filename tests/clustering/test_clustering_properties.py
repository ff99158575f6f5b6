"""What must hold of references and contenders on data made to be awkward."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from rmlbench_utils.datasets.start import start_rows
from rmlbench_utils.judge.clustering.reference import solve
from rmlbench_utils.worker.frameworks import FRAMEWORKS
from tests.clustering import rust_sides
from tests.clustering.clustering_cases import PARAMS, Problem, case_of, problem

ALGORITHMS = sorted(PARAMS)
ROWS = st.integers(12, 40)
COLUMNS = st.integers(1, 5)
SEEDS = st.integers(0, 2**31)


def groups(n: int, d: int, seed: int) -> np.ndarray:
    """Three groups of normal rows, far enough apart to be found by all."""
    random = np.random.default_rng(seed)
    return random.standard_normal((n, d)) + 30.0 * (np.arange(n) % 3)[:, None]


def sides(found: Problem) -> None:
    """Every contender passes, or differs where the reference says it may."""
    for framework in ("sklearn", "own-python"):
        if found.case.algorithm in FRAMEWORKS[framework]:
            line = found.check(found.outputs(framework))
            assert line.parity == "pass" or found.reference.doubt, (framework, line.reason)
    for worker in rust_sides.workers(found):
        line = found.check(rust_sides.outputs(worker, found))
        assert line.parity == "pass" or found.reference.doubt, (worker, line.reason)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(n=ROWS, d=COLUMNS, seed=SEEDS)
def test_contenders_agree_on_random_rows(algorithm: str, n: int, d: int, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((n, d))
    extra: dict[str, Any] = {"reg_covar": 1e-2} if algorithm == "gaussian_mixture" else {}
    sides(problem(case_of(algorithm, **extra), x))


@pytest.mark.parametrize("linkage", ["single", "complete", "average"])
@given(n=ROWS, d=COLUMNS, seed=SEEDS, k=st.integers(1, 12))
def test_linkages_agree_on_random_rows(linkage: str, n: int, d: int, seed: int, k: int) -> None:
    x = np.random.default_rng(seed).standard_normal((n, d))
    sides(problem(case_of("agglomerative", linkage=linkage, n_clusters=k), x))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(n=ROWS, d=COLUMNS, seed=SEEDS)
def test_the_order_of_rows_does_not_matter(algorithm: str, n: int, d: int, seed: int) -> None:
    x = groups(n, d, seed)
    order = np.random.default_rng(seed).permutation(n)
    start = start_rows(x, 3, seed)
    moved = np.argsort(order)[start]
    case = case_of(algorithm, eps=10.0) if algorithm == "dbscan" else case_of(algorithm)
    one, two = solve(case, x, start, x), solve(case, x[order], moved, x)
    if not (one.doubt or two.doubt):
        same = adjusted_rand_score(one.answers["labels"][order], two.answers["labels"])
        assert same == pytest.approx(1.0)


@pytest.mark.parametrize("algorithm", ["kmeans", "agglomerative", "dbscan"])
@given(n=ROWS, d=COLUMNS, seed=SEEDS, scale=st.floats(1e-3, 1e3))
def test_all_features_times_a_number_change_no_partition(
    algorithm: str, n: int, d: int, seed: int, scale: float
) -> None:
    x = np.random.default_rng(seed).standard_normal((n, d))
    start = start_rows(x, 3, seed)
    case = case_of(algorithm)
    other = case_of("dbscan", eps=0.6 * scale) if algorithm == "dbscan" else case
    one, two = solve(case, x, start, x), solve(other, x * scale, start, x * scale)
    if not (one.doubt or two.doubt):
        assert (one.answers["labels"] == two.answers["labels"]).all()


@pytest.mark.parametrize("kind", ["full", "diag"])
@given(n=ROWS, d=st.integers(1, 3), seed=SEEDS)
def test_a_mixture_without_regularity_is_free_of_units(
    kind: str, n: int, d: int, seed: int
) -> None:
    """Covariances absorb the scale of every feature; the start is kept, as nearness does not."""
    x = groups(n, d, seed)
    case = case_of("gaussian_mixture", covariance_type=kind, reg_covar=1e-12, max_iter=3, tol=0.0)
    start = np.arange(3)
    units = np.random.default_rng(seed).uniform(0.9, 1.1, d)
    one, two = solve(case, x, start, x), solve(case, x * units, start, x * units)
    assert one.answers["means"] * units == pytest.approx(two.answers["means"], rel=1e-6)
    shift = np.log(units).sum()
    likelihood = two.answers["log_likelihood"] + shift
    assert likelihood == pytest.approx(one.answers["log_likelihood"], abs=1e-3)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(n=st.integers(6, 12), d=COLUMNS, seed=SEEDS)
def test_doubled_rows_stay_together(algorithm: str, n: int, d: int, seed: int) -> None:
    x = np.repeat(groups(n, d, seed), 2, axis=0)
    case = case_of(algorithm, eps=10.0) if algorithm == "dbscan" else case_of(algorithm)
    if algorithm == "gaussian_mixture":
        case = case_of(algorithm, reg_covar=1e-2)
    found = problem(case, x)
    sides(found)
    labels = {tuple(row): [] for row in found.x}
    for row, label in zip(found.x, found.reference.answers["labels"].tolist(), strict=True):
        labels[tuple(row)].append(label)
    assert all(len(set(names)) == 1 for names in labels.values())


@pytest.mark.parametrize("algorithm", ["kmeans", "agglomerative", "gaussian_mixture", "spectral"])
@given(n=ROWS, d=COLUMNS, seed=SEEDS)
def test_one_cluster_holds_all(algorithm: str, n: int, d: int, seed: int) -> None:
    name = "n_components" if algorithm == "gaussian_mixture" else "n_clusters"
    found = problem(case_of(algorithm, **{name: 1}), groups(n, d, seed))
    sides(found)
    assert (found.reference.answers["labels"] == 0).all()


@pytest.mark.parametrize("algorithm", ["kmeans", "agglomerative", "gaussian_mixture"])
@given(n=st.integers(2, 12), d=COLUMNS, seed=SEEDS)
def test_as_many_clusters_as_rows(algorithm: str, n: int, d: int, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((n, d))
    name = "n_components" if algorithm == "gaussian_mixture" else "n_clusters"
    found = problem(case_of(algorithm, **{name: n}), x)
    sides(found)
    assert len(set(found.reference.answers["labels"].tolist())) == n
    if algorithm == "kmeans":
        assert found.reference.answers["inertia"] == pytest.approx([0.0], abs=1e-20)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("n", [12, 15])
def test_identical_rows(algorithm: str, n: int) -> None:
    """All distances are equal: nothing but one cluster is determined, and nothing breaks."""
    x = np.full((n, 3), 0.25)
    name = "n_components" if algorithm == "gaussian_mixture" else "n_clusters"
    one = {} if algorithm == "dbscan" else {name: 1}
    sides(problem(case_of(algorithm, **one), x))
    three = problem(case_of(algorithm), x)
    assert three.reference.doubt or algorithm == "dbscan"
    sides(three)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(n=ROWS, d=COLUMNS, seed=SEEDS)
def test_a_constant_feature_changes_nothing(algorithm: str, n: int, d: int, seed: int) -> None:
    x = groups(n, d, seed)
    case = case_of(algorithm, eps=10.0) if algorithm == "dbscan" else case_of(algorithm)
    found, wide = problem(case, x), problem(case, np.column_stack([x, np.zeros(n)]))
    sides(wide)
    if not (found.reference.doubt or wide.reference.doubt):
        labels = found.reference.answers["labels"], wide.reference.answers["labels"]
        assert adjusted_rand_score(*labels) == pytest.approx(1.0)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(n=st.integers(4, 10), seed=SEEDS)
def test_fewer_rows_than_columns(algorithm: str, n: int, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((n, 25))
    extra: dict[str, Any] = {"reg_covar": 1e-1} if algorithm == "gaussian_mixture" else {}
    if algorithm == "spectral":
        extra = {"gamma": 0.02}
    sides(problem(case_of(algorithm, **extra), x))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(seed=SEEDS)
def test_the_names_of_clusters_do_not_matter(algorithm: str, seed: int) -> None:
    x = groups(30, 2, 5)
    case = case_of(algorithm, eps=10.0) if algorithm == "dbscan" else case_of(algorithm)
    found = problem(case, x)
    outputs = found.outputs("sklearn")
    name = np.random.default_rng(seed).permutation(3)  # old number -> new number
    old = np.argsort(name)
    renamed = {**outputs, "labels": name[outputs["labels"]]}
    for key in ("centres", "weights", "means", "covariances"):
        if key in outputs:
            renamed[key] = outputs[key][old]
    if "predictions" in outputs:
        renamed["predictions"] = name[outputs["predictions"].astype(int)].astype(float)
    line, same = found.check(renamed), found.check(outputs)
    assert line.parity == same.parity == "pass"
    assert line.differences == pytest.approx(same.differences, abs=1e-14)


@given(n=st.integers(1, 30), d=COLUMNS, seed=SEEDS, distinct=st.integers(1, 5))
def test_a_start_names_every_row_once(n: int, d: int, seed: int, distinct: int) -> None:
    x = np.random.default_rng(seed).standard_normal((distinct, d))[np.arange(n) % distinct]
    start = start_rows(x, n, seed)
    assert sorted(start.tolist()) == list(range(n))
    first = x[start[: min(distinct, n)]]
    assert len(np.unique(first, axis=0)) == len(first)  # no double while there are others
    with pytest.raises(ValueError, match="count is"):
        start_rows(x, n + 1, seed)
