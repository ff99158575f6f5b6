"""Iris flowers (Fisher 1936), bundled with scikit-learn."""

from __future__ import annotations

from sklearn.datasets import load_iris

from rmlbench_utils.datasets import bundled
from rmlbench_utils.datasets.card import Card, Table

CARD = Card(
    name="iris",
    title="Species of iris from four lengths and widths",
    source="Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 "
    "(1936) 179-188; UCI, doi:10.24432/C56C76",
    licence="CC BY 4.0 (UCI); BSD-3-Clause (package)",
    packaged_in="scikit-learn",
    rows=150,
    columns=4,
    target="species: setosa, versicolor or virginica, 50 rows each",
    problems="small and easy: setosa can be told from the others by one line; petal length and "
    "width are correlated at .96; one row repeats another; UCI's file has two wrong rows, this "
    "one has Fisher's values",
    checked="SHA-256 of the raw values and class numbers; rows 35 and 38 are Fisher's "
    "4.9 3.1 1.5 0.2 and 4.9 3.6 1.4 0.1, which UCI has wrong",
    sha256="6e592aace77bce225cd6af938de731a5798c8c30ee9cc5f1cd6abdea81e3bb25",
)


def load() -> Table:
    """The 150 rows.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    return bundled.read(CARD, load_iris())
