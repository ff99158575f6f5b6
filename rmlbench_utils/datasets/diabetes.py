"""Diabetes progression (Efron et al. 2004), bundled with scikit-learn."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_diabetes

from rmlbench_utils.datasets.card import Card, Table, changed, values_digest

CARD = Card(
    name="diabetes",
    title="Diabetes progression one year after baseline",
    source="Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of "
    "Statistics 32 (2004) 407-499",
    licence="published with the article, no licence stated; BSD-3-Clause (package)",
    packaged_in="scikit-learn",
    rows=442,
    columns=10,
    target="disease progression",
    problems="small; s1 and s2 (total and low-density cholesterol) are correlated at .90",
    checked="SHA-256 of the raw values; 442 rows and 10 columns as in the article; first row "
    "59 2 32.1 101 157 93.2 38 4 4.8598 87 with target 151 as in its table 1",
    sha256="839c546b0b4ac02c2e6cbe5e5c92313cefa993446c9733e9b49477cc3f96e104",
)


def load() -> Table:
    """The raw (unscaled) columns.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    bunch = load_diabetes(scaled=False)
    x = np.ascontiguousarray(bunch.data, dtype=np.float64)
    y = np.asarray(bunch.target, dtype=np.float64)
    found = values_digest(x, y)
    if found != CARD.sha256:
        raise changed(CARD, found)
    return Table(x, y, tuple(bunch.feature_names), found)
