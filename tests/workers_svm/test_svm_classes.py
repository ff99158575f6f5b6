"""svc and nusvc of every Rust worker against scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workers_svm import reference
from tests.workers_svm.drive import CLASSES, data, outputs

KERNELS: dict[str, dict[str, Any]] = {
    "rbf": {"kernel": "rbf"},
    "narrow": {"kernel": "rbf", "gamma": 0.7, "C": 10.0},
    "auto": {"kernel": "rbf", "gamma": "auto", "C": 0.1, "shrinking": False},
    "linear": {"kernel": "linear"},
    "poly": {"kernel": "poly", "degree": 2, "coef0": 1.0},
    "sigmoid": {"kernel": "sigmoid", "gamma": 0.01},
    "balanced": {"kernel": "rbf", "class_weight": "balanced"},
}
NU: dict[str, dict[str, Any]] = {
    "rbf": {"kernel": "rbf", "nu": 0.3},
    "linear": {"kernel": "linear", "nu": 0.2},
    "poly": {"kernel": "poly", "degree": 2, "coef0": 1.0, "nu": 0.3},
}


@pytest.mark.parametrize("variant", KERNELS)
@pytest.mark.parametrize("name", CLASSES)
def test_the_port_makes_the_iterations_of_scikit_learn(name: str, variant: str, tmp_path: Path):
    given, params = data(name), KERNELS[variant]
    found = outputs("own-port", tmp_path, given, algorithm="svc", params=params)
    same(found, reference.fitted("svc", given, **params), given, 1e-12)


@pytest.mark.parametrize("variant", NU)
@pytest.mark.parametrize("name", CLASSES)
def test_the_port_makes_the_nu_iterations_too(name: str, variant: str, tmp_path: Path):
    given, params = data(name), NU[variant]
    found = outputs("own-port", tmp_path, given, algorithm="nusvc", params=params)
    same(found, reference.fitted("nusvc", given, **params), given, 1e-12)


def same(found: dict[str, np.ndarray], model: Any, given: Any, tolerance: float) -> None:
    """All that is fitted is scikit-learn's, the iterations too where they are told."""
    np.testing.assert_array_equal(found["support"], model.support_)
    scale = np.abs(reference.dual(model)).max()
    np.testing.assert_allclose(found["dual"], reference.dual(model), atol=tolerance * scale)
    expected = reference.intercept(model)
    scale = max(1.0, np.abs(expected).max())
    np.testing.assert_allclose(found["intercept"], expected, atol=tolerance * scale)
    if "n_iter" in found:
        np.testing.assert_array_equal(found["n_iter"], model.n_iter_)
    expected = reference.decision(model, given.rows)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found["decision"], expected, atol=10 * tolerance * scale)
    labelled(found, model, given)


def labelled(found: dict[str, np.ndarray], model: Any, given: Any) -> None:
    """Labels are voted from the decisions, and those of scikit-learn."""
    np.testing.assert_array_equal(found["predictions"][0], reference.voted(found["decision"]))
    np.testing.assert_array_equal(found["predictions"][0], model.predict(given.rows))
    np.testing.assert_array_equal(found["predictions"][1], np.roll(found["predictions"][0], -3))


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("variant", KERNELS)
@pytest.mark.parametrize("name", CLASSES)
def test_own_reaches_the_same_optimum(name: str, variant: str, layout: str, tmp_path: Path):
    given, params = data(name), KERNELS[variant]
    found = outputs("own", tmp_path, given, algorithm="svc", params=params, layout=layout)
    model = reference.fitted("svc", given, **params)
    near(found, model, given, 1e-6)
    if params["kernel"] != "sigmoid":  # which is no inner product: there are many optima
        ours = reference.objectives(model, given, found["support"], found["dual"])
        theirs = reference.objectives(model, given, model.support_, reference.dual(model))
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)


@pytest.mark.parametrize("variant", NU)
@pytest.mark.parametrize("name", CLASSES)
def test_own_reaches_the_same_nu_optimum(name: str, variant: str, tmp_path: Path):
    given, params = data(name), NU[variant]
    found = outputs("own", tmp_path, given, algorithm="nusvc", params=params)
    near(found, reference.fitted("nusvc", given, **params), given, 1e-3)


def near(found: dict[str, np.ndarray], model: Any, given: Any, tolerance: float) -> None:
    """The same support vectors, and decisions within a part of the largest."""
    np.testing.assert_array_equal(found["support"], model.support_)
    expected = reference.decision(model, given.rows)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found["decision"], expected, atol=tolerance * scale)
    labelled(found, model, given)


@pytest.mark.parametrize("variant", KERNELS)
@pytest.mark.parametrize("name", CLASSES)
def test_libsvm_agrees_to_rounding(name: str, variant: str, tmp_path: Path):
    given, params = data(name), KERNELS[variant]
    found = outputs("libsvm", tmp_path, given, algorithm="svc", params=params)
    same(found, reference.fitted("svc", given, **params), given, 1e-9)


@pytest.mark.parametrize("variant", NU)
@pytest.mark.parametrize("name", CLASSES)
def test_libsvm_agrees_in_nu_to_its_tolerance(
    name: str, variant: str, tmp_path: Path, request: pytest.FixtureRequest
):
    if (name, variant) == ("iris", "linear"):
        off = "ends 5e-3 from the optimum, with tol = 1e-6 too; own and scikit-learn end at 3e-4"
        request.applymarker(pytest.mark.xfail(strict=True, reason=off))
    given, params = data(name), NU[variant]
    found = outputs("libsvm", tmp_path, given, algorithm="nusvc", params=params)
    near(found, reference.fitted("nusvc", given, **params), given, 1e-3)


@pytest.mark.parametrize("variant", [name for name in KERNELS if name != "sigmoid"])
@pytest.mark.parametrize("name", CLASSES)
def test_linfa_agrees_to_its_tolerance(name: str, variant: str, tmp_path: Path):
    given, params = data(name), KERNELS[variant]
    found = outputs("linfa", tmp_path, given, algorithm="svc", params=params)
    model = reference.fitted("svc", given, **params)
    expected = reference.decision(model, given.rows)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found["decision"], expected, atol=2e-3 * scale)
    labelled(found, model, given)


@pytest.mark.parametrize("name", CLASSES)
def test_smartcore_labels_nearly_as_well(name: str, tmp_path: Path):
    given = data(name)
    found = outputs("smartcore", tmp_path, given, algorithm="svc")
    model = reference.fitted("svc", given)
    agreed = found["predictions"][0] == model.predict(given.rows)
    assert agreed.mean() > 0.9
    assert not set(found) - {"predictions", "decision"}
    np.testing.assert_array_equal(found["predictions"][0], reference.voted(found["decision"]))
