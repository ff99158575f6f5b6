"""Reference machines satisfy their optimality conditions and are what scikit-learn nears."""

from __future__ import annotations

from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import svm

from rmlbench_utils.judge.svm import polish
from rmlbench_utils.judge.svm.polish import ACCEPTED
from rmlbench_utils.judge.svm.reference import cached_solve, solve
from tests.judge.svm.factory import CLASSIFIERS, case, data, fitted

CASES = [
    ("svc", "iris", {}),
    ("svc", "wine", {"kernel": "linear"}),
    ("svc", "breast_cancer", {"C": 10.0, "class_weight": "balanced"}),
    ("svc", "iris", {"kernel": "poly", "coef0": 1.0}),
    ("nusvc", "iris", {}),
    ("nusvc", "breast_cancer", {"nu": 0.1, "kernel": "linear"}),
    ("svr", "diabetes", {"C": 50.0, "epsilon": 5.0}),
    ("nusvr", "diabetes", {"C": 20.0}),
    ("linearsvc", "breast_cancer", {}),
    ("linearsvc", "iris", {"loss": "hinge", "dual": True}),
    ("linearsvr", "diabetes", {"loss": "squared_epsilon_insensitive", "epsilon": 1.0}),
    ("linearsvr", "diabetes", {"epsilon": 2.0}),
]


@pytest.mark.parametrize(("algorithm", "name", "params"), CASES)
def test_scikit_learn_comes_near_and_never_below(algorithm: str, name: str, params) -> None:
    one, train = case(algorithm, **params), data(name)
    found = solve(one, train["x"], train["y"], train["x_test"])
    assert found.violation <= ACCEPTED
    tight = {"tol": 1e-8, "max_iter": 1_000_000 if algorithm.startswith("linear") else -1}
    model = fitted(case(algorithm, **{**params, **tight}), train)
    given = model.predict(train["x_test"])
    if algorithm in CLASSIFIERS:
        assert np.mean(given == found.predictions) > 0.98
    else:
        scale = np.abs(found.predictions).max()
        assert np.abs(given - found.predictions).max() <= 1e-3 * scale
    if algorithm in ("svc", "nusvc"):
        model.decision_function_shape = "ovo"
        values = model.decision_function(train["x_test"])
        values = -values[:, None] if len(model.classes_) == 2 else values
        largest = np.abs(found.decision).max()
        assert np.abs(values - found.decision).max() <= 1e-4 * largest


def test_two_rows_have_the_machine_that_can_be_written_down() -> None:
    x, y = np.array([[-1.0], [1.0]]), np.array([0.0, 1.0])
    found = solve(case("svc", kernel="linear", C=10.0), x, y, np.array([[0.0], [2.0]]))
    # The widest margin between -1 and 1 is w = 1: the first class is on the negative side.
    assert found.decision[:, 0] == pytest.approx([0.0, -2.0])
    assert found.objective[0] == pytest.approx(-0.5)
    assert found.support.tolist() == [0, 1]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), algorithm=st.sampled_from(["svc", "nusvc", "svr", "nusvr"]))
def test_row_order_changes_nothing(seed: int, algorithm: str) -> None:
    random = np.random.default_rng(seed)
    x = random.standard_normal((40, 3))
    y = (x[:, 0] + 0.5 * random.standard_normal(40) > 0).astype(np.float64)
    if algorithm in ("svr", "nusvr"):
        y = x[:, 0] * 3 + random.standard_normal(40)
    order, test = random.permutation(40), random.standard_normal((5, 3))
    one = case(algorithm, gamma=0.3)
    if algorithm == "nusvc" and min(y.sum(), 40 - y.sum()) < 0.3 * 40 / 2 + 1:
        return
    a, b = solve(one, x, y, test), solve(one, x[order], y[order], test)
    assert b.decision == pytest.approx(a.decision, abs=1e-6)
    assert sorted(order[b.support.astype(int)]) == a.support.astype(int).tolist()


def test_duplicated_rows_and_more_free_vectors_than_columns_are_no_obstacle() -> None:
    random = np.random.default_rng(1)
    x = np.repeat(random.standard_normal((30, 2)), 2, axis=0)
    y = np.repeat((random.random(30) > 0.5).astype(np.float64), 2)
    for kernel in ("linear", "rbf"):
        found = solve(case("svc", kernel=kernel), x, y, x)
        assert found.violation <= ACCEPTED


def test_balanced_weights_are_scikit_learns() -> None:
    random = np.random.default_rng(2)
    x = random.standard_normal((90, 4))
    y = np.repeat([0.0, 1.0, 2.0], [60, 20, 10])
    one = case("svc", class_weight="balanced")
    found = solve(one, x, y, x)
    model = svm.SVC(class_weight="balanced", tol=1e-8, decision_function_shape="ovo").fit(x, y)
    assert model.decision_function(x) == pytest.approx(found.decision, abs=1e-4)


def test_a_reference_is_solved_once(tmp_path, monkeypatch) -> None:
    from rmlbench_utils.judge.svm import reference

    one, train = case("svc"), data("iris")
    first = cached_solve(one, train["x"], train["y"], train["x_test"], tmp_path)
    monkeypatch.setattr(reference, "solve", None)
    again = cached_solve(
        one.model_copy(update={"params": {**one.params, "tol": 1e-5}}),
        train["x"],
        train["y"],
        train["x_test"],
        tmp_path,
    )
    assert again.sha256 == first.sha256
    assert np.array_equal(again.decision, first.decision)
    assert again.recipe == first.recipe


@pytest.mark.parametrize("c", [1.0, 100.0])
def test_a_squared_hinge_of_many_rows_is_what_a_full_system_gives(
    c: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(0)
    x = random.standard_normal((2000, 10))
    y = (x @ random.standard_normal(10) + 2 * random.standard_normal(2000) > 0).astype(float)
    one = case("linearsvc", C=c)
    quick = solve(one, x, y, x)
    system = Mock(
        side_effect=lambda rows, diagonal, right: np.linalg.solve(
            rows @ rows.T + np.diag(diagonal), right
        )
    )
    monkeypatch.setattr(polish, "_low_rank", system)
    full = solve(one, x, y, x)
    assert system.called
    assert quick.violation <= polish.ACCEPTED
    np.testing.assert_allclose(quick.decision, full.decision, rtol=0, atol=1e-9)
