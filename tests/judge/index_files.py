"""Recordings on disk for tests of the index: small, different, easy to damage."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.store.writer import Writer
from tests.judge.factory import Synthetic, make_manifest


def save(
    folder: Path, name: str, day: int = 1, records: list[RunRecord] | None = None, **changes: object
) -> Path:
    """A finished recording of 12 blocks that was made on a day of its own."""
    created = f"2026-11-{day:02d}T00:00:00+00:00"
    manifest = make_manifest(name=name, created=created, finished=None, **changes)
    made = Synthetic(manifest, blocks=12, seed=day, times={"linfa": 1e7 + day})
    writer = Writer.begin(folder / name, manifest)
    for record in made.records() if records is None else records:
        writer.append(record)
    writer.finish(made.lines())
    return folder / name
