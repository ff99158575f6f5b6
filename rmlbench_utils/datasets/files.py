"""Prepared data as files: what is in them, and how they are written."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
from pydantic import Field
from safetensors.numpy import save

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.job import FileRef


class Prepared(Model):
    """The files of one dataset and split.

    ``train`` holds ``x_train`` [n, d], ``y_train`` [n] and ``fold`` int64 [n]; ``inputs``
    holds ``x`` [2m, d] (the test rows shuffled, twice) and ``windows`` int64 [K, 2]; ``truth``,
    which no worker sees, holds ``y`` [m] and ``x_test`` [m, d] in test-row order and
    ``rotation`` int64 [K, m]: the test row that answer i of window k is about.
    ``digest`` names the dataset's content; ``encodings`` its one-hot encoded text columns;
    ``classes``, none for regression, the class whose number is in ``y_train`` and ``y``.
    Of what networks learn from (``datasets/examples.py``), ``shape`` is that of an example,
    ``outputs`` counts the values of an answer, ``vocabulary`` the tokens, and ``every_step`` says
    whether each token is answered.
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
    shape: list[int] = Field(default_factory=list)
    outputs: int = 0
    vocabulary: int = 0
    every_step: bool = False


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


def indexed(index: Path) -> dict[str, FileRef]:
    """The files that an index names; none where it or one of them is missing or changed."""
    if not index.exists():
        return {}
    known = {k: FileRef.model_validate(v) for k, v in json.loads(index.read_text()).items()}
    paths = {Path(ref.path): ref.sha256 for ref in known.values()}
    kept = all(path.exists() and file_digest(path) == sha256 for path, sha256 in paths.items())
    return known if kept else {}


def index_files(index: Path, files: dict[str, FileRef]) -> None:
    """Write which files belong together."""
    told = {name: ref.model_dump() for name, ref in files.items()}
    replace(index, json.dumps(told).encode())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)
