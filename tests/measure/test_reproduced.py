"""A recording carries its null case, is made again by its plan, and merges with that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rmlbench_utils.judge.null_test import null_test
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.store.recording import Recording
from tests.measure.commands import rmlbench


def test_a_smoke_recording_carries_its_null_case_and_is_reproduced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    words = ("--profile", "smoke", "--contender", "own-python", "--tier", "shipped", "--json")
    case = "regression/ridge/diabetes/alpha=1,threads=1"
    code, _, _ = rmlbench(monkeypatch, capsys, "run", case, *words, "--out", tmp_path / "one")
    assert code == 0
    made = Recording.open(tmp_path / "one")
    assert made.manifest.plan.null is not None
    found = null_test(made.manifest, sides(made.records))
    assert found is not None
    assert found.names == 4
    assert 5 <= found.blocks <= 10  # a block with a failed run is none
    table = verdict_table(made.manifest, made.records, made.parity)
    assert not table["contender"].str.startswith("same-").any()

    again = tmp_path / "again"
    code, out, _ = rmlbench(monkeypatch, capsys, "reproduce", made.path, "--out", again, "--json")
    assert code in (0, 1)
    rows = json.loads(out)
    assert {row["agrees"] for row in rows} <= {"agrees", "differs"}
    assert code == any(row["agrees"] == "differs" for row in rows)
    assert len(rows) == 1
    assert Recording.open(again).manifest.plan_sha256 == made.manifest.plan_sha256

    code, out, _ = rmlbench(monkeypatch, capsys, "merge", made.path, again, "--json")
    (row,) = json.loads(out)
    assert (code, row["recordings"]) == (0, 2)
    assert row["ci_low"] < row["ratio"] < row["ci_high"]
