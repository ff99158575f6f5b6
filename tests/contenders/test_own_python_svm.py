"""Our own support vector machines against scikit-learn's: same answers by the same iterations.

Kernel rows are rounded to float32 on both sides, which hides the last bits in which their dot
products differ, so that iterations are equal nearly always; where one value in 10^8 rounds the
other way, both still end within the stopping tolerance.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from machines import CLASSIFIERS, KERNELS, REGRESSORS, Fitted, both, difference
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from rmlbench_utils.contenders import own_python_svm, sklearn_svm
from rmlbench_utils.worker.channel import Fault

IDENTICAL = np.ones((8, 3)), np.array([0.0, 1, 0, 1, 0, 1, 0, 1])
CLASSES = {"iris": load_iris, "wine": load_wine, "breast_cancer": load_breast_cancer}


def standardised(x: np.ndarray) -> np.ndarray:
    return (x - x.mean(axis=0)) / x.std(axis=0)


def agree(ours: Fitted, theirs: Fitted) -> None:
    """The same optimum on nearly the same way."""
    x = ours.x
    assert difference(ours.decision(x), theirs.decision(x)) < 1e-3
    objectives = map(np.array, (ours.objectives(), theirs.objectives()))
    assert difference(*objectives) < 1e-6
    other = np.setxor1d(ours.attributes["support"], theirs.attributes["support"])
    assert len(other) <= 0.01 * len(theirs.attributes["support"])
    np.testing.assert_allclose(ours.attributes["n_iter"], theirs.attributes["n_iter"], 0.05, 2)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize(
    ("algorithm", "params"),
    [
        ("svc", {"C": 0.1}),
        ("svc", {"C": 10.0}),
        ("svc", {"C": 1.0, "class_weight": "balanced"}),
        ("nusvc", {"nu": 0.3}),
    ],
)
def test_classes_agree_with_scikit_learn(name, algorithm, params, kernel):
    x, y = CLASSES[name](return_X_y=True)
    ours, theirs = both(algorithm, standardised(x), y.astype(float), kernel=kernel, **params)
    agree(ours, theirs)
    np.testing.assert_array_equal(ours.predict(ours.x), theirs.predict(ours.x))


@pytest.mark.parametrize("kernel", ["rbf", "linear"])
@pytest.mark.parametrize("algorithm", CLASSIFIERS)
def test_the_way_is_scikit_learns_step_by_step(algorithm, kernel):
    x, y = load_iris(return_X_y=True)
    ours, theirs = both(algorithm, standardised(x), y.astype(float), kernel=kernel)
    for attribute in ("support", "n_iter"):
        np.testing.assert_array_equal(ours.attributes[attribute], theirs.attributes[attribute])
    for attribute in ("dual", "intercept"):
        assert difference(ours.attributes[attribute], theirs.attributes[attribute]) < 1e-9


def test_ten_classes_have_the_same_labels():
    """Some rows of digits have equal votes; libsvm-rs gives them to the last class."""
    x, y = load_digits(return_X_y=True)
    half = np.arange(len(x)) % 2 == 0
    ours, theirs = both("svc", x[half], y[half].astype(float))
    np.testing.assert_array_equal(ours.predict(x[~half]), theirs.predict(x[~half]))
    assert difference(ours.decision(x[~half]), theirs.decision(x[~half])) < 1e-3


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    ("algorithm", "params"),
    [
        ("svr", {"C": 1.0}),
        ("svr", {"C": 10.0, "epsilon": 20.0}),
        ("nusvr", {"C": 10.0, "nu": 0.4}),
    ],
)
def test_values_agree_with_scikit_learn(algorithm, params, kernel):
    x, y = load_diabetes(return_X_y=True)
    agree(*both(algorithm, standardised(x), y, kernel=kernel, **params))


@pytest.mark.parametrize(
    "params",
    [
        {"gamma": "auto"},
        {"gamma": 0.01},
        {"kernel": "poly", "degree": 2, "coef0": 1.0},
        {"kernel": "poly", "degree": 5},
        {"shrinking": False},
        {"tol": 1e-8},
        {"max_iter": 20},
        {"cache_size": 1e-3},
    ],
)
@pytest.mark.parametrize("algorithm", CLASSIFIERS + REGRESSORS)
def test_every_hyper_parameter_means_what_it_means_in_scikit_learn(algorithm, params):
    classes = algorithm in CLASSIFIERS
    x, y = (load_breast_cancer if classes else load_diabetes)(return_X_y=True)
    x, y = 2 * standardised(x), y.astype(float)
    ours, theirs = both(algorithm, x, y, **params)
    agree(ours, theirs)
    every_dual_at_its_bound = algorithm == "svr" and "tol" in params
    if not {"cache_size", "shrinking"} & params.keys() and not every_dual_at_its_bound:
        plain, _ = both(algorithm, x, y)
        assert difference(ours.decision(x), plain.decision(x)) > 1e-6
    if "max_iter" in params:
        assert ours.attributes["n_iter"] == theirs.attributes["n_iter"] == 20


def test_shrinking_happens_and_changes_nothing_of_note():
    """More rows than a shrinking step needs, and so small a cache that rows are given up."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1500, 3))
    y = (x.sum(axis=1) + rng.standard_normal(1500) > 0).astype(float)
    ours, theirs = both("svc", x, y, C=10.0, cache_size=0.05)
    assert int(ours.attributes["n_iter"][0]) > 1000
    agree(ours, theirs)
    still, _ = both("svc", x, y, C=10.0, shrinking=False)
    assert difference(ours.decision(x), still.decision(x)) < 1e-2


@pytest.mark.parametrize(
    ("votes", "label"),
    [
        ([1.0, -1.0, 1.0], 10),  # 0 beats 1, 2 beats 0, 1 beats 2
        ([-1.0, 1.0, -1.0], 10),
        ([-1.0, -1.0, 1.0], 20),
        ([-1.0, -1.0, 0.0], 30),
    ],
)
def test_ties_go_to_the_lowest_class(monkeypatch, votes, label):
    x, y = load_iris(return_X_y=True)
    ours, _ = both("svc", x, 10.0 * y + 10)
    monkeypatch.setattr(ours.algorithm, "blocks", lambda *_: np.array([votes]))
    assert ours.predict(x[:1]).tolist() == [label]


def test_blocks_of_rows_are_predicted_as_the_whole():
    x, y = load_wine(return_X_y=True)
    ours, _ = both("svc", standardised(x), y.astype(float))
    many = np.tile(ours.x, (8, 1))
    np.testing.assert_allclose(ours.decision(many)[: len(x)], ours.decision(ours.x), atol=1e-12)
    assert len(ours.predict(many)) == len(many)


def test_fortran_order_gives_the_same_answer():
    x, y = load_diabetes(return_X_y=True)
    c, _ = both("svr", standardised(x), y)
    f, _ = both("svr", np.asfortranarray(standardised(x)), y)
    np.testing.assert_array_equal(c.attributes["support"], f.attributes["support"])
    assert difference(f.predict(x), c.predict(x)) < 1e-12


def toy(seed: int, rows: int, columns: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of every class, in random order."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(rows) % classes).astype(float)
    return rng.standard_normal((rows, columns)) + y[:, None], y


sizes = {
    "seed": st.integers(0, 2**31),
    "rows": st.integers(6, 40),
    "columns": st.integers(1, 60),
    "classes": st.integers(2, 3),
}
TIGHT = {"tol": 1e-9, "max_iter": 100_000}


@settings(max_examples=60)
@given(**sizes, kernel=st.sampled_from(KERNELS), algorithm=st.sampled_from(CLASSIFIERS))
def test_random_classes_agree(seed, rows, columns, classes, kernel, algorithm):
    """Few rows and many columns too (n < d)."""
    x, y = toy(seed, rows, columns, classes)
    ours, theirs = both(algorithm, x, y, kernel=kernel, max_iter=10_000)
    assume((theirs.attributes["n_iter"] < 10_000).all())
    assert difference(ours.decision(x), theirs.decision(x)) < 1e-2
    ours_objective, theirs_objective = map(np.array, (ours.objectives(), theirs.objectives()))
    assert difference(ours_objective, theirs_objective) < 1e-3


@settings(max_examples=30)
@given(**sizes)
def test_row_order_does_not_matter(seed, rows, columns, classes):
    x, y = toy(seed, rows, columns, classes)
    order = np.random.default_rng(seed + 1).permutation(rows)
    one, _ = both("svc", x, y, **TIGHT)
    two, _ = both("svc", x[order], y[order], **TIGHT)
    assert difference(two.decision(x), one.decision(x)) < 1e-5


@settings(max_examples=30)
@given(**sizes)
def test_labels_are_names_only(seed, rows, columns, classes):
    """Other numbers in the same order change nothing; turned around, the signs turn."""
    x, y = toy(seed, rows, columns, classes)
    one, _ = both("svc", x, y, **TIGHT)
    two, _ = both("svc", x, 10 * y + 7, **TIGHT)
    np.testing.assert_array_equal(two.decision(x), one.decision(x))
    np.testing.assert_array_equal(two.predict(x), 10 * one.predict(x) + 7)
    turned, _ = both("svc", x, classes - 1 - y, **TIGHT)
    assert difference(-turned.decision(x)[:, ::-1], one.decision(x)) < 1e-5


@settings(max_examples=30)
@given(**sizes)
def test_every_row_twice_at_half_the_cost_is_the_same_machine(seed, rows, columns, classes):
    x, y = toy(seed, rows, columns, classes)
    one, _ = both("svc", x, y, C=2.0, **TIGHT)
    two, theirs = both("svc", np.tile(x, (2, 1)), np.tile(y, 2), C=1.0, **TIGHT)
    assert difference(two.decision(x), one.decision(x)) < 1e-5
    assert difference(two.decision(x), theirs.decision(x)) < 1e-5


@settings(max_examples=30)
@given(seed=st.integers(0, 2**31), rows=st.integers(5, 40), columns=st.integers(1, 30))
def test_values_move_with_the_target(seed, rows, columns):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((rows, columns)), rng.standard_normal(rows)
    one, theirs = both("svr", x, y, **TIGHT)
    moved, _ = both("svr", x, y + 5.0, **TIGHT)
    np.testing.assert_allclose(moved.predict(x), one.predict(x) + 5.0, atol=1e-4)
    np.testing.assert_allclose(one.predict(x), theirs.predict(x), atol=1e-4)


@pytest.mark.parametrize("kernel", KERNELS)
def test_identical_points_have_no_nu_margin(kernel):
    """A nu-SVC is divided by its margin, which is 0 here."""
    for module in (own_python_svm, sklearn_svm):
        with pytest.raises(Fault, match="finite"):
            Fitted(module, "nusvc", *IDENTICAL, kernel=kernel, gamma=0.5)


@pytest.mark.parametrize("kernel", KERNELS)
def test_identical_points_of_both_classes(kernel):
    """All distances are 0: the curvature is taken as TAU, as LIBSVM does."""
    x, y = IDENTICAL
    ours, theirs = both("svc", x, y, kernel=kernel, gamma=0.5)
    np.testing.assert_array_equal(ours.attributes["n_iter"], theirs.attributes["n_iter"])
    np.testing.assert_allclose(ours.decision(x), theirs.decision(x), atol=1e-9)
    np.testing.assert_array_equal(ours.predict(x), theirs.predict(x))


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_constant_column_changes_no_distance(kernel):
    x, y = load_iris(return_X_y=True)
    x = np.column_stack([standardised(x), np.zeros(len(x))])
    ours, theirs = both("svc", x, y.astype(float), kernel=kernel)
    assert difference(ours.decision(x), theirs.decision(x)) < 1e-9
    without, _ = both("svc", x[:, :-1], y.astype(float), kernel=kernel, gamma=0.3)
    with_it, _ = both("svc", x, y.astype(float), kernel=kernel, gamma=0.3)
    assert difference(with_it.decision(x), without.decision(x[:, :-1])) < 1e-9


def test_data_without_variance_has_gamma_one():
    x, y = np.zeros((6, 2)), np.array([0.0, 1, 0, 1, 0, 1])
    ours, theirs = both("svc", x, y)
    assert ours.model.kernel.gamma == theirs.model._gamma == 1.0


def test_a_constant_target_is_predicted():
    x = load_iris().data
    ours, theirs = both("svr", x, np.full(len(x), 7.0))
    np.testing.assert_allclose(ours.predict(x), theirs.predict(x))
    assert len(ours.attributes["support"]) == len(theirs.attributes["support"]) == 0
