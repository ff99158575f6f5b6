"""A pilot writes a plan with its numbers of blocks and samples, and `run` obeys it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rmlbench_utils.measure.foresight import PlanFile
from rmlbench_utils.store.recording import Recording
from tests.measure.commands import rmlbench

CASE = "regression/ridge/diabetes/alpha=1,threads=1"
BLOCKS = 7  # no profile has as many: a plan alone can ask for them


def fewer(file: Path, blocks: int) -> dict[str, Any]:
    """Let the plan ask for so many blocks, since how many it asks for is the noise's affair."""
    found = PlanFile.model_validate_json(file.read_bytes())
    number = {"min_blocks": blocks, "max_blocks": blocks}
    cases = [
        one.model_copy(update={"case": one.case.model_copy(update=number)})
        for one in found.plan.cases
    ]
    plan = found.plan.model_copy(update={"cases": cases})
    told = found.model_copy(update={"plan": plan, "plan_sha256": plan.sha256})
    file.write_text(told.model_dump_json())
    return json.loads(file.read_text())


@pytest.mark.alone
def test_a_plan_is_made_and_obeyed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "plan.json"
    few = ("--contender", "own-python", "--tier", "shipped", "--blocks", 4, "--minutes", 0.05)
    words = ("pilot", CASE, "--profile", "check", *few, "--out", file, "--json")
    code, out, _ = rmlbench(monkeypatch, capsys, *words)
    assert code == 0
    rows = json.loads(out)
    (blocks,) = [row["blocks"] for row in rows if "blocks" in row]
    assert all(row["spread_upper"] >= row["spread"] > 0 for row in rows if "spread" in row)
    assert {row["contender"] for row in rows if "process_sd" in row} == {"sklearn", "own-python"}

    short = json.loads(file.read_text())
    assert short["plan"]["cases"][0]["case"]["min_blocks"] == blocks
    short = fewer(file, BLOCKS)
    out_words = ("--out", tmp_path / "made", "--json")
    code, _, _ = rmlbench(monkeypatch, capsys, "run", "--plan", file, *out_words)
    assert code == 0
    made = Recording.open(tmp_path / "made")
    assert made.manifest.plan_sha256 == short["plan_sha256"]
    assert max(record.block for record in made.records) + 1 == BLOCKS
    samples = {c["contender"]: c["repeat"]["fit"] for c in short["plan"]["cases"][0]["contenders"]}
    for record in made.records:
        if record.role == "run":
            told = samples[record.contender]
            assert len(record.samples["fit"].ns) == told["warmup"] + told["samples"]


def test_a_plan_that_was_changed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    old = Recording.open("regression-standard").manifest
    file = tmp_path / "plan.json"
    changed = old.plan.model_copy(update={"seed": 99}).model_dump(mode="json")
    file.write_text(json.dumps({"plan": changed, "plan_sha256": old.plan_sha256, "found": []}))
    code, _, said = rmlbench(monkeypatch, capsys, "run", "--plan", file)
    assert code == 2
    assert "changed by hand" in said
    code, _, said = rmlbench(monkeypatch, capsys, "run", "regression", "--plan", file)
    assert code == 2
    assert "either" in said
    code, _, said = rmlbench(monkeypatch, capsys, "run", "--plan", file, "--threads", 1)
    assert code == 2
    assert "--plan has fixed --threads" in said
    assert rmlbench(monkeypatch, capsys, "run", "--plan", file, "--profile", "full")[0] == 2
    assert rmlbench(monkeypatch, capsys, "run", "--plan", file, "--seed", 0)[0] == 2
