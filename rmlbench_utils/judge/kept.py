"""What the index keeps of a run, as columns; light, because many processes import it."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.sides import MEASURES, values
from rmlbench_utils.protocol.record import RunRecord

Columns = dict[str, NDArray[Any]]
VALUES = [f"{m.phase.replace('+', '_')}_{m.metric}" for m in MEASURES]
SEEN = {
    "case": "VARCHAR",
    "contender": "VARCHAR",
    "tier": "VARCHAR",
    "role": "VARCHAR",
    "block": "BIGINT",
    "position": "BIGINT",
    "status": "VARCHAR",
    "reason": "VARCHAR",
    "started": "VARCHAR",
    "split": "BIGINT",
    "layout": "VARCHAR",
    "threads": "BIGINT",
    "outputs": "VARCHAR",
    "huge_pages": "BIGINT",
    "steal": "DOUBLE",
    "foreign": "DOUBLE",
}
_seen = attrgetter(*SEEN)


def kept(records: Iterable[RunRecord]) -> Columns:
    """``SEEN`` and ``VALUES`` of each record; None and NaN where there is nothing."""
    seen, measured = [], array("d")
    for record in records:
        seen.append(_seen(record))
        measured.extend(values(record))
    found = zip(*seen, strict=True) if seen else ((),) * len(SEEN)
    columns = {
        name: _text(column) if kind == "VARCHAR" else np.array(column, dtype=_number(name))
        for (name, kind), column in zip(SEEN.items(), found, strict=True)
    }
    table = np.frombuffer(measured).reshape(len(seen), len(VALUES))
    return columns | {name: table[:, k] for k, name in enumerate(VALUES)}


def _number(name: str) -> type[np.generic]:
    """Whole numbers, but for what may be missing."""
    return np.int64 if SEEN[name] == "BIGINT" and name != "huge_pages" else np.float64


def _text(column: Iterable[str | None]) -> NDArray[np.object_]:
    """One object for each distinct text: little to send."""
    return np.array([text and sys.intern(text) for text in column], dtype=object)
