"""Probabilities of every contender that gives them, against CalibratedClassifierCV itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import PredefinedSplit
from sklearn.svm import SVC, NuSVC

from tests.workers_svm.drive import CLASSES, Data, data, fault, outputs

ESTIMATORS = {"svc": SVC, "nusvc": NuSVC}
VARIANTS: list[tuple[str, dict[str, Any]]] = [
    ("svc", {}),
    ("svc", {"C": 10.0, "kernel": "linear", "class_weight": "balanced"}),
    ("nusvc", {"nu": 0.2}),
]
# L-BFGS-B leaves scikit-learn's sigmoids 1e-7 from their optimum; own sums in another order, so
# that its solver stops elsewhere within tol.
NEAR = {"sklearn": 1e-12, "own-port": 1e-6, "own-python": 1e-6, "own": 1e-6}


def folded(name: str) -> Data:
    given = data(name)
    order = np.random.default_rng(11).permutation(len(given.y))
    return replace(given, fold=(order % 5).astype(np.int64))


def expected(algorithm: str, given: Data, **params: Any) -> CalibratedClassifierCV:
    """What a user of scikit-learn 1.9 calls for the probabilities of a machine."""
    machine = ESTIMATORS[algorithm](**params)
    split = PredefinedSplit(given.fold)
    calibrated = CalibratedClassifierCV(machine, method="sigmoid", ensemble=False, cv=split)
    return calibrated.fit(given.x, given.y)


@pytest.mark.parametrize(("algorithm", "params"), VARIANTS)
@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("worker", NEAR)
def test_probabilities_are_scikit_learns(
    worker: str, name: str, algorithm: str, params: dict[str, Any], tmp_path: Path
):
    given = folded(name)
    found = outputs(
        worker, tmp_path, given, algorithm=algorithm, params={**params, "probability": True}
    )
    model = expected(algorithm, given, **params)
    shares = model.predict_proba(given.rows)
    np.testing.assert_allclose(found["probabilities"], shares, rtol=0, atol=NEAR[worker])
    labels = found["predictions"][0]
    np.testing.assert_array_equal(labels, found["probabilities"].argmax(axis=1))
    np.testing.assert_array_equal(labels, model.predict(given.rows))
    plain = ESTIMATORS[algorithm](decision_function_shape="ovo", **params).fit(given.x, given.y)
    np.testing.assert_array_equal(found["support"], plain.support_)
    np.testing.assert_array_equal(found["n_iter"], plain.n_iter_)
    values = plain.decision_function(given.rows)
    values = -values[:, None] if values.ndim == 1 else values
    np.testing.assert_allclose(found["decision"], values, atol=1e-6)


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("worker", NEAR)
def test_held_out_rows_are_labelled_by_probability_too(worker: str, layout: str, tmp_path: Path):
    given = folded("iris")
    asked = {"algorithm": "svc", "params": {"probability": True}, "layout": layout}
    found = outputs(worker, tmp_path, given, folds=True, **asked)
    for one in range(5):
        out = given.fold == one
        rest = Data(given.x[~out], given.y[~out], given.x[out], given.fold[~out])
        labels = expected("svc", rest).predict(rest.rows)
        np.testing.assert_array_equal(found["cv_predictions"][out], labels)


@pytest.mark.parametrize("worker", ["sklearn", "own", "own-port", "own-python", "libsvm"])
def test_without_being_asked_there_are_none(worker: str, tmp_path: Path):
    assert "probabilities" not in outputs(worker, tmp_path, data("iris"), algorithm="svc")


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("algorithm", ["svc", "nusvc"])
def test_libsvm_gives_probabilities_of_its_own(algorithm: str, name: str, tmp_path: Path):
    given = folded(name)
    asked = {"algorithm": algorithm, "params": {"probability": True}}
    found = outputs("libsvm", tmp_path, given, **asked)
    shares = found["probabilities"]
    np.testing.assert_allclose(shares.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_array_equal(found["predictions"][0], shares.argmax(axis=1))
    near = expected(algorithm, given).predict_proba(given.rows)
    assert np.corrcoef(shares.ravel(), near.ravel())[0, 1] > 0.95


@pytest.mark.parametrize("worker", NEAR)
def test_a_fold_that_holds_a_class_whole_is_one_sentence(worker: str, tmp_path: Path):
    given = data("iris")
    whole = replace(given, fold=given.y.astype(np.int64))
    params = {"probability": True}
    found = fault(worker, tmp_path, whole, algorithm="svc", params=params)
    assert (found.kind, found.parameter, found.value) == ("data", "fold", 0)
    assert found.allowed.startswith("holds all rows of class 0: every class must")


@pytest.mark.parametrize(
    ("worker", "algorithm"), [("linfa", "svc"), ("linfa", "nusvc"), ("smartcore", "svc")]
)
def test_a_library_without_comparable_probabilities_refuses_them(
    worker: str, algorithm: str, tmp_path: Path
):
    given = folded("iris")
    asked = {"algorithm": algorithm, "params": {"probability": True}}
    found = fault(worker, tmp_path, given, **asked)
    assert (found.kind, found.parameter, found.value) == ("unsupported", "probability", True)


@pytest.mark.parametrize("worker", ["sklearn", "own", "own-port", "own-python", "libsvm"])
def test_what_is_no_flag_is_refused(worker: str, tmp_path: Path):
    found = fault(worker, tmp_path, folded("iris"), algorithm="svc", params={"probability": 1})
    assert (found.kind, found.parameter) == ("parameter", "probability")
