"""Images, sequences and texts, split and scaled once for both sides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.datasets.files import Prepared, store
from rmlbench_utils.datasets.split import TEST_SHARE, Order, split_of

WINDOWS = 4
Numbers = NDArray[Any]  # float32 or int64


@dataclass(frozen=True)
class Examples:
    """What networks learn from.

    Attributes
    ----------
    x
        Images ``[n, c, h, w]`` or sequences ``[n, t, d]``, float32; or tokens ``[n, t]``, int64.
    y
        Classes ``[n]`` or the next token of each ``[n, t]``, int64; or numbers ``[n]``, float32.
    outputs
        Classes or tokens to tell apart; 1 for a number.
    vocabulary
        How many tokens there are; 0 where ``x`` is numbers.
    scale
        Mean and standard deviation of each channel that ``x`` is scaled by; empty where those of
        the training rows are taken.
    ordered
        Whether rows follow each other in time or text: the last ones are the test rows then.
    """

    x: Numbers
    y: Numbers
    outputs: int
    sha256: str
    vocabulary: int = 0
    ordered: bool = False
    scale: tuple[tuple[float, ...], ...] = ()
    classes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def content_digest(*arrays: NDArray[np.generic]) -> str:
    """SHA-256 that names some arrays, each little-endian in C order."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def window(test_rows: int) -> int:
    """How many test rows are answered for at once."""
    return max(1, test_rows // WINDOWS)


def write(dataset: str, held: Examples, split: int, seed: int, folds: int, cache: Path) -> Prepared:
    """The examples, split 80/20 and scaled, as files in ``cache``.

    Numbers of ``x`` are scaled by the training rows' mean and standard deviation, one of each for
    a channel or column, or by those the examples bring; a target that is a number likewise.
    ``inputs`` has the test rows in windows of a quarter each, the last of them dropped where they
    do not divide; ``truth`` the targets of the windows' rows.
    """
    train, test = _split(held, split, seed, folds)
    x_train, x_test = held.x[train], held.x[test]
    y_train, y_test = held.y[train], held.y[test]
    if held.x.dtype == np.float32:
        axes = (0, 2, 3) if held.x.ndim == 4 else (0, 1)
        x_train, x_test = _scaled(x_train, x_test, axes, held.scale)
    if held.y.dtype == np.float32:
        y_train, y_test = _scaled(y_train, y_test, (0,))
    width = window(len(test))
    count = len(test) // width
    kept = count * width
    edges = np.arange(count, dtype=np.int64) * width
    files = {
        "train": {"x_train": x_train, "y_train": y_train},
        "inputs": {"x": x_test[:kept], "windows": np.stack([edges, edges + width], axis=1)},
        "truth": {"y": y_test[:kept].reshape(count, width, *y_test.shape[1:])},
    }
    refs = {name: store(cache, tensors) for name, tensors in files.items()}
    shape = held.x.shape[1:]
    return Prepared(
        train=refs["train"],
        inputs=refs["inputs"],
        truth=refs["truth"],
        dataset=dataset,
        split=split,
        seed=seed,
        folds=folds,
        digest=held.sha256,
        rows=len(held.x),
        train_rows=len(train),
        test_rows=kept,
        columns=int(np.prod(shape)),
        names=[],
        encodings={},
        notes=list(held.notes),
        classes=list(held.classes),
        shape=list(shape),
        outputs=held.outputs,
        vocabulary=held.vocabulary,
        every_step=held.y.ndim == 2,
    )


def _split(held: Examples, split: int, seed: int, folds: int) -> tuple[Order, Order]:
    n = len(held.x)
    if held.ordered:
        first = n - max(1, round(n * TEST_SHARE))
        return np.arange(first), np.arange(first, n)
    train, test, *_ = split_of(n, split, seed, folds)
    return train, test


def _scaled(
    train: Numbers,
    test: Numbers,
    axes: tuple[int, ...],
    given: tuple[tuple[float, ...], ...] = (),
) -> tuple[Numbers, Numbers]:
    wide = train.astype(np.float64)
    mean, scale = wide.mean(axis=axes, keepdims=True), wide.std(axis=axes, keepdims=True)
    scale[scale == 0] = 1.0
    if given:
        mean, scale = (np.reshape(values, mean.shape) for values in given)
    return (
        ((wide - mean) / scale).astype(np.float32),
        ((test - mean) / scale).astype(np.float32),
    )
