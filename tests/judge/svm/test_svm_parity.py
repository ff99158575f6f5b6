"""Right machines pass; fakes, liars and the merely similar do not."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid

from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.svm.machines import machines
from rmlbench_utils.judge.svm.parity import check
from rmlbench_utils.judge.svm.reference import solve
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.svm.factory import case, data, files, fitted, outputs, record, turned

CASES = [
    ("svc", "iris", {}),
    ("svc", "breast_cancer", {"kernel": "linear", "class_weight": "balanced"}),
    ("nusvc", "breast_cancer", {}),
    ("svr", "diabetes", {"C": 50.0, "epsilon": 5.0}),
    ("nusvr", "diabetes", {"C": 20.0}),
    ("linearsvc", "breast_cancer", {}),
    ("linearsvc", "iris", {}),
    ("linearsvr", "diabetes", {"loss": "squared_epsilon_insensitive", "dual": False}),
]


def judged(one: Case, given: Tensors, train: dict[str, np.ndarray]) -> ParityLine:
    reference = solve(one, train["x"], train["y"], train["x_test"])
    made = machines(one, train["x"], train["y"])
    return check(one, record(), given, reference, made, *files(train))


@pytest.mark.parametrize(("algorithm", "name", "params"), CASES)
def test_scikit_learn_passes(algorithm: str, name: str, params) -> None:
    one, train = case(algorithm, **params), data(name)
    line = judged(one, outputs(one, fitted(one, train), train), train)
    assert line.parity == "pass", line.reason
    assert line.differences["objective"] >= 0
    score = "r2" if algorithm.endswith("svr") else "accuracy"
    assert line.scores[score] > (0.3 if score == "r2" else 0.9)


def test_a_nearest_centroid_classifier_under_the_name_of_an_svm_fails() -> None:
    one, train = case("svc"), data("breast_cancer")
    fake = NearestCentroid().fit(train["x"], train["y"])
    rotation = turned(len(train["x_test"]))
    labels = fake.predict(train["x_test"])
    near, far = (
        ((train["x_test"][rotation[0]] - centre) ** 2).sum(axis=1) for centre in fake.centroids_
    )
    given = {
        "predictions": np.stack([labels[order] for order in rotation]).astype(np.float64),
        "decision": (far - near)[:, None],
    }
    line = judged(one, given, train)
    assert line.parity == "fail"
    assert line.worst_difference > 0.1


def test_labels_that_their_own_decisions_do_not_give_are_no_answer() -> None:
    one, train = case("svc"), data("iris")
    given = outputs(one, fitted(one, train), train)
    given["predictions"] = (given["predictions"] + 1) % 3
    line = judged(one, given, train)
    assert line.parity == "fail"
    assert "not what their own decisions say" in line.reason


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"predictions": np.full((2, 37), 7.0)}, "predictions hold 7"),
        ({"support": np.array([-1], dtype=np.int64)}, "support holds -1"),
        ({"support": np.zeros(2, dtype=np.int64)}, "twice"),
        ({"support": np.zeros(2)}, "must be int64"),
        ({"dual": np.full((2, 1), np.nan), "support": np.array([3])}, "not finite"),
        ({"decision": np.zeros((37, 2))}, "must be [37, 3]"),
    ],
)
def test_garbage_is_said_in_words(change: Tensors, said: str) -> None:
    one, train = case("svc"), data("iris")
    given = outputs(one, fitted(one, train), train)
    line = judged(one, {**given, **change}, train)
    assert line.parity == "fail"
    assert said in line.reason


def test_decisions_without_coefficients_are_checked_as_far_as_they_go() -> None:
    one, train = case("svc"), data("iris")
    given = outputs(one, fitted(one, train), train)
    del given["support"], given["dual"]
    line = judged(one, given, train)
    assert line.parity == "pass"
    assert "objective" not in line.differences


def test_a_machine_stopped_early_fails_by_its_objective() -> None:
    one, train = case("svc", C=100.0), data("breast_cancer")
    early = fitted(case("svc", C=100.0, tol=1.5), train)
    line = judged(one, outputs(one, early, train), train)
    assert line.parity == "fail"
    assert line.differences["violation"] > 1e-2


def test_coefficients_decide_over_decisions_of_another_machine() -> None:
    one, train = case("linearsvc"), data("breast_cancer")
    given = outputs(one, fitted(one, train), train)
    given["coefficients"] = given["coefficients"] * 1.01
    line = judged(one, given, train)
    assert "what their coefficients give" in line.reason
