"""Clustering jobs for the Rust workers, on data the tests hold."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sklearn import datasets
from sklearn.cluster import kmeans_plusplus
from sklearn.preprocessing import StandardScaler

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.events import Fault, Result, parse_event
from rmlbench_utils.protocol.root import project_root

GOLDEN = project_root() / "tests" / "golden" / "job.json"
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


def command(worker: str) -> list[str]:
    """The worker's binary as the harness builds it, or as plain cargo does."""
    try:
        return build.command(libraries()[worker], "tuned")
    except UsageError as error:
        path = project_root() / "target" / "release" / f"rmlbench-{worker}"
        if path.exists():
            return [str(path)]
        pytest.skip(str(error))


def talk(
    worker: str, folder: Path, given: Data, algorithm: str, **changes: Any
) -> tuple[list[Any], int]:
    """Run one job, which may not look at the classes; the events and the exit code."""
    save_file({"x_train": given.x}, folder / "train")
    save_file({"start": given.start}, folder / "start")
    m = len(given.rows)
    windows = np.array([[0, m], [m, 2 * m]], dtype=np.int64)
    save_file({"x": np.tile(given.rows, (2, 1)), "windows": windows}, folder / "inputs")
    phases = ("fit", "predict") if algorithm in ("kmeans", "gaussian_mixture") else ("fit",)
    job = {
        **json.loads(GOLDEN.read_text(encoding="utf-8")),
        "algorithm": algorithm,
        "params": {},
        "layout": "c",
        "repeat": {name: {"warmup": 0, "samples": 2, "batch": 1} for name in phases},
        "train": {"path": str(folder / "train"), "sha256": "0" * 64},
        "weights": {"path": str(folder / "start"), "sha256": "0" * 64},
        "outputs": str(folder / "outputs"),
        **changes,
    }
    inputs = {"path": str(folder / "inputs"), "sha256": "0" * 64}
    done = subprocess.run(
        command(worker),
        input=f"{json.dumps(job)}\n{json.dumps(inputs)}\n",
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": str(job["threads"])},
        check=False,
    )
    return [parse_event(line) for line in done.stdout.splitlines()], done.returncode


def outputs(
    worker: str, folder: Path, given: Data, algorithm: str, **changes: Any
) -> dict[str, np.ndarray]:
    """What a job that must succeed writes."""
    events, code = talk(worker, folder, given, algorithm, **changes)
    assert code == 0, events[-1]
    assert isinstance(events[-1], Result)
    return load_file(folder / "outputs")


def fault(worker: str, folder: Path, given: Data, algorithm: str, **changes: Any) -> Fault:
    """The fault of a job that must be refused."""
    events, code = talk(worker, folder, given, algorithm, **changes)
    assert code == 1
    assert isinstance(events[-1], Fault)
    return events[-1]
