"""linearsvr of the liblinear worker against scikit-learn, and what a seed decides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.svm import LinearSVR

from tests.workers_svm.drive import Data, data, fault, outputs

VARIANTS: dict[str, dict[str, Any]] = {
    "dual": {},
    "tube": {"epsilon": 10.0},
    "squared dual": {"loss": "squared_epsilon_insensitive", "dual": True},
    "squared primal": {"loss": "squared_epsilon_insensitive", "dual": False},
    "costly": {"C": 10.0, "intercept_scaling": 2.0, "loss": "squared_epsilon_insensitive"},
    "through zero": {"fit_intercept": False},
}


def objective(model: LinearSVR, given: Data, plane: np.ndarray, shift: float) -> float:
    """``|w|^2 / 2 + C sum loss``, the intercept's weight among the others."""
    gaps = np.maximum(0.0, np.abs(given.y - given.x @ plane - shift) - model.epsilon)
    loss = gaps**2 if model.loss.startswith("squared") else gaps
    scaled = shift / model.intercept_scaling if model.fit_intercept else 0.0
    return float((plane @ plane + scaled**2) / 2 + model.C * loss.sum())


@pytest.mark.parametrize("variant", VARIANTS)
def test_liblinear_reaches_the_objective_of_regression(variant: str, tmp_path: Path):
    given = data("diabetes")
    params = VARIANTS[variant]
    found = outputs("liblinear", tmp_path, given, algorithm="linearsvr", params=params)
    model = LinearSVR(**{"dual": True, **params}, random_state=0, max_iter=100_000, tol=1e-6)
    model.fit(given.x, given.y)
    theirs = objective(model, given, model.coef_, float(np.ravel(model.intercept_)[0]))
    ours = objective(model, given, found["coefficients"], float(found["intercept"][0]))
    assert ours == pytest.approx(theirs, rel=1e-3)
    own = given.rows @ found["coefficients"] + found["intercept"]
    np.testing.assert_allclose(found["predictions"][0], own, atol=1e-9)


def test_the_seed_decides_the_order_of_the_dual(tmp_path: Path):
    given = data("diabetes")
    first, again, other = (
        outputs("liblinear", tmp_path, given, algorithm="linearsvr", seed=seed)["coefficients"]
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_regression_takes_no_other_limit(tmp_path: Path):
    said = fault(
        "liblinear", tmp_path, data("diabetes"), algorithm="linearsvr", params={"max_iter": 9}
    )
    assert (said.kind, said.parameter) == ("unsupported", "max_iter")


def test_scikit_learn_shuffles_by_the_seed_of_the_job():
    from rmlbench_utils.contenders.sklearn_svm import ALGORITHMS

    given = data("breast_cancer")
    params = {"loss": "hinge", "dual": True, "max_iter": 5}

    def fitted(seed: int) -> np.ndarray:
        algorithm = ALGORITHMS["linearsvc"](**{**ALGORITHMS["linearsvc"].DEFAULTS, **params})
        algorithm.seeded(seed)
        return algorithm.fit(given.x, given.y.astype(np.int64)).coef_

    np.testing.assert_array_equal(fitted(1), fitted(1))
    assert (fitted(1) != fitted(2)).any()
