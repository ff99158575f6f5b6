"""What all synthetic datasets share: how many rows a name asks for, its generator, its digest.

Sums run column by column in elementary operations, so that no BLAS decides the bits:
they are the same wherever NumPy's generator is.
"""

from __future__ import annotations

import hashlib

import numpy as np

from rmlbench_utils.datasets.card import Card, Floats

_SEED = 20261123


def total(rows: int) -> int:
    """Rows made for ``rows`` training rows: a quarter as many test rows come on top."""
    return rows + max(1, round(rows / 4))


def generator(name: str) -> np.random.Generator:
    """The generator of one name."""
    tag = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([_SEED, tag])))


def content_digest(x: Floats, y: Floats) -> str:
    """SHA-256 that names what was made."""
    digest = hashlib.sha256(np.ascontiguousarray(x).data).hexdigest()
    return hashlib.sha256(digest.encode() + y.tobytes()).hexdigest()


def product(x: Floats, v: Floats) -> Floats:
    """``x @ v``, column by column."""
    sums = np.zeros(len(x))
    for j in np.flatnonzero(v):
        sums += x[:, j] * v[j]
    return sums


def column_names(columns: int) -> tuple[str, ...]:
    """``x1``, ``x2``, ..."""
    return tuple(f"x{j + 1}" for j in range(columns))


def card(name: str, kind: str, rows: int, columns: int, target: str, problems: str) -> Card:
    """The card of a synthetic dataset of ``rows`` training rows."""
    return Card(
        name=name,
        title=f"synthetic, {kind}",
        source="made by rmlbench from a fixed seed (NumPy's PCG64)",
        licence="CC0-1.0",
        packaged_in="rmlbench",
        rows=total(rows),
        columns=columns,
        target=target,
        problems=problems,
        checked=f"{rows} training rows and {total(rows) - rows} test rows",
        sha256=None,
    )
