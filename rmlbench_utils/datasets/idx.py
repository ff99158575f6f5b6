"""MNIST's file format: gzipped bytes behind their shape."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.datasets.card import Card, Unavailable
from rmlbench_utils.datasets.examples import Examples

FILES = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)
_BYTES = 8  # the format's code for unsigned bytes


def read(card: Card, path: Path) -> NDArray[np.uint8]:
    """The bytes in a file, in the shape it gives.

    Raises
    ------
    Unavailable
        If it is no file of this format.
    """
    try:
        content = gzip.decompress(path.read_bytes())
        zero, code, axes = int.from_bytes(content[:2]), content[2], content[3]
        shape = np.frombuffer(content, dtype=">u4", count=axes, offset=4).astype(int)
        if (zero, code) == (0, _BYTES):
            return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)
    except (OSError, EOFError, IndexError, ValueError) as error:
        raise Unavailable(f"{card.name}: {path} is no idx file ({error})") from error
    raise Unavailable(f"{card.name}: {path} is no idx file of bytes")


def pixels(card: Card, paths: Sequence[Path]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Images ``[n, 28, 28]`` and classes ``[n]`` of the four `FILES`, training images first.

    Raises
    ------
    Unavailable
        If one is no file of this format, or there are more or less than the card says.
    """
    train, train_labels, test, test_labels = (read(card, path) for path in paths)
    images, labels = np.concatenate([train, test]), np.concatenate([train_labels, test_labels])
    if images.shape != (card.rows, 28, 28) or labels.shape != (card.rows,):
        raise Unavailable(
            f"{card.name}: its images have the shape {images.shape} and its labels "
            f"{labels.shape}, not {(card.rows, 28, 28)} and {(card.rows,)}"
        )
    return images, labels


def examples(
    images: NDArray[np.uint8], labels: NDArray[np.uint8], sha256: str, classes: tuple[str, ...]
) -> Examples:
    """Images ``[n, 1, 28, 28]``, from 0 to 255, and their classes."""
    x = images[:, None].astype(np.float32)
    return Examples(x, labels.astype(np.int64), len(classes), sha256, classes=classes)
