"""A small calibration through the real command, and a recording that carries its null case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rmlbench_utils.judge.null_test import null_test
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.store.recording import Recording
from tests.measure.commands import rmlbench

pytestmark = pytest.mark.alone


def test_a_calibration_is_made_shown_and_not_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    place = tmp_path / "calibration"
    words = ("calibrate", "--sets", 0.01, "--budget-s", 60, "--out", place, "--json")
    code, out, _ = rmlbench(monkeypatch, capsys, *words)
    assert code == 0
    found = json.loads(out)
    assert found["comparisons"] == 15
    assert 0 <= found["false_positive_rate"] <= found["false_positive_high"] <= 1
    assert set(found["power"]) == {"0.01", "0.02", "0.05", "0.10"}
    assert found["intervals"] == 24
    assert {"builds", "spread", "beside heavy", "python", "position"} < set(found["nulls"])
    tools = {row["tool"] for row in found["tools"]}
    assert {"rmlbench", "rmlbench, interval", "pyperf", "asv", "criterion"} <= tools

    refused = {loss: row["refused"] / row["outputs"] for loss, row in found["losses"].items()}
    assert refused == {"0": 0, "1e-12": 0, "1e-6": 1, "1e-4": 1}
    made = Recording.open(place)
    table = verdict_table(made.manifest, made.records, made.parity)
    lossy = table[table["contender"].isin(("loss-1e-6", "loss-1e-4"))]
    assert len(lossy)
    assert set(lossy["verdict"]) == {"not comparable"}

    files = {path: path.read_bytes() for path in place.glob("*.*")}
    assert rmlbench(monkeypatch, capsys, *words)[1] == out
    assert rmlbench(monkeypatch, capsys, "calibrate", "--show", place, "--json")[1] == out
    assert {path: path.read_bytes() for path in place.glob("*.*")} == files


def test_a_recording_that_is_no_calibration_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    code, out, said = rmlbench(monkeypatch, capsys, "calibrate", "--show", "regression-standard")
    assert (code, out) == (2, "")
    assert said.strip() == (
        "regression-standard is no calibration: give one made by `rmlbench calibrate`"
    )


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
