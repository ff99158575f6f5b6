"""The user's own table: ``csv:PATH#TARGET`` to predict numbers, ``csv-classes:PATH#TARGET`` to
predict classes, ``csv-rows:PATH`` without a target."""

from __future__ import annotations

import csv as reader
import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd

from rmlbench_utils.datasets.card import Floats, Table
from rmlbench_utils.datasets.classes import numbered
from rmlbench_utils.datasets.one_hot import check_finite, encoded
from rmlbench_utils.protocol.errors import UsageError, nearest

PREFIXES = ("csv:", "csv-classes:", "csv-rows:")
MOST_CLASSES = 32  # whole numbers of more different values are numbers to predict


def parse(name: str) -> tuple[str, Path, str]:
    """Kind, path and target column of a dataset's name; ``csv-rows`` has no target.

    Raises
    ------
    UsageError
        If one is missing.
    """
    kind, _, place = name.partition(":")
    if kind == "csv-rows":
        if not place:
            raise UsageError(f"dataset {name!r} is not of the form csv-rows:PATH")
        return kind, Path(place), ""
    path, hash_sign, target = place.rpartition("#")
    if not hash_sign or not path or not target:
        raise UsageError(f"dataset {name!r} is not of the form {kind}:PATH#TARGET")
    return kind, Path(path), target


def load(name: str, folds: int) -> Table:
    """Read, check and encode the file.

    Text columns (and booleans) are one-hot encoded, one column for each value in sorted
    order; constant and collinear columns are kept and noted.

    Raises
    ------
    UsageError
        If the file, its header, its target or a value in it is not usable.
    """
    kind, path, target = parse(name)
    content = _content(path)
    frame = _frame(path, content, target)
    _check_rows(path, frame, folds)
    y, classes = np.zeros(len(frame)), tuple[str, ...]()
    if kind == "csv":
        y = _target(path, frame, target)
    elif kind == "csv-classes":
        y, classes = numbered(frame[target])
    found = encoded(path, frame.drop(columns=target) if target else frame)
    notes = (*found.notes, *_column_notes(found.x, found.names))
    digest = hashlib.sha256(content + f"#{kind}#{target}".encode()).hexdigest()
    return Table(found.x, y, found.names, digest, found.encodings, notes, classes)


def holds_classes(path: Path, target: str) -> bool:
    """Whether a column is to be learned as classes: text, true and false, or whole numbers of
    at most `MOST_CLASSES` different values.

    Raises
    ------
    UsageError
        If the file or its header is not usable.
    """
    column = _frame(path, _content(path), target)[target]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return True
    whole = np.all(column == np.round(column))
    return bool(whole and column.nunique() <= MOST_CLASSES)


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise UsageError(f"{path} is a directory: give a CSV file")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}: check the path") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    if not content:
        raise UsageError(f"{path} is empty (0 bytes): give a header line and rows")
    return content


def _frame(path: Path, content: bytes, target: str) -> pd.DataFrame:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{path} is not UTF-8 (byte {error.start} is 0x{content[error.start]:02x}): "
            "save it as UTF-8"
        ) from error
    _check_header(path, text, target)
    try:
        return pd.read_csv(io.StringIO(text), low_memory=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UsageError(f"{path} is no table of comma-separated values: {error}") from error


def _check_header(path: Path, text: str, target: str) -> None:
    try:
        rows = (row for row in reader.reader(io.StringIO(text, newline="")) if row)
        header, first = next(rows, []), next(rows, [])
    except reader.Error as error:
        raise UsageError(f"{path} is no table of comma-separated values: {error}") from error
    if not header:
        raise UsageError(f"{path} holds blank lines only: give a header line and rows")
    if len(first) > len(header):  # pandas would take the first column for row names
        raise UsageError(f"{path} has rows with more values than the header has names: add names")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise UsageError(
            f"{path} has the column {twice[0]!r} {header.count(twice[0])} times: rename them"
        )
    if target and target not in header:
        raise UsageError(f"{path} has no column {target!r}: nearest are {nearest(target, header)}")
    if target and len(header) < 2:
        raise UsageError(f"{path} has the column {target!r} only: add columns to predict it from")


def _check_rows(path: Path, frame: pd.DataFrame, folds: int) -> None:
    least = 2 * folds + 3
    if len(frame) < least:
        raise UsageError(
            f"{path} has {len(frame)} row{'' if len(frame) == 1 else 's'}: at least {least} are "
            f"needed for a test set and {folds} folds"
        )
    for column in frame.columns:
        missing = int(frame[column].isna().sum())
        if missing:
            raise UsageError(
                f"{path}: column {column!r} has {missing} missing value"
                f"{'' if missing == 1 else 's'}: fill them or drop the rows"
            )


def _target(path: Path, frame: pd.DataFrame, target: str) -> Floats:
    column = frame[target]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise UsageError(
            f"{path}: the target {target!r} holds {str(column.iloc[_first_text(column)])!r}, "
            "which is no number: choose a numeric column"
        )
    y = column.to_numpy(dtype=np.float64)
    check_finite(path, target, y)
    return y


def _first_text(column: pd.Series) -> int:
    bad = pd.to_numeric(column.astype(str), errors="coerce").isna().to_numpy()
    return int(np.argmax(bad))


def _column_notes(x: Floats, names: tuple[str, ...]) -> list[str]:
    scale = np.where(np.ptp(x, axis=0) > 0, x.std(axis=0), 0.0)
    constant = [name for name, spread in zip(names, scale, strict=True) if spread == 0]
    notes = [f"column {name!r} is constant" for name in constant]
    varies = scale > 0
    centred = (x[:, varies] - x[:, varies].mean(axis=0)) / scale[varies]
    rank = int(np.linalg.matrix_rank(centred)) if varies.any() else 0
    if rank < varies.sum():
        notes.append(
            f"the {int(varies.sum())} columns that vary are collinear: rank {rank} once centred"
        )
    return notes
