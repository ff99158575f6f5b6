"""Breast cancer in Wisconsin, diagnostic (Street et al. 1993), bundled with scikit-learn."""

from __future__ import annotations

from sklearn.datasets import load_breast_cancer

from rmlbench_utils.datasets import bundled
from rmlbench_utils.datasets.card import Card, Table

CARD = Card(
    name="breast_cancer",
    title="Benign or malignant from cell nuclei in an image",
    source="Street, Wolberg and Mangasarian, Nuclear feature extraction for breast tumor "
    "diagnosis, SPIE 1905 (1993) 861-870; UCI, doi:10.24432/C5DW2B",
    licence="CC BY 4.0 (UCI); BSD-3-Clause (package)",
    packaged_in="scikit-learn",
    rows=569,
    columns=30,
    target="diagnosis: benign (357 rows, class 0) or malignant (212, class 1)",
    problems="classes are numbered in the order of their names, so malignant is 1 here and 0 in "
    "scikit-learn; mean, error and worst of ten measures, of which radius, perimeter and area "
    "are correlated above .98",
    checked="SHA-256 of the raw values and class numbers; 357 and 212 rows as UCI states",
    sha256="28fc6b7cdb8a1824689c926a6004e0800c4032a4ee1db540331d0b293ff2a468",
)


def load() -> Table:
    """The 569 rows.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    return bundled.read(CARD, load_breast_cancer())
