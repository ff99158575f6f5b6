"""Reference solutions kept on disk: solved once, and again where a file is damaged."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from rmlbench_utils.protocol.base import digest

Arrays = dict[str, NDArray[Any]]
Solved = tuple[Arrays, dict[str, str]]  # arrays, and texts about them
_WHOLE = "arrays_sha256"
_LOG = logging.getLogger(__name__)


def remembered(cache: Path, problem: list[Any], solve: Callable[[], Solved]) -> Solved:
    """What ``solve`` gives, kept in ``cache`` under the digest of ``problem`` (JSON values)."""
    path = cache / f"reference-{digest(problem)}.safetensors"
    known = _read(path)
    if known is None:
        known = solve()
        cache.mkdir(parents=True, exist_ok=True)
        _write(path, known)
    return known


def of_data(arrays: Iterable[NDArray[Any]]) -> list[Any]:
    """Shape and digest of each array, to stand for it in a problem."""
    return [
        [list(values.shape), hashlib.sha256(np.ascontiguousarray(values).data).hexdigest()]
        for values in arrays
    ]


def of_arrays(arrays: Arrays) -> str:
    """SHA-256 of names, types, shapes and bytes, in the order of the names."""
    whole = hashlib.sha256()
    for name in sorted(arrays):
        values = np.ascontiguousarray(arrays[name])
        whole.update(f"{name} {values.dtype.str} {values.shape}".encode() + values.tobytes())
    return whole.hexdigest()


def _write(path: Path, solved: Solved) -> None:
    arrays, texts = solved
    # safetensors writes the memory of an array of columns or strides as if it were of rows.
    rows = {name: np.ascontiguousarray(values) for name, values in arrays.items()}
    content = save(rows, {**texts, _WHOLE: of_arrays(rows)})
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(name, path)


def _read(path: Path) -> Solved | None:
    """What was solved before, if the file is still what it was."""
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            texts = dict(file.metadata())
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if of_arrays(arrays) == texts.pop(_WHOLE):
            return arrays, texts
    except (SafetensorError, KeyError, TypeError):
        pass
    _LOG.warning("the cached reference %s is damaged and is solved again", path.name)
    return None
