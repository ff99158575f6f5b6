"""What is known about a dataset, and the check that it is what it says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.root import project_root

Floats = NDArray[np.float64]


class Unavailable(Exception):
    """A dataset cannot be had here, and why; nothing else takes its place."""


class Card(Model):
    """One dataset: where it comes from and what to know before using it.

    ``sha256`` is the digest that ``load`` insists on, of the file or of the values as
    ``checked`` says; None for data made here.
    """

    name: str
    title: str
    source: str
    licence: str
    packaged_in: str
    rows: int | None
    columns: int | None
    target: str
    problems: str
    checked: str
    sha256: str | None


@dataclass(frozen=True)
class Table:
    """A dataset in memory: ``x`` float64 [n, d] in C order, ``y`` float64 [n].

    Where there are ``classes``, sorted, ``y`` holds class numbers: class c is ``classes[c]``.

    ``encodings`` maps a text column to the values it was one-hot encoded for; ``notes`` are
    sentences for the manifest; ``sha256`` names the content.
    """

    x: Floats
    y: Floats
    names: tuple[str, ...]
    sha256: str
    encodings: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def values_digest(x: Floats, y: Floats) -> str:
    """SHA-256 of the rows ``x | y`` as little-endian float64 in C order."""
    rows = np.column_stack([x, y]).astype("<f8")
    return hashlib.sha256(rows.tobytes()).hexdigest()


def packaged_file(card: Card, relative: str) -> Path:
    """The path of a file in ``.data/`` (packages installed only for the files in them).

    Raises
    ------
    Unavailable
        If it is not there.
    """
    path = project_root() / ".data" / relative
    if not path.exists():
        raise Unavailable(f"{card.name}: .data/{relative} is not there: run make once")
    return path


def packaged(card: Card, relative: str) -> bytes:
    """The bytes of a file in ``.data/``.

    Raises
    ------
    Unavailable
        If it is not there, or is not the file the card was written about.
    """
    return refuse_changed(card, packaged_file(card, relative))


def refuse_changed(card: Card, path: Path) -> bytes:
    """The bytes of a file, if their digest is the card's.

    Raises
    ------
    Unavailable
        If it is another.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise changed(card, found)
    return content


def changed(card: Card, found: str) -> Unavailable:
    """The refusal of data that is not what the card describes."""
    return Unavailable(
        f"{card.name}: the digest is {found[:12]}..., not {str(card.sha256)[:12]}... of "
        f"{card.source}: reinstall {card.packaged_in}"
    )
