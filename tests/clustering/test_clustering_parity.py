"""Parity of clusterings: honest answers pass, everything else fails or is doubted, with reasons."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from rmlbench_utils.judge.clustering.differences import sine
from rmlbench_utils.judge.clustering.match import matching, rand_difference, settled, translated
from rmlbench_utils.judge.clustering.parity import CAP, tolerances
from rmlbench_utils.judge.clustering.reference import solve
from rmlbench_utils.judge.clustering.solution import made
from rmlbench_utils.protocol.record import ParityLine
from tests.clustering.clustering_cases import (
    PARAMS,
    Problem,
    case_of,
    problem,
    standardised,
)


@cache
def solved(algorithm: str) -> Problem:
    extra = {"eps": 2.5} if algorithm == "dbscan" else {}
    return problem(case_of(algorithm, **extra), *standardised("wine"))


@cache
def answered(algorithm: str) -> dict[str, np.ndarray]:
    return solved(algorithm).outputs("sklearn")


def bent(algorithm: str, **changes: Any) -> ParityLine:
    outputs = {**answered(algorithm), **changes}
    return solved(algorithm).check({k: v for k, v in outputs.items() if v is not None})


@pytest.mark.parametrize("algorithm", sorted(PARAMS))
def test_an_honest_answer_passes_and_survives_json(algorithm: str) -> None:
    line = bent(algorithm)
    assert (line.parity, line.reason) == ("pass", None)
    assert line.tolerance is not None
    assert ParityLine.model_validate_json(line.line()) == line


@pytest.mark.parametrize("algorithm", sorted(PARAMS))
def test_one_row_in_another_cluster_fails(algorithm: str) -> None:
    labels = answered(algorithm)["labels"].copy()
    labels[7] = labels.max() + 1 if algorithm == "dbscan" else labels[labels != labels[7]][0]
    line = bent(algorithm, labels=labels)
    assert (line.parity, line.worst_output) == ("fail", "labels")
    assert "1 - adjusted Rand index" in str(line.reason)


@pytest.mark.parametrize(
    ("algorithm", "name"),
    [
        ("kmeans", "centres"),
        ("kmeans", "inertia"),
        ("kmeans", "n_iter"),
        ("agglomerative", "heights"),
        ("gaussian_mixture", "weights"),
        ("gaussian_mixture", "means"),
        ("gaussian_mixture", "covariances"),
        ("gaussian_mixture", "log_likelihood"),
        ("gaussian_mixture", "n_iter"),
    ],
)
def test_every_attribute_is_held(algorithm: str, name: str) -> None:
    values = answered(algorithm)[name].copy()
    whole = values.dtype == np.int64
    values.flat[0] += 1 if whole else 1e-4 * np.abs(values).max()
    line = bent(algorithm, **{name: values})
    assert (line.parity, line.worst_output) == ("fail", name)
    assert f"{name} differ" in str(line.reason)


@pytest.mark.parametrize("algorithm", ["kmeans", "gaussian_mixture"])
def test_one_prediction_in_one_window_fails(algorithm: str) -> None:
    for value in (1.0, 0.5):
        predictions = answered(algorithm)["predictions"].copy()
        predictions[1, 2] = (predictions[1, 2] + value) % 2
        line = bent(algorithm, predictions=predictions)
        assert (line.parity, line.worst_output) == ("fail", "predictions")


def test_core_rows_are_counted() -> None:

    case = case_of("dbscan", eps=2.5)
    found = problem(case, *standardised("wine"))
    outputs = found.outputs("sklearn")
    core = outputs["core"]
    line = found.check({**outputs, "core": core[1:]})
    assert (line.parity, line.worst_output, line.worst_difference) == ("fail", "core", 1.0)
    without = {k: v for k, v in outputs.items() if k != "core"}
    assert found.check(without).parity == "pass"


def test_a_border_row_may_be_in_any_cluster_that_reaches_it() -> None:
    """Two groups of core rows and one row between them, reached by both and not core itself."""
    left = np.array([[0.05 * i, 0.1 * j] for i in range(3) for j in range(2)])
    x = np.vstack([left, left + np.array([1.9, 0.0]), [[1.0, 0.0]]])
    found = problem(case_of("dbscan", eps=0.91, min_samples=6), x)
    assert found.reference.answers["free"].tolist() == [[12, 1]]
    outputs = found.outputs("sklearn")
    assert outputs["labels"][12] == 0
    for label, parity in ((0, "pass"), (1, "pass"), (-1, "fail"), (2, "fail")):
        labels = outputs["labels"].copy()
        labels[12] = label
        assert found.check({**outputs, "labels": labels}).parity == parity


def test_a_tie_on_the_way_makes_another_answer_unchecked_not_wrong() -> None:
    """The middle of three rows on a line is as near to one end as to the other."""
    x = np.array([[0.0], [1.0], [2.0]])
    case = case_of("kmeans", n_clusters=2)
    start = np.array([0, 2])
    found = Problem(case, x, np.zeros(3), x, start, solve(case, x, start, x))
    assert found.reference.doubt == "1 row is equally near to two centres in iteration 1"
    assert found.check(found.outputs("sklearn")).parity == "pass"
    other = {
        "labels": np.array([0, 1, 1]),
        "centres": np.array([[0.0], [1.5]]),
        "inertia": np.array([0.5]),
        "n_iter": np.array([2]),
        "predictions": np.array([[0.0, 1.0, 1.0], [1.0, 1.0, 0.0]]),
    }
    line = found.check({**other, "predictions": other["labels"][found.rotation].astype(float)})
    assert line.parity == "unchecked"
    assert "another answer may be as right: 1 row is equally near" in str(line.reason)


def test_equal_distances_in_a_tree_are_doubted() -> None:
    x = np.array([[0.0], [1.0], [2.0]])
    found = problem(case_of("agglomerative", n_clusters=2), x)
    assert "rows in reverse order the clusters are others" in found.reference.doubt
    labels = found.reference.answers["labels"]
    other = np.array([1, 1, 0]) if labels[0] != labels[1] else np.array([0, 1, 1])
    outputs = {**found.outputs("sklearn"), "labels": other}
    assert found.check(outputs).parity == "unchecked"


def test_equal_eigenvalues_are_doubted() -> None:
    """Four equal groups far apart, of which two clusters are asked: any two of four vectors."""
    x = np.repeat(100.0 * np.eye(4), 5, axis=0)
    found = problem(case_of("spectral", n_clusters=2), x[:20])
    assert "the last eigenvalue and the next differ by" in found.reference.doubt


def test_free_seeds_are_not_judged_by_one_run() -> None:
    found = solved("kmeans")
    case = case_of("kmeans", init="k-means++")
    line = found.check(answered("kmeans"), case)
    assert line.parity == "unchecked"
    assert "outcomes over at least 20 seeds" in str(line.reason)
    assert line.scores["silhouette"] > 0


def test_without_a_reference_nothing_is_checked() -> None:
    found = solved("agglomerative")
    none = made({}, ["no reference above 20000 rows"], "none")
    empty = Problem(found.case, found.x, found.y, found.x_test, found.start, none)
    line = empty.check(answered("agglomerative"))
    assert (line.parity, line.reason) == ("unchecked", "no reference above 20000 rows")


def test_same_quality_is_the_objective_alone() -> None:
    case = case_of("kmeans", level="same quality", tolerance={"objective": 1e-3})
    found = solved("kmeans")
    near = {**answered("kmeans"), "centres": answered("kmeans")["centres"] + 1e-3}
    assert found.check(near, case).parity == "pass"
    far = {**answered("kmeans"), "centres": answered("kmeans")["centres"] + 1.0}
    line = found.check(far, case)
    assert (line.parity, line.worst_output) == ("fail", "objective")
    none = case_of("kmeans", level="same quality", tolerance={"labels": 1.0})
    assert found.check(near, none).parity == "unchecked"


def test_a_better_objective_is_no_fault() -> None:
    """Of two local optima the other side may find the better one."""
    case = case_of("kmeans", level="same quality", tolerance={"objective": 1e-9})
    found = problem(case_of("kmeans", max_iter=1), *standardised("wine"))
    line = found.check(solved("kmeans").outputs("sklearn"), case)
    assert (line.parity, line.worst_difference) == ("pass", 0.0)


@pytest.mark.parametrize(
    ("algorithm", "changes", "words"),
    [
        ("kmeans", {"labels": None}, "labels is missing"),
        ("kmeans", {"centres": None}, "centres is missing"),
        ("kmeans", {"predictions": None}, "predictions is missing"),
        ("kmeans", {"labels": np.zeros(143)}, "labels is float64, it must be int64"),
        ("kmeans", {"labels": np.zeros(3, np.int64)}, "labels has shape [3], it must be [143]"),
        ("kmeans", {"labels": np.full(143, 3)}, "labels goes from 3 to 3, allowed is 0 to 2"),
        ("kmeans", {"labels": np.full(143, -1)}, "allowed is 0 to 2"),
        ("kmeans", {"centres": np.full((3, 13), np.nan)}, "39 of 39 values that are not finite"),
        ("kmeans", {"centres": np.zeros((3, 13), np.float32)}, "centres is float32"),
        ("dbscan", {"labels": np.full(143, -2)}, "allowed is -1 to 142"),
        ("dbscan", {"core": np.zeros((2, 2), np.int64)}, "core has shape [2, 2]"),
        ("agglomerative", {"heights": np.zeros(141)}, "heights has shape [141], it must be [142]"),
        ("gaussian_mixture", {"covariances": np.zeros((3, 13))}, "it must be [3, 13, 13]"),
        ("spectral", {"embedding": np.zeros((143, 2))}, "it must be [143, 3]"),
    ],
)
def test_malformed_outputs_fail(algorithm: str, changes: dict[str, Any], words: str) -> None:
    line = bent(algorithm, **changes)
    assert line.parity == "fail"
    assert words in str(line.reason)


@pytest.mark.parametrize("value", [1e308, -1e308, 0.0])
def test_wild_numbers_fail_and_survive_json(value: float) -> None:
    wild = {
        "kmeans": {"centres": np.full((3, 13), value)},
        "gaussian_mixture": {"covariances": np.full((3, 13, 13), value)},
        "agglomerative": {"heights": np.full(142, value)},
        "spectral": {"embedding": np.full((143, 3), value)},
    }
    for algorithm, changes in wild.items():
        line = bent(algorithm, **changes)
        assert line.parity == "fail"
        assert ParityLine.model_validate_json(line.line()) == line


def test_tolerances_grow_with_the_condition_up_to_the_cap() -> None:
    case = case_of("spectral")
    base = case.tolerance["subspace"]
    for condition, allowed in ((0.1, base), (1e3, base * 1e3), (1e300, CAP)):
        reference = made({}, [], "", condition)
        assert tolerances(case, reference)["subspace"] == pytest.approx(allowed)
        assert tolerances(case, reference)["eigenvalues"] == 1e-10


def test_predictions_are_held_as_labels_are() -> None:
    assert tolerances(case_of("kmeans"), made({}, [], ""))["predictions"] == 1e-9


def test_sine_of_the_largest_principal_angle() -> None:
    """Two planes that share an axis and are .3 apart about it, in any basis."""
    plane = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    turned = np.array([[1.0, 0.0], [0.0, np.cos(0.3)], [0.0, np.sin(0.3)]])
    mixed = turned @ np.array([[2.0, 1.0], [0.5, -3.0]])
    assert sine(mixed, plane) == pytest.approx(np.sin(0.3))
    assert sine(plane, plane) == 0.0
    assert sine(np.ones((3, 2)), plane) == 1.0
    assert sine(np.zeros((3, 2)), plane) == 1.0


def test_matching_keeps_numbers_between_equals() -> None:
    reference = np.array([0, 0, 1, 1, 2])
    assert matching(np.array([1, 1, 2, 2, 0]), reference, 3).tolist() == [1, 2, 0]
    assert matching(np.array([0, 0, 0, 0, 0]), np.zeros(5, np.int64), 4).tolist() == [0, 1, 2, 3]


def test_labels_are_settled_only_where_they_are_free() -> None:
    reference, free = np.array([0, 0, 1, 1]), np.array([[1, 1]])
    given = translated(np.array([5, 9, 9, 9]), reference)
    assert given.tolist() == [0, 1, 1, 1]
    assert settled(given, reference, free).tolist() == [0, 1, 1, 1]
    assert settled(given, reference, np.empty((0, 2), np.int64)).tolist() == [0, 0, 1, 1]
    assert rand_difference(np.array([3, 3, 7]), np.array([0, 0, 1])) == 0.0


def test_noise_in_a_cluster_of_its_own_is_no_noise() -> None:
    """The partition is the same, what is said of the rows is not."""
    labels = answered("dbscan")["labels"].copy()
    assert (labels < 0).any()
    labels[labels < 0] = 99
    line = bent("dbscan", labels=labels)
    assert (line.parity, line.worst_output) == ("fail", "noise")
    assert line.differences["labels"] == 0.0


def test_heights_may_be_left_out_where_a_library_keeps_its_tree() -> None:
    assert bent("agglomerative", heights=None, children=None).parity == "pass"
    assert bent("agglomerative", labels=None).parity == "fail"
