"""svr and nusvr of every Rust worker against scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workers_svm import reference
from tests.workers_svm.drive import data, outputs

SVR: dict[str, dict[str, Any]] = {
    "rbf": {"kernel": "rbf", "C": 50.0, "epsilon": 5.0},
    "linear": {"kernel": "linear", "C": 1.0},
    "poly": {"kernel": "poly", "degree": 2, "coef0": 1.0, "C": 10.0, "shrinking": False},
    "sigmoid": {"kernel": "sigmoid", "gamma": 0.01, "C": 20.0},
}
NU: dict[str, dict[str, Any]] = {
    "rbf": {"kernel": "rbf", "C": 50.0, "nu": 0.4},
    "linear": {"kernel": "linear", "C": 1.0, "nu": 0.5},
}
UNSOLVED = (
    "smartcore's SVR takes K(x, x) of every row from the first n numbers of the data: right for "
    "the rbf kernel only, where it is 1"
)
CASES = [("svr", name, params) for name, params in SVR.items()]
CASES += [("nusvr", name, params) for name, params in NU.items()]
IDS = [f"{algorithm}-{name}" for algorithm, name, _ in CASES]


@pytest.mark.parametrize(("algorithm", "_", "params"), CASES, ids=IDS)
@pytest.mark.parametrize(
    ("worker", "tolerance"), [("own-port", 1e-12), ("libsvm", 1e-9), ("own", 1e-6)]
)
def test_support_and_values_are_those_of_scikit_learn(
    worker: str, tolerance: float, algorithm: str, _: str, params: dict[str, Any], tmp_path: Path
):
    given = data("diabetes")
    found = outputs(worker, tmp_path, given, algorithm=algorithm, params=params)
    model = reference.fitted(algorithm, given, **params)
    np.testing.assert_array_equal(found["support"], model.support_)
    scale = np.abs(model.dual_coef_).max()
    np.testing.assert_allclose(found["dual"], reference.dual(model), atol=tolerance * scale)
    np.testing.assert_allclose(found["intercept"], model.intercept_, rtol=tolerance)
    if worker == "own-port":
        np.testing.assert_array_equal(found["n_iter"], np.atleast_1d(model.n_iter_))
    np.testing.assert_allclose(
        found["predictions"][0], model.predict(given.rows), rtol=10 * tolerance
    )
    np.testing.assert_array_equal(found["predictions"][1], np.roll(found["predictions"][0], -3))


@pytest.mark.parametrize("variant", ["rbf", "linear", "poly"])
@pytest.mark.parametrize("worker", ["linfa", "smartcore"])
def test_values_agree_to_the_tolerance(
    worker: str, variant: str, tmp_path: Path, request: pytest.FixtureRequest
):
    if (worker, variant) == ("smartcore", "poly"):
        request.applymarker(pytest.mark.xfail(strict=True, reason=UNSOLVED))
    given, params = data("diabetes"), SVR[variant]
    found = outputs(worker, tmp_path, given, algorithm="svr", params=params)
    expected = reference.fitted("svr", given, **params).predict(given.rows)
    np.testing.assert_allclose(found["predictions"][0], expected, rtol=1e-4)


@pytest.mark.xfail(strict=True, reason="linfa-svm solves NuSVR without its constraint on nu")
@pytest.mark.parametrize("variant", NU)
def test_linfa_holds_nu(variant: str, tmp_path: Path):
    given, params = data("diabetes"), NU[variant]
    found = outputs("linfa", tmp_path, given, algorithm="nusvr", params=params)
    expected = reference.fitted("nusvr", given, **params).predict(given.rows)
    np.testing.assert_allclose(found["predictions"][0], expected, rtol=1e-2)
