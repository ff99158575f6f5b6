"""Forest cover types (Blackard and Dean 1999), fetched by scikit-learn."""

from __future__ import annotations

from sklearn.datasets import fetch_covtype

from rmlbench_utils.datasets.card import Card, Table, values_digest
from rmlbench_utils.datasets.classes import numbered
from rmlbench_utils.datasets.fetched import fetched

CARD = Card(
    name="covertype",
    title="Dominant tree of 30 m squares in Colorado",
    source="Blackard and Dean, Comparative accuracies of artificial neural networks and "
    "discriminant analysis in predicting forest cover types from cartographic variables, "
    "Computers and Electronics in Agriculture 24 (1999) 131-151; UCI, doi:10.24432/C50K5N",
    licence="CC BY 4.0 (UCI)",
    packaged_in="scikit-learn's fetch_covtype (downloads)",
    rows=581012,
    columns=54,
    target="cover type, 1 to 7",
    problems="very unequal classes: from 2,747 rows (cottonwood) to 283,301 (lodgepole pine); "
    "neighbouring squares are alike and land in training and test; 44 of 54 columns are 0 or 1; "
    "a kernel machine on all rows takes hours; needs a network once, unavailable without",
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
    bunch, x = fetched(CARD, fetch_covtype)
    y, classes = numbered(bunch.target)
    return Table(x, y, tuple(bunch.feature_names), values_digest(x, y), classes=classes)
