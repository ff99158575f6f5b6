"""California housing (Pace and Barry 1997), fetched by scikit-learn."""

from __future__ import annotations

import numpy as np
from sklearn.datasets import fetch_california_housing

from rmlbench_utils.datasets.card import Card, Table, values_digest
from rmlbench_utils.datasets.fetched import fetched

CARD = Card(
    name="california",
    title="California housing values of the 1990 census",
    source="Pace and Barry, Sparse spatial autoregressions, Statistics and Probability Letters "
    "33 (1997) 291-297",
    licence="no licence stated (StatLib, public)",
    packaged_in="scikit-learn's fetch_california_housing (downloads)",
    rows=20640,
    columns=8,
    target="median house value in 100,000 dollars",
    problems="the target is censored at 5 (965 rows); averages per household are extreme in "
    "block groups of holiday homes; needs a network once, unavailable without",
    checked="scikit-learn checks the SHA-256 of the archive it downloads; the rows and columns "
    "are counted here",
    sha256=None,
)


def load() -> Table:
    """The data from the cache, else over the network.

    Raises
    ------
    Unavailable
        Without a network, or if what came is not the data.
    """
    bunch, x = fetched(CARD, fetch_california_housing)
    y = np.asarray(bunch.target, dtype=np.float64)
    return Table(x, y, tuple(bunch.feature_names), values_digest(x, y))
