"""Handwritten digits (Alpaydin and Kaynak 1998), bundled with scikit-learn."""

from __future__ import annotations

from sklearn.datasets import load_digits

from rmlbench_utils.datasets import bundled
from rmlbench_utils.datasets.card import Card, Table

CARD = Card(
    name="digits",
    title="Digits of 13 writers as 8 x 8 images",
    source="Alpaydin and Kaynak, Cascading classifiers, Kybernetika 34 (1998) 369-374; UCI, "
    "doi:10.24432/C50P49",
    licence="CC BY 4.0 (UCI); BSD-3-Clause (package)",
    packaged_in="scikit-learn",
    rows=1797,
    columns=64,
    target="digit, 0 to 9, 174 to 183 rows each",
    problems="only the test set of UCI's 5,620 images; a pixel is a whole number from 0 to 16; "
    "3 pixels are always 0 and some more nearly so, which standardising blows up; rows of one "
    "writer are in training and test alike",
    checked="SHA-256 of the raw values and class numbers; 1,797 rows of 64 as UCI's optdigits.tes",
    sha256="30aa855cd90427ff3c4996b3f40109597c57049f8a038cc52db1efeac8ad2e26",
)


def load() -> Table:
    """The 1797 rows.

    Raises
    ------
    Unavailable
        If the installed scikit-learn holds other values.
    """
    return bundled.read(CARD, load_digits())
