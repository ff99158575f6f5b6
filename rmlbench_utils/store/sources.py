"""Folders that may be recordings: found, opened up to their records, or refused with a reason."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.record import Manifest, ParityLine
from rmlbench_utils.store.recording import (
    MANIFEST,
    PACKED,
    RECORDS,
    Planned,
    planned,
    read_manifest,
    read_parity,
)


@dataclass(frozen=True)
class Source:
    """A recording whose manifest and parity lines are sound and whose records are still to read.

    Attributes
    ----------
    records
        The file of the records, packed or plain.
    records_sha256
        Its digest: the same records under another name are the same recording.
    """

    path: Path
    manifest: Manifest
    parity: list[ParityLine]
    records: Path
    records_sha256: str

    @property
    def planned(self) -> Planned:
        """What may be measured in this recording."""
        return planned(self.manifest)

    @property
    def identity(self) -> tuple[str, str, str]:
        """What no two recordings share, whatever they are called."""
        machine = digest(self.manifest.machine)
        return (self.manifest.created, self.manifest.plan_sha256, machine)


@dataclass(frozen=True)
class Refused:
    """A folder that is left out, and why in one sentence."""

    path: Path
    reason: str


def candidates(folders: Iterable[Path]) -> list[Path]:
    """Every folder at or below ``folders`` that holds a file of a recording, sorted.

    Raises
    ------
    UsageError
        If one of ``folders`` holds none.
    """
    found: set[Path] = set()
    for folder in folders:
        below = set(_below(folder.resolve()))
        if not below:
            raise UsageError(
                f"{str(folder)!r} holds no recording: give a folder with {MANIFEST} in it or below"
            )
        found |= below
    return sorted(found)


def open_all(paths: Iterable[Path]) -> tuple[list[Source], list[Refused]]:
    """Open each folder; sources in order of creation, a finished one before a copy that is not."""
    sources, refused = [], []
    for path in paths:
        try:
            sources.append(_open(path))
        except (UsageError, OSError) as error:
            refused.append(Refused(path, str(error)))
    order = {True: 0, False: 1}
    sources.sort(key=lambda s: (*s.identity, order[s.manifest.finished is not None], s.path))
    return sources, refused


def _below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        if {MANIFEST, RECORDS, PACKED} & set(files):
            folders[:] = []
            yield Path(here)
        folders[:] = [name for name in folders if not name.startswith(".")]


def _open(path: Path) -> Source:
    if not (path / MANIFEST).exists():
        raise UsageError(f"{path.name} has no {MANIFEST}: take a whole copy of the recording")
    manifest = read_manifest(path)
    records = path / PACKED if (path / PACKED).exists() else path / RECORDS
    if not records.exists():
        raise UsageError(f"{path.name} has no {PACKED}: take a whole copy of the recording")
    parity, _ = read_parity(path, manifest)
    with records.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Source(path, manifest, parity, records, sha256)
