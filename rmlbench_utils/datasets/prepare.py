"""Split and scaling, decided once for both sides and written as safetensors files."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError
from safetensors.numpy import save

from rmlbench_utils.datasets.card import Floats, Table
from rmlbench_utils.datasets.catalogue import check_name, load
from rmlbench_utils.datasets.classes import check_training
from rmlbench_utils.datasets.csv import PREFIXES
from rmlbench_utils.protocol.base import Model, digest
from rmlbench_utils.protocol.job import FileRef

WINDOWS = 4
TEST_SHARE = 0.2
_RECIPE = 1  # counts up when the same arguments would make other files
Order = NDArray[np.int64]
_LOG = logging.getLogger(__name__)


class Prepared(Model):
    """The files of one dataset and split.

    ``train`` holds ``x_train`` [n, d], ``y_train`` [n] and ``fold`` int64 [n]; ``inputs``
    holds ``x`` [2m, d] (the test rows shuffled, twice) and ``windows`` int64 [K, 2]; ``truth``,
    which no worker sees, holds ``y`` [m] and ``x_test`` [m, d] in test-row order and
    ``rotation`` int64 [K, m]: the test row that answer i of window k is about.
    ``digest`` names the dataset's content; ``encodings`` its one-hot encoded text columns;
    ``classes``, none for regression, the class whose number is in ``y_train`` and ``y``.
    """

    dataset: str
    split: int
    seed: int
    folds: int
    digest: str
    train: FileRef
    inputs: FileRef
    truth: FileRef
    rows: int
    train_rows: int
    test_rows: int
    columns: int
    names: list[str]
    encodings: dict[str, list[str]]
    notes: list[str]
    classes: list[str] = Field(default_factory=list)


def prepare(dataset: str, split: int, seed: int, folds: int, cache: Path) -> Prepared:
    """The dataset, split 80/20 and standardised on its training rows, as files in ``cache``.

    The same arguments give the same files; they are made once, and made again with a notice
    where one is damaged. A column without variance in the training rows is left at 0.

    Raises
    ------
    UsageError
        If there is no such dataset, the user's file is not usable, or a class has too few rows.
    Unavailable
        If the dataset cannot be had here.
    """
    check_name(dataset)
    cache.mkdir(parents=True, exist_ok=True)
    content = ""
    table = None
    if dataset.startswith(PREFIXES):
        table = load(dataset, folds)
        content = table.sha256
    key = digest([_RECIPE, dataset, content, split, seed, folds])
    index = cache / f"{key}.json"
    known = _read(index)
    if known is not None:
        return known
    table = table or load(dataset, folds)
    prepared = _write(dataset, table, split, seed, folds, cache)
    replace(index, prepared.model_dump_json(indent=1).encode())
    return prepared


def _read(index: Path) -> Prepared | None:
    """What was prepared before, if its files are still what they were."""
    if not index.exists():
        return None
    try:
        prepared = Prepared.model_validate_json(index.read_bytes())
    except ValidationError:
        _LOG.warning("the cached index %s is damaged and is made again", index.name)
        return None
    for ref in (prepared.train, prepared.inputs, prepared.truth):
        path = Path(ref.path)
        if not path.exists():
            _LOG.warning("the cached file %s is gone and is made again", path.name)
            return None
        if file_digest(path) != ref.sha256:
            _LOG.warning("the cached file %s is damaged and is made again", path.name)
            return None
    return prepared


def _write(dataset: str, table: Table, split: int, seed: int, folds: int, cache: Path) -> Prepared:
    n, d = table.x.shape
    train, test, fold, shuffled = split_of(n, split, seed, folds)
    m = len(test)
    check_training(dataset, split, table.classes, table.y[train])
    x_train, x_test = standardised(table.x[train], table.x[test])
    starts = np.arange(WINDOWS) * m // WINDOWS
    windows = np.stack([starts, starts + m], axis=1).astype(np.int64)
    rotation = np.stack([np.roll(shuffled, -start) for start in starts]).astype(np.int64)
    files = {
        "train": {"x_train": x_train, "y_train": table.y[train], "fold": fold},
        "inputs": {"x": x_test[np.tile(shuffled, 2)], "windows": windows},
        "truth": {"y": table.y[test], "x_test": x_test, "rotation": rotation},
    }
    refs = {name: store(cache, tensors) for name, tensors in files.items()}
    return Prepared(
        **refs,
        dataset=dataset,
        split=split,
        seed=seed,
        folds=folds,
        digest=table.sha256,
        rows=n,
        train_rows=n - m,
        test_rows=m,
        columns=d,
        names=list(table.names),
        encodings=table.encodings,
        notes=list(table.notes),
        classes=list(table.classes),
    )


def split_of(n: int, split: int, seed: int, folds: int) -> tuple[Order, Order, Order, Order]:
    """Training rows, test rows, the training rows' folds, and an order of the test rows."""
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, split])))
    m = max(1, round(n * TEST_SHARE))
    order = rng.permutation(n)
    fold = rng.permutation(np.arange(n - m, dtype=np.int64) % folds)
    return order[m:], order[:m], fold, rng.permutation(m)


def standardised(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """Both with the training rows' mean 0 and standard deviation 1 (ddof 0), in place."""
    mean, scale = train.mean(axis=0), train.std(axis=0)
    varies = (np.ptp(train, axis=0) > 0) & (scale > 0)
    scale[~varies] = 1.0
    for x in (train, test):
        x -= mean
        x /= scale
        x[:, ~varies] = 0.0
    return train, test


def file_digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def store(cache: Path, tensors: dict[str, np.ndarray]) -> FileRef:
    """Write the tensors under the digest of the file."""
    content = save({name: np.ascontiguousarray(value) for name, value in tensors.items()})
    sha256 = hashlib.sha256(content).hexdigest()
    path = cache.resolve() / f"{sha256}.safetensors"
    replace(path, content)
    return FileRef(path=str(path), sha256=sha256)


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
