"""A small calibration through the real command: few sets, and no more blocks than it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rmlbench_utils import cli_evidence
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.store.recording import Recording
from tests.measure.commands import rmlbench

pytestmark = pytest.mark.alone


def test_a_calibration_is_made_shown_and_not_made_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    two = [Recording.open(name) for name in ("regression-standard", "regression-standard-2")]
    monkeypatch.setattr(cli_evidence, "_workloads", lambda: (two, []))  # of all of the project
    place = tmp_path / "calibration"
    words = ("calibrate", "--sets", 0.01, "--budget-s", 50, "--out", place, "--json")
    code, out, _ = rmlbench(monkeypatch, capsys, *words)
    assert code == 0
    found = json.loads(out)
    assert found["comparisons"] == 15
    assert 0 <= found["false_positive_rate"] <= found["false_positive_high"] <= 1
    assert set(found["power"]) == {"0.01", "0.02", "0.05", "0.10"}
    assert found["intervals"] == 24
    assert found["days"]
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
