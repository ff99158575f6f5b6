"""Writing a recording: at any moment a kill loses at most the run in progress."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.record import Manifest, ParityLine, RunRecord
from rmlbench_utils.store.lines import pack, read_lines, whole_bytes
from rmlbench_utils.store.recording import MANIFEST, PARITY, RECORDS, read_manifest


def now() -> str:
    """UTC now, ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Writer:
    """Appends to the recording at ``path``; open it with `begin` or `resume`."""

    def __init__(self, path: Path, manifest: Manifest, records: list[RunRecord]) -> None:
        self.path, self.manifest, self.records = path, manifest, records

    @classmethod
    def begin(cls, path: Path, manifest: Manifest) -> Writer:
        """Start a recording: the manifest with the hashed plan is written first."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "outputs").mkdir(exist_ok=True)
        writer = cls(path, manifest, [])
        writer._write_manifest()
        return writer

    @classmethod
    def resume(cls, path: Path) -> Writer:
        """Go on with a recording: a torn last line is cut off and reported in the manifest."""
        manifest = read_manifest(path)
        if manifest.finished is not None:
            records, _ = read_lines(path / f"{RECORDS}.zst", RunRecord)
            return cls(path, manifest, records)
        lines, packed = path / RECORDS, path / f"{RECORDS}.zst"
        notes = [f"{now()} resumed"]
        records = []
        if packed.exists():
            records, _ = read_lines(packed, RunRecord)
            lines.unlink(missing_ok=True)
        elif lines.exists():
            records, torn = read_lines(lines, RunRecord)
            os.truncate(lines, whole_bytes(lines))
            notes = [f"{notes[0]}; {torn}"] if torn else notes
        changed = manifest.model_copy(update={"interruptions": manifest.interruptions + notes})
        writer = cls(path, changed, records)
        writer._write_manifest()
        return writer

    def append(self, record: RunRecord) -> None:
        """Add one record, on disk when this returns."""
        _append(self.path / RECORDS, [record])
        self.records.append(record)

    def finish(self, parity: Iterable[ParityLine], **update: object) -> None:
        """Write parity, pack the records, mark the manifest finished (in that order)."""
        (self.path / PARITY).unlink(missing_ok=True)
        (self.path / PARITY).touch()
        _append(self.path / PARITY, parity)
        (self.path / RECORDS).touch()
        if not (self.path / f"{RECORDS}.zst").exists():
            pack(self.path / RECORDS, self.path / f"{RECORDS}.zst")
        (self.path / RECORDS).unlink(missing_ok=True)
        self.manifest = self.manifest.model_copy(update={**update, "finished": now()})
        self._write_manifest()

    def _write_manifest(self) -> None:
        part = self.path / f"{MANIFEST}.part"
        part.write_text(self.manifest.model_dump_json(indent=1) + "\n")
        part.replace(self.path / MANIFEST)


def _append(path: Path, models: Iterable[Model]) -> None:
    with path.open("ab") as file:
        for model in models:
            file.write(model.line().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
