"""Drive a Rust worker through the protocol on data the tests hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from sklearn import datasets
from sklearn.preprocessing import StandardScaler

from rmlbench_utils.protocol.events import Fault
from tests.talking import Answer, delivered, exchange, named, refused

LOADERS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "breast_cancer": datasets.load_breast_cancer,
    "diabetes": datasets.load_diabetes,
}
CLASSES = ("iris", "wine", "breast_cancer")


@dataclass(frozen=True)
class Data:
    """Standardised rows to train on, and others to predict; rows without folds are all in one."""

    x: np.ndarray
    y: np.ndarray
    rows: np.ndarray
    fold: np.ndarray | None = None


def data(name: str) -> Data:
    """A data set of scikit-learn, shuffled, every fifth row held out."""
    x, y = LOADERS[name](return_X_y=True)
    order = np.random.default_rng(7).permutation(len(y))
    held = np.arange(len(y)) % 5 == 0
    train, test = order[~held], order[held]
    scaler = StandardScaler().fit(x[train])
    return Data(
        np.ascontiguousarray(scaler.transform(x[train])),
        y[train].astype(np.float64),
        np.ascontiguousarray(scaler.transform(x[test])),
    )


def talk(worker: str, folder: Path, given: Data, **changes: Any) -> Answer:
    """Run one job; the events and the exit code."""
    fold = np.zeros(len(given.y), dtype=np.int64) if given.fold is None else given.fold
    save_file({"x_train": given.x, "y_train": given.y, "fold": fold}, folder / "train")
    # Window 0 holds the rows in order, window 1 the same rows from the fourth on.
    m = len(given.rows)
    windows = np.array([[0, m], [3, m + 3]], dtype=np.int64)
    save_file({"x": np.tile(given.rows, (2, 1)), "windows": windows}, folder / "inputs")
    once = {"warmup": 0, "samples": 1, "batch": 1}
    job = {
        "params": {},
        "layout": "c",
        "threads": 1,
        "seed": 0,
        "repeat": dict.fromkeys(("fit", "predict"), once),
        "folds": False,
        "train": named(folder / "train"),
        "outputs": str(folder / "outputs"),
        **changes,
    }
    return exchange(worker, job, folder / "inputs")


def outputs(worker: str, folder: Path, given: Data, **changes: Any) -> dict[str, np.ndarray]:
    """What a job that must succeed writes."""
    return delivered(talk(worker, folder, given, **changes), folder / "outputs")


def fault(worker: str, folder: Path, given: Data, **changes: Any) -> Fault:
    """The fault of a job that must be refused."""
    return refused(talk(worker, folder, given, **changes))
