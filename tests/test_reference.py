"""Reference solutions against certified values, closed forms, exact fractions, scikit-learn."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge

from rmlbench_utils.cases import load_cases
from rmlbench_utils.datasets import prepare
from rmlbench_utils.judge import least_squares
from rmlbench_utils.judge.active_set import penalised
from rmlbench_utils.judge.exact import NotVerified, minimise
from rmlbench_utils.judge.least_squares import Centred
from rmlbench_utils.judge.reference import cached_solve, objective, solve
from rmlbench_utils.protocol.case import Case

# NIST Statistical Reference Datasets, linear least squares, Longley (J. Longley 1967, JASA 62,
# 819-841): employment, then GNP deflator, GNP, unemployed, armed forces, population, year.
LONGLEY = np.array(
    [
        [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
        [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
        [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
        [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
        [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
        [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
        [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
        [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
        [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
        [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
        [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
        [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
        [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
        [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
        [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
        [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
)
LONGLEY_INTERCEPT = -3482258.63459582
LONGLEY_COEFFICIENTS = [
    15.0618722713733,
    -0.358191792925910e-01,
    -2.02022980381683,
    -1.03322686717359,
    -0.511041056535807e-01,
    1829.15146461355,
]
LONGLEY_SQUARES = 836424.055505915

TIGHT = {"tol": 1e-14, "max_iter": 200000}


def case(algorithm: str, **params: float | bool) -> Case:
    return Case(
        domain="regression",
        algorithm=algorithm,
        dataset="toy",
        params=params,
        threads=1,
        baseline="sklearn",
        contenders=("sklearn",),
        tolerance={},
        tolerance_reason="",
    )


def far(a, b) -> float:
    return float(np.abs(np.asarray(a) - b).max() / np.abs(b).max())


def data(n: int = 60, d: int = 6, seed: int = 0):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, d)) + rng.standard_normal(d)
    return x, x @ rng.normal(0, 3, d) + rng.standard_normal(n) + 7.0


def test_longley_has_the_certified_values():
    x, y = np.ascontiguousarray(LONGLEY[:, 1:]), LONGLEY[:, 0]
    found = solve(case("linear"), x, y, x)
    np.testing.assert_allclose(found.coefficients, LONGLEY_COEFFICIENTS, rtol=1e-13)
    np.testing.assert_allclose(found.intercept, [LONGLEY_INTERCEPT], rtol=1e-13)
    assert found.objective == pytest.approx(LONGLEY_SQUARES, rel=1e-13)
    assert found.rank == 6


@pytest.mark.parametrize("base", [1.0, 0.1])
def test_wampler_1_and_2_have_the_certified_values(base):
    """NIST StRD, Wampler1 and Wampler2: y = sum of (base x)^k, k = 0 to 5, x = 0 to 20."""
    x = np.arange(21.0)[:, None] ** np.arange(1, 6)
    exact = [
        sum(Fraction(round(1 / base)) ** -k * Fraction(i) ** k for k in range(6)) for i in range(21)
    ]
    found = solve(case("linear"), x, np.array([float(v) for v in exact]), x)
    np.testing.assert_allclose(found.coefficients, base ** np.arange(1, 6), rtol=1e-9)
    np.testing.assert_allclose(found.intercept, [1.0], rtol=1e-9)


def test_ridge_is_exact_in_fractions():
    """Two integer columns: (X'X + 2 I) w = X'y solved by Cramer's rule."""
    x = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, -1.0], [-4.0, -2.0]])
    y = np.array([1.0, 2.0, 4.0, -7.0])
    a, b, c = Fraction(26 + 2), Fraction(2 + 0 - 3 + 8), Fraction(10 + 2)
    e, f = Fraction(1 + 12 + 28), Fraction(2 + 2 - 4 + 14)
    w = [(e * c - f * b) / (a * c - b * b), (a * f - b * e) / (a * c - b * b)]
    found = solve(case("ridge", alpha=2.0), x, y, x)
    np.testing.assert_allclose(found.coefficients, [float(v) for v in w], rtol=1e-15)


def test_lasso_of_orthogonal_columns_is_soft_thresholding():
    """Tibshirani 1996, J. R. Stat. Soc. B 58, 267-288, section 2.2."""
    signs = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]], dtype=float)
    y = signs @ np.array([3.0, -0.25, 1.5]) + 10
    found = solve(case("lasso", alpha=0.5), signs, y, signs)
    np.testing.assert_allclose(found.coefficients, [2.5, 0.0, 1.0], rtol=1e-15)
    assert found.nonzero is not None
    assert found.nonzero.tolist() == [True, False, True]
    elastic = solve(case("elastic_net", alpha=1.0, l1_ratio=0.5), signs, y, signs)
    np.testing.assert_allclose(elastic.coefficients, [2.5 / 1.5, 0.0, 1.0 / 1.5], rtol=1e-15)


def test_large_alpha_leaves_the_mean():
    x, y = data()
    found = solve(case("lasso", alpha=1e6), x, y, x)
    assert found.coefficients.tolist() == [0.0] * 6
    np.testing.assert_allclose(found.predictions, y.mean(), rtol=1e-15)


def test_rank_deficient_least_squares_has_the_minimum_norm():
    x, y = data(40, 4)
    x = np.column_stack([x, x[:, 0] + x[:, 1], x[:, 2]])
    found = solve(case("linear"), x, y, x)
    expected = np.linalg.pinv(x - x.mean(axis=0)) @ (y - y.mean())
    assert far(found.coefficients, expected) < 1e-12
    assert found.rank == 4
    assert found.coefficients[2] == pytest.approx(found.coefficients[5], rel=1e-12)


def test_more_columns_than_rows_fit_exactly_with_minimum_norm():
    x, y = data(10, 25)
    found = solve(case("linear"), x, y, x)
    assert far(found.predictions, y) < 1e-14
    expected = np.linalg.pinv(x - x.mean(axis=0)) @ (y - y.mean())
    assert far(found.coefficients, expected) < 1e-12


@pytest.mark.parametrize("shape", [(60, 6), (20, 40)])
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize(
    ("algorithm", "params", "model"),
    [
        ("linear", {}, LinearRegression(tol=1e-13)),
        ("ridge", {"alpha": 0.3}, Ridge(alpha=0.3, solver="svd")),
        ("lasso", {"alpha": 0.2}, Lasso(alpha=0.2, **TIGHT)),
        ("elastic_net", {"alpha": 0.2, "l1_ratio": 0.4}, ElasticNet(0.2, l1_ratio=0.4, **TIGHT)),
        ("elastic_net", {"alpha": 0.2, "l1_ratio": 1.0}, Lasso(alpha=0.2, **TIGHT)),
    ],
)
def test_agrees_with_scikit_learn_at_tight_tolerance(algorithm, params, model, intercept, shape):
    x, y = data(*shape)
    model.set_params(fit_intercept=intercept).fit(x, y)
    found = solve(case(algorithm, fit_intercept=intercept, **params), x, y, x[:5])
    assert far(model.coef_, found.coefficients) < 1e-6
    assert far(model.predict(x[:5]), found.predictions) < 1e-6
    reached = objective(
        case(algorithm, fit_intercept=intercept, **params), x, y, model.coef_, model.intercept_
    )
    scale = max(found.objective, 1e-9)
    assert -1e-12 * scale <= reached - found.objective <= 1e-9 * scale


def test_elastic_net_without_l1_is_ridge():
    x, y = data()
    one = solve(case("elastic_net", alpha=0.5, l1_ratio=0.0), x, y, x)
    two = solve(case("ridge", alpha=0.5 * len(x)), x, y, x)
    assert far(one.coefficients, two.coefficients) < 1e-15


@given(st.integers(0, 2**32 - 1), st.sampled_from([1e2, 1e5, 1e8]), st.sampled_from([0.0, 0.7]))
def test_integers_agree_with_refinement(seed, condition, penalty):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((12, 3)) * np.array([1.0, 1.0, 1 / condition]) + 1.0
    b = rng.standard_normal(12).astype(np.longdouble)
    b -= b.mean()
    c = np.array([0.5, -0.5, 1e-3], dtype=np.longdouble)
    a = Centred.of(x, True)
    w = minimise(x, b, c, penalty, True)
    gradient = a.transposed_times(b - a.times(w)) - penalty * w - c
    size = float(np.abs(a.transposed_times(b)).max() + np.abs(w).max())
    assert float(np.abs(gradient).max()) < 1e-16 * size
    solved = least_squares.solve(a, b, c, penalty)
    assert far(solved.w, w) < 1e-11


def test_exactly_singular_is_refused():
    x = np.array([[1.0, 2.0], [2.0, 4.0], [4.0, 8.0]])
    b = np.array([1.0, 0.0, -1.0], dtype=np.longdouble)
    with pytest.raises(NotVerified, match="singular"):
        minimise(x, b, np.zeros(2, np.longdouble), 0.0, True)


def test_what_cannot_be_verified_is_refused(monkeypatch):
    monkeypatch.setattr("rmlbench_utils.judge.active_set._descend", lambda a, *_: np.zeros(6))
    monkeypatch.setattr("rmlbench_utils.judge.active_set.ROUNDS", 1)
    x, y = data()
    with pytest.raises(NotVerified, match="optimality conditions"):
        penalised(Centred.of(x, True), (y - y.mean()).astype(np.longdouble), 0.1, 0.0)


def test_a_bad_first_guess_still_ends_at_the_solution(monkeypatch):
    x, y = data()
    good = solve(case("lasso", alpha=0.5), x, y, x)
    monkeypatch.setattr("rmlbench_utils.judge.active_set._descend", lambda a, *_: -np.ones(6))
    bad = solve(case("lasso", alpha=0.5), x, y, x)
    assert far(bad.coefficients, good.coefficients) < 1e-15


def test_refinement_beats_double_precision_by_far():
    x, y = data(50, 5)
    x[:, 4] = x[:, 0] + 1e-3 * x[:, 4]
    a = Centred.of(x, True)
    b = y.astype(np.longdouble) - y.astype(np.longdouble).mean()
    truth = minimise(x, b, np.zeros(5, np.longdouble), 0.0, True)
    solved = least_squares.solve(a, b, np.zeros(5, np.longdouble), 0.0)
    assert far(solved.w, truth) < 1e-14
    assert solved.condition == pytest.approx(np.linalg.cond(x - x.mean(axis=0)), rel=1e-6)


class TestCache:
    def test_second_solution_is_read(self, tmp_path, monkeypatch):
        x, y = data()
        problem = case("lasso", alpha=0.5, tol=1e-4)
        first = cached_solve(problem, x, y, x, tmp_path)
        monkeypatch.setattr("rmlbench_utils.judge.reference.solve", None)
        again = cached_solve(case("lasso", alpha=0.5, tol=1e-9), x, y, x, tmp_path)
        assert again.sha256 == first.sha256
        assert (again.objective, again.condition, again.rank, again.recipe) == (
            first.objective,
            first.condition,
            first.rank,
            first.recipe,
        )
        np.testing.assert_array_equal(again.nonzero, first.nonzero)

    def test_other_data_or_alpha_is_another_file(self, tmp_path):
        x, y = data()
        for alpha, shift in ((0.5, 0.0), (0.6, 0.0), (0.5, 1.0)):
            cached_solve(case("ridge", alpha=alpha), x, y + shift, x, tmp_path)
        assert len(list(tmp_path.iterdir())) == 3

    def test_damage_is_noticed(self, tmp_path, caplog):
        x, y = data()
        first = cached_solve(case("linear"), x, y, x, tmp_path)
        (path,) = tmp_path.iterdir()
        content = bytearray(path.read_bytes())
        content[-3] ^= 1
        path.write_bytes(content)
        again = cached_solve(case("linear"), x, y, x, tmp_path)
        assert again.sha256 == first.sha256
        assert "is damaged and is solved again" in caplog.text
        assert again.nonzero is None


def test_the_standard_cases_have_solutions_worth_comparing(tmp_path):
    """Neither all zero nor without zeros where the file says so; condition as the name says."""
    seen = {}
    for one in load_cases("regression", "standard"):
        if one.dataset == "california" or one.threads > 1:
            continue
        ready = prepare(one.dataset, 0, 1, 5, tmp_path)
        train, truth = load_file(ready.train.path), load_file(ready.truth.path)
        seen[one.name] = found = cached_solve(
            one, train["x_train"], train["y_train"], truth["x_test"], tmp_path
        )
        assert np.abs(found.coefficients).max() > 0, one.name
        if "cond1e" in one.dataset:
            wanted = float(one.dataset.rpartition("cond")[2])
            assert wanted / 3 < found.condition < wanted * 3
    lasso = seen["regression/lasso/synthetic_linear_20000x50/alpha=1,threads=1"]
    assert lasso.nonzero is not None
    assert 0 < lasso.nonzero.sum() < 50
    assert seen["regression/linear/synthetic_deficient_500x30/threads=1"].rank == 20
