"""Clustering jobs for the Rust workers, on data the tests hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from sklearn import datasets
from sklearn.cluster import kmeans_plusplus
from sklearn.preprocessing import StandardScaler

from rmlbench_utils.protocol.events import Fault
from tests.talking import Answer, delivered, exchange, named, refused

LONGEST = 12  # rows of a start
NAMES = ("iris", "wine", "blobs")


@dataclass(frozen=True)
class Data:
    """Points to cluster, others to predict, and rows of the points to begin at."""

    x: np.ndarray
    rows: np.ndarray
    start: np.ndarray


@cache
def data(name: str) -> Data:
    """A data set, shuffled and standardised, every fifth row held out."""
    if name == "blobs":
        x, _ = datasets.make_blobs(625, 5, centers=4, cluster_std=1.3, random_state=3)
    else:
        x, _ = {"iris": datasets.load_iris, "wine": datasets.load_wine}[name](return_X_y=True)
    x = x[np.random.default_rng(7).permutation(len(x))]
    held = np.arange(len(x)) % 5 == 0
    scaler = StandardScaler().fit(x[~held])
    return made(scaler.transform(x[~held]), scaler.transform(x[held]))


def made(x: np.ndarray, rows: np.ndarray | None = None) -> Data:
    """Points and a start of at most `LONGEST` of their rows."""
    count = min(LONGEST, len(x))
    start = np.arange(count)
    if np.isfinite(x).all():
        start = kmeans_plusplus(x, count, random_state=0)[1]
    rows = x[:1] if rows is None else rows
    return Data(np.ascontiguousarray(x), np.ascontiguousarray(rows), start.astype(np.int64))


def talk(worker: str, folder: Path, given: Data, algorithm: str, **changes: Any) -> Answer:
    """Run one job, which may not look at the classes; the events and the exit code."""
    save_file({"x_train": given.x}, folder / "train")
    save_file({"start": given.start}, folder / "start")
    m = len(given.rows)
    windows = np.array([[0, m], [m, 2 * m]], dtype=np.int64)
    save_file({"x": np.tile(given.rows, (2, 1)), "windows": windows}, folder / "inputs")
    phases = ("fit", "predict") if algorithm in ("kmeans", "gaussian_mixture") else ("fit",)
    job = {
        "algorithm": algorithm,
        "params": {},
        "layout": "c",
        "repeat": {name: {"warmup": 0, "samples": 2, "batch": 1} for name in phases},
        "train": named(folder / "train"),
        "weights": named(folder / "start"),
        "outputs": str(folder / "outputs"),
        **changes,
    }
    return exchange(worker, job, folder / "inputs")


def outputs(
    worker: str, folder: Path, given: Data, algorithm: str, **changes: Any
) -> dict[str, np.ndarray]:
    """What a job that must succeed writes."""
    return delivered(talk(worker, folder, given, algorithm, **changes), folder / "outputs")


def fault(worker: str, folder: Path, given: Data, algorithm: str, **changes: Any) -> Fault:
    """The fault of a job that must be refused."""
    return refused(talk(worker, folder, given, algorithm, **changes))
