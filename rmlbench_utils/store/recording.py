"""A recording: what one invocation measured, opened to be read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
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
PACKED = f"{RECORDS}.zst"
Planned = frozenset[tuple[str, str, str]]  # case, contender, tier


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
        records, torn = _records(path, manifest)
        parity, other = read_parity(path, manifest)
        notes = [note for note in (torn, other) if note]
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
    found = {
        manifest.parent.name
        for folder in ("recordings", "book/recordings")
        for manifest in (root / folder).glob(f"*/{MANIFEST}")
    }
    return sorted(found)


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


def planned(manifest: Manifest) -> Planned:
    """Case, contender and tier of everything in the plan, its null case too."""
    return frozenset(
        (item.case.name, one.contender, one.tier)
        for item in manifest.plan.every
        for one in item.contenders
    )


def outside(what: str, key: tuple[str, str, str], allowed: Planned) -> str | None:
    """Why a line does not belong to its manifest, None where it does."""
    if key in allowed:
        return None
    case, contender, tier = key
    ids = sorted(f"{name}:{level}" for at, name, level in allowed if at == case)
    known = f"{case} is planned for {', '.join(ids)}" if ids else f"{case} is not in the plan"
    return (
        f"{what} is of {contender}:{tier} in {case}, but {known}: "
        f"the file belongs to another recording, take a whole copy of this one"
    )


def read_parity(path: Path, manifest: Manifest) -> tuple[list[ParityLine], str | None]:
    """Parity lines of a recording, and a notice of what was recovered.

    Raises
    ------
    UsageError
        If a finished recording has none or a torn one, or a line is of another recording.
    """
    if not (path / PARITY).exists():
        if manifest.finished is None:
            return [], None
        raise UsageError(f"{path.name} has no {PARITY}: take a whole copy of the recording")
    lines, torn = read_lines(path / PARITY, ParityLine)
    _checked(PARITY, lines, torn, manifest)
    return lines, torn


def _records(path: Path, manifest: Manifest) -> tuple[list[RunRecord], str | None]:
    """The same for the records."""
    file = next((path / name for name in (PACKED, RECORDS) if (path / name).exists()), None)
    if file is None:
        if manifest.finished is None:
            return [], None
        raise UsageError(f"{path.name} has no {PACKED}: take a whole copy of the recording")
    lines, torn = read_lines(file, RunRecord)
    _checked(file.name, lines, torn, manifest)
    return lines, torn


def _checked(
    name: str, lines: Sequence[RunRecord | ParityLine], torn: str | None, manifest: Manifest
) -> None:
    """Refuse a torn line of a finished recording, and lines of another one."""
    if torn and manifest.finished is not None:
        raise UsageError(f"{name} ends inside a line: take a whole copy of the recording")
    allowed = planned(manifest)
    for number, line in enumerate(lines, start=1):
        key = (line.case, line.contender, line.tier)
        if wrong := outside(f"{name} line {number}", key, allowed):
            raise UsageError(wrong)


def _refuse_doubled(path: Path, records: list[RunRecord]) -> None:
    doubled = [key for key, count in Counter(r.key for r in records).items() if count > 1]
    if doubled:
        raise UsageError(
            f"{path.name} holds {' '.join(map(str, doubled[0]))} twice: "
            "a run is recorded once; take a whole copy of the recording"
        )
