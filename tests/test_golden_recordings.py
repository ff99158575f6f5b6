"""A recording of every schema version that ever landed can be read and judged.

The rows beside a recording are what the rules of today say of it: who changes the rules writes
them anew; the recording itself never changes.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rmlbench_utils.judge import index as indexes
from rmlbench_utils.judge.indexing import build
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.protocol.base import SCHEMA
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

FOLDER = project_root() / "tests" / "golden"
VERSIONS = range(1, SCHEMA + 1)


def same(given: list[dict[str, object]], version: int) -> None:
    golden = json.loads((FOLDER / f"recording-v{version}.verdicts.json").read_text())
    assert len(given) == len(golden)
    for row, expected in zip(given, golden, strict=True):
        for name, value in expected.items():
            found = None if row[name] != row[name] else row[name]
            assert found == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value)


@pytest.mark.parametrize("version", VERSIONS)
def test_it_opens_and_gives_the_same_verdicts(version: int) -> None:
    recording = Recording.open(FOLDER / f"recording-v{version}")
    assert recording.notes == []
    assert recording.manifest.schema_version == version
    table = verdict_table(recording.manifest, recording.records, recording.parity)
    same(table.to_dict("records"), version)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_index_takes_it(tmp_path: Path, version: int) -> None:
    build([FOLDER / f"recording-v{version}"], tmp_path / "i.duckdb")
    with indexes.open_index(tmp_path / "i.duckdb") as index:
        table = indexes.verdicts(index)
    same(table.astype(object).where(table.notna(), None).to_dict("records"), version)
