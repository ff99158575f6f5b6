"""Classes of a dataset: numbered in sorted order, and enough rows of each to learn from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from rmlbench_utils.datasets.card import Floats
from rmlbench_utils.protocol.errors import UsageError

LEAST = 2


def numbered(labels: ArrayLike) -> tuple[Floats, tuple[str, ...]]:
    """Class numbers (float64 [n]) of labels, and the classes: class c is the c-th, sorted as text.

    Examples
    --------
    >>> numbered(["b", "a", "b"])[1]
    ('a', 'b')
    """
    classes, numbers = np.unique(np.asarray(labels).astype(str), return_inverse=True)
    return numbers.astype(np.float64), tuple(map(str, classes))


def check_training(dataset: str, split: int, classes: tuple[str, ...], y_train: Floats) -> None:
    """Refuse training rows that hold a class fewer than twice.

    Parameters
    ----------
    classes
        Names of the classes whose numbers are in ``y_train``; none for regression.

    Raises
    ------
    UsageError
        With the class and how many rows it has.
    """
    for number, name in enumerate(classes):
        rows = int(np.sum(y_train == number))
        if rows < LEAST:
            raise UsageError(
                f"dataset {dataset!r}: class {name!r} has {rows} training "
                f"row{'' if rows == 1 else 's'} in split {split}: at least {LEAST} are needed, "
                "so add rows or take the class out"
            )
