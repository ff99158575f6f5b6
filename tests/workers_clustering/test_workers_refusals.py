"""What the Rust workers refuse of a clustering job, in one sentence each."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import clustering_jobs as jobs
import numpy as np
import pytest
from safetensors.numpy import save_file

from rmlbench_utils.protocol.job import Listing
from tests.talking import GOLDEN, command

ONCE = {"warmup": 0, "samples": 1, "batch": 1}
SUPPORTED = {
    "own": ("kmeans", "gaussian_mixture", "spectral"),
    "linfa": ("kmeans", "dbscan", "gaussian_mixture"),
    "smartcore": ("dbscan", "agglomerative"),
    "kodama": ("agglomerative",),
}
PAIRS = [(worker, name) for worker, names in SUPPORTED.items() for name in names]
LABELLING = [pair for pair in PAIRS if pair[1] not in ("kmeans", "gaussian_mixture")]
# What makes a job one that the library can do.
POSSIBLE = {
    ("linfa", "gaussian_mixture"): {"init": "kmeans"},
    ("smartcore", "agglomerative"): {"linkage": "single"},
}


def listing(worker: str) -> Listing:
    done = subprocess.run([*command(worker), "--list"], capture_output=True, check=True)
    return Listing.model_validate_json(done.stdout)


@pytest.mark.parametrize("worker", SUPPORTED)
def test_a_worker_lists_what_it_supports(worker: str):
    told = listing(worker)
    assert set(SUPPORTED[worker]) <= set(told.algorithms)
    assert all(told.facts["libraries"].values())


def test_a_worker_that_only_labels_lists_no_other_phases():
    assert listing("kodama").phases == ["load", "convert", "fit"]
    assert listing("own").phases == ["load", "convert", "fit", "predict", "latency"]


@pytest.mark.parametrize(
    ("worker", "algorithm", "params", "parameter"),
    [
        ("own", "kmeans", {"n_clusters": 0}, "n_clusters"),
        ("own", "kmeans", {"n_clusters": 500}, "n_clusters"),
        ("linfa", "kmeans", {"n_clusters": 500}, "n_clusters"),
        ("linfa", "gaussian_mixture", {"n_components": 500, "init": "kmeans"}, "n_components"),
        ("smartcore", "agglomerative", {"n_clusters": 500, "linkage": "single"}, "n_clusters"),
        ("own", "kmeans", {"n_init": 3}, "n_init"),
        ("own", "kmeans", {"k": 3}, "k"),
        ("own", "gaussian_mixture", {"n_components": 0}, "n_components"),
        ("own", "gaussian_mixture", {"n_components": 500}, "n_components"),
        ("own", "gaussian_mixture", {"covariance_type": "round"}, "covariance_type"),
        ("own", "spectral", {"n_clusters": 500}, "n_clusters"),
        ("own", "spectral", {"affinity": "nearest_neighbors", "n_neighbors": 500}, "n_neighbors"),
        ("own", "spectral", {"gamma": 0.0}, "gamma"),
        ("linfa", "dbscan", {"eps": 0.0}, "eps"),
        ("smartcore", "dbscan", {"eps": -1.0}, "eps"),
        ("smartcore", "dbscan", {"min_samples": 0}, "min_samples"),
        ("kodama", "agglomerative", {"n_clusters": 500}, "n_clusters"),
        ("kodama", "agglomerative", {"linkage": "median"}, "linkage"),
    ],
)
def test_a_bad_parameter_is_refused_by_name(
    worker: str, algorithm: str, params: dict[str, Any], parameter: str, tmp_path: Path
):
    said = jobs.fault(worker, tmp_path, jobs.data("iris"), algorithm, params=params)
    assert (said.kind, said.parameter) == ("parameter", parameter)
    assert said.value == params[parameter]


@pytest.mark.parametrize(("worker", "algorithm"), PAIRS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_a_data_fault(
    worker: str, algorithm: str, bad: float, tmp_path: Path
):
    x = np.random.default_rng(0).standard_normal((40, 3))
    x[3, 1] = bad
    params = {**POSSIBLE.get((worker, algorithm), {})}
    said = jobs.fault(worker, tmp_path, jobs.made(x, np.zeros((1, 3))), algorithm, params=params)
    assert (said.kind, said.parameter) == ("data", "x_train")


@pytest.mark.parametrize("worker", ["own", "linfa"])
def test_rows_to_predict_must_be_finite_and_as_wide(worker: str, tmp_path: Path):
    x = jobs.data("iris").x
    for rows in (np.full((1, 4), np.nan), np.zeros((1, 3))):
        said = jobs.fault(worker, tmp_path, jobs.made(x, rows), "kmeans")
        assert (said.kind, said.parameter) == ("data", "x")


@pytest.mark.parametrize(("worker", "algorithm"), PAIRS)
def test_one_row_is_too_few(worker: str, algorithm: str, tmp_path: Path):
    params = {**POSSIBLE.get((worker, algorithm), {})}
    said = jobs.fault(worker, tmp_path, jobs.made(np.zeros((1, 2))), algorithm, params=params)
    assert (said.kind, said.parameter, said.value) == ("data", "x_train", 1)


@pytest.mark.parametrize(("worker", "algorithm"), LABELLING)
@pytest.mark.parametrize("phase", ["predict", "latency"])
def test_predictions_of_what_only_labels_are_unsupported(
    worker: str, algorithm: str, phase: str, tmp_path: Path
):
    repeat = {"fit": ONCE, phase: ONCE}
    said = jobs.fault(worker, tmp_path, jobs.data("iris"), algorithm, repeat=repeat)
    assert (said.kind, said.parameter, said.value) == ("unsupported", "repeat", phase)


@pytest.mark.parametrize(("worker", "algorithm"), PAIRS)
def test_folds_are_unsupported(worker: str, algorithm: str, tmp_path: Path):
    said = jobs.fault(worker, tmp_path, jobs.data("iris"), algorithm, folds=True)
    assert (said.kind, said.parameter) == ("unsupported", "folds")


def test_smartcores_k_means_takes_no_start_and_is_not_listed(tmp_path: Path):
    said = jobs.fault("smartcore", tmp_path, jobs.data("iris"), "kmeans")
    assert (said.kind, said.parameter) == ("unsupported", "algorithm")


def test_linfas_neighbourhoods_have_two_points(tmp_path: Path):
    params = {"min_samples": 1}
    said = jobs.fault("linfa", tmp_path, jobs.data("iris"), "dbscan", params=params)
    assert (said.kind, said.parameter) == ("unsupported", "min_samples")


@pytest.mark.parametrize(
    ("worker", "algorithm"),
    [("own", "kmeans"), ("linfa", "kmeans"), ("own", "gaussian_mixture")],
)
def test_a_start_that_does_not_fit_is_refused(worker: str, algorithm: str, tmp_path: Path):
    given = jobs.data("iris")
    number = "n_clusters" if algorithm == "kmeans" else "n_components"
    params = {number: 3}
    said = jobs.fault(worker, tmp_path, given, algorithm, params=params, weights=None)
    assert (said.kind, said.parameter) == ("data", "weights")
    for rows, value in [([0, 1], 2), ([0, 1, 120], 120), ([0, -1, 2], -1)]:
        short = jobs.Data(given.x, given.rows, np.array(rows, dtype=np.int64))
        said = jobs.fault(worker, tmp_path, short, algorithm, params=params)
        assert (said.kind, said.parameter, said.value) == ("data", "start", value)
    save_file({"start": np.zeros(3)}, tmp_path / "other")
    other = {"path": str(tmp_path / "other"), "sha256": "0" * 64}
    said = jobs.fault(worker, tmp_path, given, algorithm, params=params, weights=other)
    assert (said.kind, said.parameter, said.value) == ("data", "start", "F64")


def test_an_algorithm_without_a_start_needs_no_file(tmp_path: Path):
    given = jobs.data("iris")
    found = jobs.outputs("kodama", tmp_path, given, "agglomerative", weights=None)
    assert set(found) == {"labels", "heights", "children"}
    assert json.loads(GOLDEN.read_text(encoding="utf-8"))["weights"] is None
