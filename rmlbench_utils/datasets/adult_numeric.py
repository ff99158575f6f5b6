"""The numeric columns of Adult: ``adult_numeric`` and ``adult_numeric_N``, rows to cluster."""

from __future__ import annotations

import hashlib

import numpy as np

from rmlbench_utils.datasets import adult
from rmlbench_utils.datasets.card import Card, Table
from rmlbench_utils.protocol.errors import UsageError

COLUMNS = (
    *("age", "fnlwgt", "education-num"),
    *("capital-gain", "capital-loss", "hours-per-week"),
)
NAME = "adult_numeric"
PROBLEMS = (
    "the text columns are left out; capital-gain and capital-loss are 0 for most rows, so many "
    "rows are alike; incomes are no clusters; "
)

CARD = adult.CARD.model_copy(
    update={
        "name": NAME,
        "title": f"The numeric columns of: {adult.CARD.title}",
        "columns": len(COLUMNS),
        "problems": PROBLEMS + adult.CARD.problems,
    }
)


def parse(name: str) -> int:
    """How many rows ``adult_numeric`` or ``adult_numeric_N`` has.

    Raises
    ------
    UsageError
        If N is no number of rows there is.
    """
    try:
        return adult.parse(_whole(name))
    except UsageError as error:
        raise UsageError(str(error).replace("adult", NAME)) from error


def card(name: str) -> Card:
    """The card of ``adult_numeric`` or of a part of it."""
    told = adult.card(_whole(name))
    update = {"name": name, "columns": len(COLUMNS), "title": CARD.title}
    return told.model_copy(update={**update, "problems": PROBLEMS + told.problems})


def load(name: str = NAME) -> Table:
    """The rows of `adult` without its text columns; classes only score what is found.

    Raises
    ------
    UsageError
        If there is no such part.
    Unavailable
        If the packaged files are missing or others.
    """
    parse(name)
    table = adult.load(_whole(name))
    kept = [table.names.index(column) for column in COLUMNS]
    return Table(
        x=np.ascontiguousarray(table.x[:, kept]),
        y=table.y,
        names=COLUMNS,
        sha256=hashlib.sha256(f"{table.sha256}#numeric".encode()).hexdigest(),
        classes=table.classes,
    )


def _whole(name: str) -> str:
    """The name of the rows with all their columns."""
    return adult.CARD.name + name.removeprefix(NAME)
