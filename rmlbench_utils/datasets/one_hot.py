"""Text columns as columns of zeros and ones, number columns as they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rmlbench_utils.datasets.card import Floats
from rmlbench_utils.protocol.errors import UsageError

LARGEST = 1e100


@dataclass(frozen=True)
class Encoded:
    """``x`` float64 [n, d] in C order, its column names, and text column → its values."""

    x: Floats
    names: tuple[str, ...]
    encodings: dict[str, list[str]]

    @property
    def notes(self) -> list[str]:
        """A sentence for each text column."""
        return [
            f"text column {name!r} is one-hot encoded into {len(values)} columns"
            for name, values in self.encodings.items()
        ]


def encoded(where: object, frame: pd.DataFrame) -> Encoded:
    """The columns in order; text (and true and false) one column for each value, sorted.

    Parameters
    ----------
    where
        What messages call the table.

    Raises
    ------
    UsageError
        If a number is not usable or a text column has too many values.
    """
    columns: list[Floats] = []
    names: list[str] = []
    encodings: dict[str, list[str]] = {}
    for name in map(str, frame.columns):
        column = frame[name]
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
            values = column.to_numpy(dtype=np.float64)
            check_finite(where, name, values)
            columns.append(values)
            names.append(name)
            continue
        text = column.astype(str).to_numpy(dtype=object)
        encodings[name] = sorted(set(text))
        if len(encodings[name]) > max(50, len(frame) // 4):
            raise UsageError(
                f"{where}: text column {name!r} has {len(encodings[name])} different values in "
                f"{len(frame)} rows, too many to one-hot encode: drop it or group the values"
            )
        columns += [(text == value).astype(np.float64) for value in encodings[name]]
        names += [f"{name}={value}" for value in encodings[name]]
    return Encoded(np.column_stack(columns), tuple(names), encodings)


def check_finite(where: object, name: str, values: Floats) -> None:
    """Refuse infinite numbers, and those whose squares are.

    Raises
    ------
    UsageError
        With the column.
    """
    infinite = int(np.sum(~np.isfinite(values)))
    if infinite:
        raise UsageError(
            f"{where}: column {name!r} has {infinite} infinite value"
            f"{'' if infinite == 1 else 's'}: give finite numbers"
        )
    largest = float(np.abs(values).max())
    if largest > LARGEST:
        raise UsageError(
            f"{where}: column {name!r} has the value {largest:g}, whose square overflows: "
            f"scale it to at most {LARGEST:g}"
        )
