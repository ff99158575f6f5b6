"""Images read row by row, as sequences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from sklearn.datasets import load_digits

from rmlbench_utils.datasets import digits, mnist_5000
from rmlbench_utils.datasets.examples import Examples

CARDS = {
    "digits_rows": digits.CARD.model_copy(
        update={"name": "digits_rows", "title": "Digits of 13 writers, 8 rows of 8 pixels each"}
    ),
    "mnist_rows_5000": mnist_5000.CARD.model_copy(
        update={"name": "mnist_rows_5000", "title": "MNIST digits, 28 rows of 28 pixels each"}
    ),
}


def load(name: str) -> Examples:
    """Images as sequences of their rows ``[n, t, d]``.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    if name == "mnist_rows_5000":
        held = mnist_5000.load()
        return replace(held, x=np.array(held.x[:, 0]))
    table = digits.load()
    x = table.x.reshape(-1, 8, 8).astype(np.float32)
    target = np.asarray(load_digits().target, dtype=np.int64)
    return Examples(x, target, 10, table.sha256, classes=table.classes)
