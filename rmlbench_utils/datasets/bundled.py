"""What the classification data bundled with scikit-learn shares: raw values under one digest."""

from __future__ import annotations

import numpy as np
from sklearn.utils import Bunch

from rmlbench_utils.datasets.card import Card, Table, changed, values_digest
from rmlbench_utils.datasets.classes import numbered


def read(card: Card, bunch: Bunch) -> Table:
    """The raw columns and the classes, numbered in the order of their sorted names.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    x = np.ascontiguousarray(bunch.data, dtype=np.float64)
    y, classes = numbered(np.asarray(bunch.target_names)[bunch.target])
    found = values_digest(x, y)
    if found != card.sha256:
        raise changed(card, found)
    return Table(x, y, tuple(map(str, bunch.feature_names)), found, classes=classes)
