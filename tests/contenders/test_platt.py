"""Platt scaling of the Python contenders: sigmoids, and what must not matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import _SigmoidCalibration
from sklearn.datasets import make_blobs
from sklearn.utils.multiclass import _ovr_decision_function

from rmlbench_utils.contenders import own_python_svm, sklearn_svm
from rmlbench_utils.contenders.own_python_platt import scores, sigmoid
from rmlbench_utils.worker.channel import Fault
from rmlbench_utils.worker.svm import check_folds

MODULES = {"own-python": own_python_svm, "sklearn": sklearn_svm}
SEEDS = st.integers(0, 2**32 - 1)


def shares(module, x, y, fold, rows) -> np.ndarray:
    kind = MODULES[module].ALGORITHMS["svc"]
    made = kind(**{**kind.DEFAULTS, "tol": 1e-6, "probability": True})
    return made.probabilities(made.fit(x, made.targets(y.astype(np.float64)), fold), rows)


def clouds(seed: int, classes: int):
    """Overlapping classes, every one in every fold."""
    x, y = make_blobs(20 * classes, 2, centers=classes, cluster_std=4.0, random_state=seed)
    fold = np.empty(len(y), dtype=np.int64)
    for c in range(classes):
        fold[y == c] = np.arange(20) % 4
    return x, y, fold, np.random.default_rng(seed).uniform(-10, 10, (15, 2))


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, scale=st.sampled_from([1e-2, 1.0, 100.0]))
def test_the_sigmoid_is_scikit_learns(seed, scale):
    random = np.random.default_rng(seed)
    values = scale * random.standard_normal(80)
    positive = values / scale + random.standard_normal(80) > 0.3
    if positive.all() or not positive.any():
        return
    known = _SigmoidCalibration().fit(values, positive.astype(float))
    a, b = sigmoid(values, positive)
    assert 1 / (1 + np.exp(a * values + b)) == pytest.approx(known.predict(values), abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(seed=SEEDS, classes=st.integers(3, 6))
def test_scores_are_scikit_learns(seed, classes):
    random = np.random.default_rng(seed)
    values = random.standard_normal((12, classes * (classes - 1) // 2))
    values[random.random(values.shape) < 0.2] = 0.0
    known = _ovr_decision_function(values < 0, -values, classes)
    assert scores(values) == pytest.approx(known, abs=1e-12)


@pytest.mark.parametrize("module", MODULES)
@settings(max_examples=5, deadline=None)
@given(seed=SEEDS, classes=st.integers(2, 4))
def test_other_numbers_of_the_classes_only_move_the_columns(module, seed, classes):
    x, y, fold, rows = clouds(seed, classes)
    order = np.random.default_rng(seed).permutation(classes)
    plain = shares(module, x, y, fold, rows)
    moved = shares(module, x, order[y], fold, rows)
    assert moved[:, order] == pytest.approx(plain, abs=1e-3)


@pytest.mark.parametrize("module", MODULES)
@settings(max_examples=5, deadline=None)
@given(seed=SEEDS)
def test_duplicated_rows_are_no_obstacle(module, seed):
    x, y, fold, rows = clouds(seed, 3)
    x, y, fold = np.repeat(x[::3], 3, axis=0), np.repeat(y[::3], 3), np.repeat(fold[::3], 3)
    try:
        check_folds(y, fold)
    except Fault:
        return
    found = shares(module, x, y, fold, rows)
    assert np.isfinite(found).all()
    assert found.sum(axis=1) == pytest.approx(np.ones(len(rows)))


def test_rows_that_are_all_the_same_have_the_targets_mean():
    a, b = sigmoid(np.full(60, 2.5), np.arange(60) % 3 == 0)
    mean = (20 * 21 / 22 + 40 / 42) / 60
    assert 1 / (1 + np.exp(a * 2.5 + b)) == pytest.approx(mean, abs=1e-12)


def test_a_fold_that_holds_a_class_whole_is_one_sentence():
    y = np.array([0.0, 0.0, 1.0, 1.0, 2.0, 2.0])
    check_folds(y, np.array([0, 1, 0, 1, 0, 1]))
    with pytest.raises(Fault, match="holds all rows of class 2: every class must") as caught:
        check_folds(y, np.array([0, 1, 0, 1, 1, 1]))
    said = str(caught.value)
    assert (caught.value.kind, caught.value.parameter, caught.value.value) == ("data", "fold", 1)
    assert "\n" not in said
