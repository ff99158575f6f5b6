"""What a worker must refuse: parameters out of range, data that is no classes, and what its
library does not have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.workers_svm.drive import Data, data, fault, outputs

KERNEL_WORKERS = ("own", "own-port", "libsvm", "linfa", "smartcore")
BAD: list[tuple[str, dict[str, Any], str]] = [
    ("svc", {"C": -1.0}, "C"),
    ("svc", {"C": None}, "C"),
    ("svc", {"tol": 0.0}, "tol"),
    ("svc", {"kernel": "laplacian"}, "kernel"),
    ("svc", {"gamma": "wide"}, "gamma"),
    ("svc", {"gamma": -0.1}, "gamma"),
    ("svc", {"class_weight": "equal"}, "class_weight"),
    ("svc", {"colour": 1}, "colour"),
    ("svr", {"epsilon": -0.1}, "epsilon"),
    ("svr", {"cache_size": 0}, "cache_size"),
]
NU_BAD: list[tuple[str, dict[str, Any], str]] = [
    ("nusvc", {"nu": 0.0}, "nu"),
    ("nusvc", {"nu": 1.5}, "nu"),
    ("nusvc", {"class_weight": "balanced"}, "class_weight"),
    ("nusvr", {"nu": -1.0}, "nu"),
]


LINEAR_BAD: list[tuple[str, dict[str, Any], str]] = [
    ("linearsvc", {"C": -1.0}, "C"),
    ("linearsvc", {"tol": 0.0}, "tol"),
    ("linearsvc", {"loss": "huber"}, "loss"),
    ("linearsvc", {"max_iter": 0}, "max_iter"),
    ("linearsvr", {"C": 0.0}, "C"),
    ("linearsvr", {"epsilon": -0.1}, "epsilon"),
]


@pytest.mark.parametrize(("algorithm", "params", "parameter"), LINEAR_BAD)
def test_liblinear_names_bad_parameters(
    algorithm: str, params: dict[str, Any], parameter: str, tmp_path: Path
):
    found = fault("liblinear", tmp_path, data("iris"), algorithm=algorithm, params=params)
    assert (found.kind, found.parameter) == ("parameter", parameter)


@pytest.mark.parametrize(("algorithm", "params", "parameter"), BAD)
@pytest.mark.parametrize("worker", KERNEL_WORKERS)
def test_bad_parameters_are_named(
    worker: str, algorithm: str, params: dict[str, Any], parameter: str, tmp_path: Path
):
    found = fault(worker, tmp_path, data("iris"), algorithm=algorithm, params=params)
    assert (found.kind, found.parameter) == ("parameter", parameter)


@pytest.mark.parametrize(("algorithm", "params", "parameter"), NU_BAD)
@pytest.mark.parametrize("worker", [name for name in KERNEL_WORKERS if name != "smartcore"])
def test_bad_nu_is_named(
    worker: str, algorithm: str, params: dict[str, Any], parameter: str, tmp_path: Path
):
    found = fault(worker, tmp_path, data("iris"), algorithm=algorithm, params=params)
    assert (found.kind, found.parameter) == ("parameter", parameter)


@pytest.mark.parametrize("worker", [*KERNEL_WORKERS, "liblinear"])
@pytest.mark.parametrize("labels", ["one class", "fractions", "negative", "a gap"])
def test_labels_that_are_no_classes_are_refused(worker: str, labels: str, tmp_path: Path):
    given = data("breast_cancer")
    y = {
        "one class": np.zeros_like(given.y),
        "fractions": given.y + 0.5,
        "negative": given.y - 1.0,
        "a gap": given.y * 2.0,
    }[labels]
    algorithm = "linearsvc" if worker == "liblinear" else "svc"
    found = fault(worker, tmp_path, Data(given.x, y, given.rows), algorithm=algorithm)
    assert (found.kind, found.parameter) == ("data", "y_train")


@pytest.mark.parametrize("worker", [*KERNEL_WORKERS, "liblinear"])
@pytest.mark.parametrize("where", ["x", "rows"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(
    worker: str, where: str, value: float, tmp_path: Path
):
    given = data("breast_cancer")
    x, rows = given.x.copy(), given.rows.copy()
    (x if where == "x" else rows)[3, 2] = value
    algorithm = "linearsvc" if worker == "liblinear" else "svc"
    found = fault(worker, tmp_path, Data(x, given.y, rows), algorithm=algorithm)
    assert (found.kind, found.parameter) == ("data", "x_train" if where == "x" else "x")


@pytest.mark.parametrize(
    ("worker", "algorithm", "params", "parameter"),
    [
        ("libsvm", "svc", {"max_iter": 10}, "max_iter"),
        ("linfa", "svc", {"max_iter": 10}, "max_iter"),
        ("linfa", "svr", {"kernel": "sigmoid"}, "kernel"),
        ("smartcore", "svc", {"class_weight": "balanced"}, "class_weight"),
        ("smartcore", "svr", {"max_iter": 10}, "max_iter"),
        ("smartcore", "nusvc", {}, "algorithm"),
        ("liblinear", "linearsvc", {"max_iter": 10}, "max_iter"),
    ],
)
def test_what_a_library_lacks_is_named(
    worker: str, algorithm: str, params: dict[str, Any], parameter: str, tmp_path: Path
):
    found = fault(worker, tmp_path, data("iris"), algorithm=algorithm, params=params)
    assert (found.kind, found.parameter) == ("unsupported", parameter)


@pytest.mark.parametrize("worker", [name for name in KERNEL_WORKERS if name != "smartcore"])
def test_a_nu_no_pair_can_meet_is_refused(worker: str, tmp_path: Path):
    given = data("iris")
    kept = np.flatnonzero((given.y > 0) | (np.arange(len(given.y)) % 8 == 0))
    few = Data(given.x[kept], given.y[kept], given.rows)
    found = fault(worker, tmp_path, few, algorithm="nusvc", params={"nu": 0.9})
    assert (found.kind, found.parameter) == ("parameter", "nu")


@pytest.mark.parametrize("worker", ["own", "own-port"])
def test_a_limit_of_iterations_is_kept(worker: str, tmp_path: Path):
    given = data("wine")
    found = outputs(worker, tmp_path, given, algorithm="svc", params={"max_iter": 5})
    np.testing.assert_array_equal(found["n_iter"], [5, 5, 5])
