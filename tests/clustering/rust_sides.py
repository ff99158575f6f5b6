"""The Rust workers on the problems of the property tests, through the protocol."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from tests.clustering.clustering_cases import Problem
from tests.talking import delivered, exchange, named

# Those that promise the same answer; smartcore's DBSCAN does not, and says so (clustering.toml).
WORKERS = {
    "kmeans": ("own",),
    "dbscan": ("linfa",),
    "agglomerative": ("kodama",),
    "gaussian_mixture": ("own",),
    "spectral": ("own",),
}
ONCE = {"warmup": 0, "samples": 1, "batch": 1}


def workers(found: Problem) -> tuple[str, ...]:
    """Who has the case's algorithm."""
    named_ones = WORKERS[found.case.algorithm]
    single = found.case.params.get("linkage") == "single"
    return (*named_ones, "smartcore") if single else named_ones


def outputs(worker: str, found: Problem) -> dict[str, np.ndarray]:
    """What a worker answers to the problem."""
    m = len(found.x_test)
    begins = [int(rows[0]) for rows in found.rotation]
    windows = np.array([[begin, begin + m] for begin in begins], dtype=np.int64)
    phases = ("fit", "predict") if found.case.predicts else ("fit",)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        save_file({"x_train": found.x}, folder / "train")
        save_file({"start": found.start.astype(np.int64)}, folder / "start")
        save_file({"x": np.tile(found.x_test, (2, 1)), "windows": windows}, folder / "inputs")
        job = {
            "algorithm": found.case.algorithm,
            "params": found.case.params,
            "layout": "c",
            "repeat": dict.fromkeys(phases, ONCE),
            "train": named(folder / "train"),
            "weights": named(folder / "start"),
            "outputs": str(folder / "outputs"),
        }
        return delivered(exchange(worker, job, folder / "inputs"), folder / "outputs")
