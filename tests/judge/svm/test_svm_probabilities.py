"""Probabilities that are right pass; shrunk, garbled and contradictory ones do not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import CalibratedClassifierCV, _SigmoidCalibration
from sklearn.model_selection import PredefinedSplit

from rmlbench_utils.judge import classification
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.svm import platt
from rmlbench_utils.judge.svm.machines import machines
from rmlbench_utils.judge.svm.parity import check
from rmlbench_utils.judge.svm.reference import cached_solve, solve
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.svm.factory import KINDS, case, data, files, fitted, outputs, record, turned

CASES = [
    ("svc", "breast_cancer", {}),
    ("svc", "iris", {}),
    ("svc", "wine", {"kernel": "linear", "class_weight": "balanced"}),
    ("nusvc", "wine", {}),
]


def asked(algorithm: str, **params: Any) -> Case:
    """A case with probabilities and the tolerances of the case file."""
    one = case(algorithm, **params, probability=True)
    tolerance = {"decision": 1e-3, "objective": 1e-3, "probabilities": 2e-3}
    return one.model_copy(update={"tolerance": tolerance})


def calibrated(one: Case, train: dict[str, np.ndarray]) -> Any:
    """What the case is defined by."""
    told = {key: value for key, value in one.params.items() if key != "probability"}
    told["class_weight"] = None if told["class_weight"] == "none" else told["class_weight"]
    split = PredefinedSplit(files(train)[0]["fold"])
    machine = KINDS[one.algorithm](**told)
    model = CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=split)
    return model.fit(train["x"], train["y"])


def given(one: Case, train: dict[str, np.ndarray]) -> Tensors:
    """What a worker of scikit-learn would write."""
    model = calibrated(one, train)
    plain = one.model_copy(
        update={"params": {k: v for k, v in one.params.items() if k != "probability"}}
    )
    found = outputs(plain, fitted(plain, train), train)
    shares = model.predict_proba(train["x_test"])
    rotation = turned(len(train["x_test"]))
    found["probabilities"] = shares[rotation[0]]
    labels = shares.argmax(axis=1).astype(np.float64)
    found["predictions"] = np.stack([labels[order] for order in rotation])
    return found


def judged(one: Case, found: Tensors, train: dict[str, np.ndarray]) -> ParityLine:
    held, truth = files(train)
    reference = solve(one, train["x"], train["y"], train["x_test"], held["fold"])
    made = machines(one, train["x"], train["y"])
    return check(one, record(), found, reference, made, held, truth)


@pytest.mark.parametrize(("algorithm", "name", "params"), CASES)
def test_scikit_learn_passes(algorithm: str, name: str, params: dict[str, Any]) -> None:
    one, train = asked(algorithm, **params), data(name)
    found = given(one, train)
    line = judged(one, found, train)
    assert line.parity == "pass", line.reason
    assert line.correlation is not None
    assert line.correlation > 0.9999
    shares = np.empty_like(found["probabilities"])
    shares[turned(len(shares))[0]] = found["probabilities"]
    classes = list(range(shares.shape[1]))
    loss = metrics.log_loss(train["y_test"], shares, labels=classes)
    assert line.scores["log_loss"] == pytest.approx(loss)
    several = {"multi_class": "ovr", "average": "macro"} if len(classes) > 2 else {}
    ranked = shares if several else shares[:, 1]
    roc = metrics.roc_auc_score(train["y_test"], ranked, **several)
    assert line.scores["auc_roc"] == pytest.approx(roc)
    binary = np.eye(len(classes))[train["y_test"].astype(int)]
    pr = metrics.average_precision_score(binary if several else binary[:, 1], ranked)
    assert line.scores["auc_pr"] == pytest.approx(pr)


@pytest.mark.parametrize("name", ["breast_cancer", "iris", "wine"])
def test_the_reference_is_what_scikit_learn_nears(name: str) -> None:
    one, train = asked("svc", tol=1e-8), data(name)
    fold = files(train)[0]["fold"]
    found = solve(one, train["x"], train["y"], train["x_test"], fold)
    shares = calibrated(one, train).predict_proba(train["x_test"])
    assert found.probabilities == pytest.approx(shares, abs=1e-5)
    assert (found.predictions == shares.argmax(axis=1)).all()


def test_probabilities_shrunk_halfway_to_a_half_fail_at_a_correlation_of_1() -> None:
    one, train = asked("svc"), data("breast_cancer")
    found = given(one, train)
    found["probabilities"] = 0.25 + found["probabilities"] / 2
    line = judged(one, found, train)
    assert line.correlation == pytest.approx(1.0, abs=1e-6)
    assert line.parity == "fail"
    assert line.worst_output == "probabilities"
    assert line.differences["probabilities"] > 0.2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p * 0.9, "have the sum 0.9, it must be 1"),
        (lambda p: np.column_stack([p[:, 0] - 2, p[:, 1] + 2]), "they are 0 to 1"),
        (lambda p: np.where(p > 0.5, np.nan, p), "values that are not finite"),
        (lambda p: p[:, :1], "it must be [100, 2]"),
        (lambda p: p[:, ::-1].copy(), "predictions are not what their own probabilities say"),
    ],
)
def test_what_is_no_probability_is_said_in_words(change: Any, said: str) -> None:
    one, train = asked("svc"), data("breast_cancer")
    found = given(one, train)
    found["probabilities"] = change(found["probabilities"])
    line = judged(one, found, train)
    assert line.parity == "fail"
    assert said in str(line.reason)


def test_none_at_all_is_no_answer() -> None:
    one, train = asked("svc"), data("iris")
    found = given(one, train)
    del found["probabilities"]
    assert "probabilities is missing" in str(judged(one, found, train).reason)


def test_without_probabilities_a_reference_is_the_one_of_before(tmp_path) -> None:
    train = data("iris")
    arrays = train["x"], train["y"], train["x_test"], tmp_path
    before = cached_solve(case("svc"), *arrays)
    off = cached_solve(case("svc", probability=False), *arrays, fold=files(train)[0]["fold"])
    assert off.sha256 == before.sha256
    assert off.probabilities is None
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("seed", range(5))
def test_sigmoids_are_at_the_minimum_that_scikit_learn_nears(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = 10.0 ** (seed - 2) * random.standard_normal(200) + seed
    positive = random.standard_normal(200) > 0.5 - np.sign(values)
    known = _SigmoidCalibration().fit(values, positive.astype(float))
    found = platt.shares_at(values, *platt.sigmoid(values, positive))
    assert found == pytest.approx(known.predict(values), abs=1e-5)
    ones, zeros = positive.sum(), (~positive).sum()
    left = np.where(positive, (ones + 1) / (ones + 2), 1 / (zeros + 2)) - found
    assert abs(left.sum()) < 1e-10
    assert abs(left @ values) < 1e-10 * np.abs(values).max()


def test_a_probability_of_0_of_what_was_there_costs_much_and_not_everything() -> None:
    y = np.array([0, 1, 1])
    shares = np.array([[1.0, 0.0], [1.0, 0.0], [0.4, 0.6]])
    found = classification.score(y, shares.argmax(axis=1), shares, shares)
    assert 10 < found["log_loss"] < 20
    assert "log_loss" not in classification.score(y, y)
