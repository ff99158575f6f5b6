"""The user's own photographs: ``folder:PATH``, each class in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from rmlbench_utils.datasets.examples import Examples, content_digest
from rmlbench_utils.datasets.photographs import shown
from rmlbench_utils.protocol.errors import UsageError

PREFIX = "folder:"


def parse(name: str) -> Path:
    """The folder that a dataset's name gives.

    Raises
    ------
    UsageError
        If it gives none.
    """
    place = name.removeprefix(PREFIX)
    if not place:
        raise UsageError(f"dataset {name!r} is not of the form folder:PATH")
    return Path(place)


def load(name: str) -> Examples:
    """Photographs ``[n, 3, 224, 224]``, from 0 to 1, and their classes in the order of names.

    Files and folders whose name begins with a point are left out.

    Raises
    ------
    UsageError
        If there is no such folder, it holds less than 2 classes, a class holds nothing, or a file
        is no image.
    """
    path = parse(name)
    found = {folder.name: _files(folder) for folder in _classes(path)}
    x = np.stack([_shown(file) for files in found.values() for file in files])
    y = np.repeat(np.arange(len(found)), [len(files) for files in found.values()])
    return Examples(x, y, len(found), content_digest(x, y), classes=tuple(found))


def _classes(path: Path) -> list[Path]:
    if not path.is_dir():
        raise UsageError(f"there is no folder {path}: check the path")
    found = sorted(entry for entry in path.iterdir() if entry.is_dir() and _seen(entry))
    if len(found) < 2:
        raise UsageError(
            f"{path} holds {len(found)} folder{'' if len(found) == 1 else 's'}: give at least 2, "
            "one for the images of each class"
        )
    return found


def _files(folder: Path) -> list[Path]:
    found = sorted(entry for entry in folder.iterdir() if _seen(entry))
    if not found:
        raise UsageError(f"{folder} is empty: give it the images of its class or take it away")
    return found


def _seen(entry: Path) -> bool:
    return not entry.name.startswith(".")


def _shown(path: Path) -> np.ndarray:
    try:
        return shown(path)
    except (OSError, SyntaxError, Image.DecompressionBombError):
        raise UsageError(
            f"{path} is no image that can be read: give JPEG or PNG files only"
        ) from None
