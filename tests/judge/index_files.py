"""Recordings on disk for tests of the index: small, different, easy to damage."""

from __future__ import annotations

from pathlib import Path

import duckdb
import zstandard

from rmlbench_utils.judge import index as indexes
from rmlbench_utils.judge.indexing import build
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.store.writer import Writer
from tests.judge.factory import Synthetic, make_manifest

PACKED = "records.jsonl.zst"


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


def built(folders: list[Path], out: Path) -> duckdb.DuckDBPyConnection:
    build(folders, out)
    return indexes.open_index(out)


def reasons(index: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = indexes.recordings(index)
    return {Path(str(row["path"])).name: str(row["reason"]) for row in rows if not row["taken"]}


def taken(index: duckdb.DuckDBPyConnection) -> list[object]:
    return [row["name"] for row in indexes.recordings(index) if row["taken"]]


def lines(path: Path) -> list[bytes]:
    unpacked = zstandard.ZstdDecompressor().stream_reader((path / PACKED).read_bytes()).read()
    return unpacked.splitlines(keepends=True)


def put(path: Path, changed: list[bytes]) -> None:
    (path / PACKED).write_bytes(zstandard.compress(b"".join(changed)))
