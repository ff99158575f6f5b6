"""linearsvc of the liblinear worker against scikit-learn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from tests.workers_svm.drive import CLASSES, Data, data, outputs

VARIANTS: dict[str, dict[str, Any]] = {
    "primal": {},
    "costly": {"C": 10.0, "intercept_scaling": 2.0},
    "balanced": {"class_weight": "balanced"},
    "through zero": {"fit_intercept": False},
    "dual": {"dual": True},
    "hinge": {"loss": "hinge", "dual": True},
}


def objective(params: dict[str, Any], given: Data, planes: np.ndarray, shifts: np.ndarray) -> float:
    """``|w|^2 / 2 + C sum loss`` of all planes, the intercept's weight among the others."""
    told = LinearSVC(**{**params, "class_weight": None}).get_params()
    k = int(given.y.max()) + 1
    weights = np.ones(k)
    if params.get("class_weight") == "balanced":
        weights = len(given.y) / (k * np.bincount(given.y.astype(int)))
    total = 0.0
    for number, (plane, shift) in enumerate(zip(planes, shifts, strict=True)):
        positive = given.y == (number if k > 2 else 1)
        signs = np.where(positive, 1.0, -1.0)
        # One against the rest: the rest has weight 1.
        costs = weights[given.y.astype(int)] if k == 2 else np.where(positive, weights[number], 1.0)
        gaps = np.maximum(0.0, 1.0 - signs * (given.x @ plane + shift))
        loss = gaps if told["loss"] == "hinge" else gaps**2
        scaled = shift / told["intercept_scaling"] if told["fit_intercept"] else 0.0
        total += (plane @ plane + scaled**2) / 2 + told["C"] * float(costs @ loss)
    return total


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CLASSES)
def test_liblinear_reaches_the_objective(name: str, variant: str, tmp_path: Path):
    given = data(name)
    params = {"dual": False, **VARIANTS[variant]}
    found = outputs("liblinear", tmp_path, given, algorithm="linearsvc", params=params)
    weight = "balanced" if "class_weight" in params else None
    model = LinearSVC(**{**params, "class_weight": weight}, random_state=0, max_iter=100_000)
    model.fit(given.x, given.y)
    shifts = np.broadcast_to(model.intercept_, (len(model.coef_),))
    ours = objective(params, given, found["coefficients"], found["intercept"])
    theirs = objective(params, given, model.coef_, shifts)
    # neither runs to the optimum: the crate's liblinear stops nearer to it with unequal costs
    assert ours <= theirs * (1 + (1e-3 if params["dual"] else 1e-4))
    decisions = given.rows @ found["coefficients"].T + found["intercept"]
    np.testing.assert_allclose(found["decision"], decisions, atol=1e-9)
    if len(found["coefficients"]) == 1:
        labels = (decisions[:, 0] > 0).astype(float)
    else:
        labels = decisions.argmax(axis=1).astype(float)
    np.testing.assert_array_equal(found["predictions"][0], labels)
    agreed = found["predictions"][0] == model.predict(given.rows)
    assert agreed.mean() > 0.95


def test_a_second_run_is_the_same(tmp_path: Path):
    given = data("wine")
    params = {"loss": "hinge", "dual": True}
    runs = [
        outputs("liblinear", tmp_path, given, algorithm="linearsvc", params=params, repeat=repeat)
        for repeat in ({}, {"fit": {"warmup": 3, "samples": 2, "batch": 1}})
    ]
    np.testing.assert_array_equal(runs[0]["coefficients"], runs[1]["coefficients"])


def test_columns_without_values_are_columns(tmp_path: Path):
    given = data("breast_cancer")
    x, rows = given.x.copy(), given.rows.copy()
    x[:, -1] = rows[:, -1] = 0.0
    found = outputs("liblinear", tmp_path, Data(x, given.y, rows), algorithm="linearsvc")
    assert found["coefficients"].shape == (1, x.shape[1])
    assert found["coefficients"][0, -1] == 0.0
