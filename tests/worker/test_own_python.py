"""Our own linear models against scikit-learn's: same answers, same iterations."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_diabetes

from rmlbench_utils.contenders import own_python_regression as own
from rmlbench_utils.contenders import sklearn_regression as baseline
from rmlbench_utils.worker.channel import Fault

TIGHT = {"tol": 1e-10, "max_iter": 100_000}
CASES = [
    ("linear", {"solver": "lstsq"}, 1e-10),
    ("linear", {"solver": "cholesky"}, 1e-8),
    ("ridge", {"alpha": 0.5}, 1e-10),
    ("lasso", {"alpha": 0.3, **TIGHT}, 1e-8),
    ("elastic_net", {"alpha": 0.3, "l1_ratio": 0.4, **TIGHT}, 1e-8),
    ("elastic_net", {"alpha": 0.3, "l1_ratio": 0.0, "tol": 1e-8, "max_iter": 5000}, 1e-8),
]


def fitted(module, algorithm: str, params: dict, x: np.ndarray, y: np.ndarray) -> dict:
    kind = module.ALGORITHMS[algorithm]
    made = kind(**{**kind.DEFAULTS, **params})
    return made.attributes(made.fit(x, y))


def difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-300))


@pytest.mark.parametrize(("algorithm", "params", "tolerance"), CASES)
@pytest.mark.parametrize("shape", ["tall", "wide", "constant", "collinear", "intercept_only"])
def test_agrees_with_scikit_learn(algorithm: str, params: dict, tolerance: float, shape: str):
    x, y = load_diabetes(return_X_y=True)
    x = (x - x.mean(0)) / x.std(0)
    rng = np.random.default_rng(0)
    if shape == "wide":
        x, y = rng.standard_normal((20, 50)), rng.standard_normal(20)
    elif shape == "constant":
        x[:, 3] = 0.0
    elif shape == "collinear":
        x = np.hstack([x, x[:, :2]])
    elif shape == "intercept_only":
        y = np.full_like(y, 7.0)
    if params.get("solver") == "cholesky" and shape in ("wide", "constant", "collinear"):
        pytest.skip("the normal equations are singular: see the test below")
    ours, theirs = (fitted(m, algorithm, params, x, y) for m in (own, baseline))
    if shape == "intercept_only":
        assert np.abs(ours["coefficients"]).max() < 1e-12
        assert ours["intercept"] == pytest.approx([7.0])
        return
    predicted, expected = (x @ o["coefficients"] + o["intercept"] for o in (ours, theirs))
    assert difference(predicted, expected) < max(tolerance, 1e-9)
    if shape != "collinear" or algorithm in ("linear", "ridge"):
        assert difference(ours["coefficients"], theirs["coefficients"]) < tolerance
    if "n_iter" in theirs:
        assert ours["n_iter"] == theirs["n_iter"]
        assert ((ours["coefficients"] != 0) == (theirs["coefficients"] != 0)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 30), st.integers(1, 12), st.integers(0, 2**31), st.floats(0.01, 5))
def test_lasso_takes_scikit_learns_iterations(n: int, d: int, seed: int, alpha: float) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((n, d)), rng.standard_normal(n)
    params = {"alpha": alpha, "tol": 1e-6, "max_iter": 2000}
    ours, theirs = (fitted(m, "lasso", params, x, y) for m in (own, baseline))
    assert difference(ours["coefficients"], theirs["coefficients"]) < 1e-6
    assert abs(int(ours["n_iter"][0]) - int(theirs["n_iter"][0])) <= 1


@pytest.mark.parametrize(
    ("algorithm", "params", "parameter"),
    [
        ("ridge", {"alpha": -1.0}, "alpha"),
        ("lasso", {"alpha": -1.0}, "alpha"),
        ("elastic_net", {"l1_ratio": 1.5}, "l1_ratio"),
        ("lasso", {"max_iter": 0}, "max_iter"),
        ("linear", {"solver": "magic"}, "solver"),
    ],
)
def test_bad_parameters_are_named(algorithm: str, params: dict, parameter: str) -> None:
    with pytest.raises(Fault) as caught:
        fitted(own, algorithm, params, np.eye(3), np.ones(3))
    assert caught.value.parameter == parameter


def test_singular_normal_equations_are_a_numerical_fault() -> None:
    with pytest.raises(Fault, match="not positive definite") as caught:
        fitted(own, "linear", {"solver": "cholesky"}, np.zeros((3, 2)), np.arange(3.0))
    assert caught.value.kind == "numerical"


def test_nan_is_refused() -> None:
    with pytest.raises(Fault, match="finite"):
        fitted(own, "ridge", {}, np.array([[np.nan, 1.0], [0.0, 1.0]]), np.ones(2))
