"""A recording: what one invocation measured, opened to be read."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.record import Manifest, ParityLine, RunRecord
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.lines import fault, read_lines

MANIFEST = "manifest.json"
RECORDS = "records.jsonl"
PARITY = "parity.jsonl"


@dataclass(frozen=True)
class Recording:
    """Manifest, records and parity lines of a recording, validated.

    ``notes`` holds what was recovered while reading.
    """

    path: Path
    manifest: Manifest
    records: list[RunRecord]
    parity: list[ParityLine]
    notes: list[str]

    @property
    def name(self) -> str:
        return self.manifest.name

    @classmethod
    def open(cls, name_or_path: str | Path) -> Recording:
        """Open a recording by path, or by name under ``recordings/`` or ``book/recordings/``.

        Raises
        ------
        UsageError
            If there is none of that name, or it is not one, in one sentence.
        """
        path = find(name_or_path)
        manifest = read_manifest(path)
        packed = path / f"{RECORDS}.zst"
        records, torn = read_lines(packed if packed.exists() else path / RECORDS, RunRecord)
        notes = [torn] if torn else []
        parity: list[ParityLine] = []
        if (path / PARITY).exists():
            parity, torn = read_lines(path / PARITY, ParityLine)
            notes += [torn] if torn else []
        _refuse_doubled(path, records)
        return cls(path, manifest, records, parity, notes)


def find(name_or_path: str | Path) -> Path:
    """The folder of a recording, by path or by name in the project."""
    direct = Path(name_or_path)
    if (direct / MANIFEST).exists():
        return direct.resolve()
    root = project_root()
    for folder in (root / "recordings", root / "book" / "recordings", root):
        if (folder / name_or_path / MANIFEST).exists():
            return (folder / name_or_path).resolve()
    raise UsageError(
        f"{str(name_or_path)!r} is no recording: known are "
        f"{nearest(str(name_or_path), names())}; give one of these or a folder with {MANIFEST}"
    )


def names() -> list[str]:
    """Names of the recordings in the project, fresh and committed."""
    root = project_root()
    return sorted(
        manifest.parent.name
        for folder in ("recordings", "book/recordings")
        for manifest in (root / folder).glob(f"*/{MANIFEST}")
    )


def read_manifest(path: Path) -> Manifest:
    """Read and check the manifest of the recording at ``path``."""
    raw = (path / MANIFEST).read_bytes()
    try:
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise UsageError(
            f"{path.name}/{MANIFEST} is no manifest of this schema: {fault(error, MANIFEST)}; "
            "take a whole copy of the recording"
        ) from error
    found = digest(json.loads(raw)["plan"])  # as written: later fields have their defaults
    if found != manifest.plan_sha256:
        raise UsageError(
            f"{path.name}/{MANIFEST} has plan hash {manifest.plan_sha256[:12]} but its plan hashes "
            f"to {found[:12]}: the plan was changed after the fact; measure again"
        )
    return manifest


def _refuse_doubled(path: Path, records: list[RunRecord]) -> None:
    doubled = [key for key, count in Counter(r.key for r in records).items() if count > 1]
    if doubled:
        raise UsageError(
            f"{path.name} holds {' '.join(map(str, doubled[0]))} twice: "
            "a run is recorded once; take a whole copy of the recording"
        )
