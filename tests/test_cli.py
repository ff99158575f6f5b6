"""The command line as users meet it: answers, and bad usage in one sentence with exit code 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rmlbench_utils.cli import main
from rmlbench_utils.protocol.root import project_root


def rmlbench(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "rmlbench_utils.cli", *words]
    return subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=False)


BAD = {
    "unknown case": (["run", "regression/ridge/diabetis/*"], "diabet"),
    "unknown domain": (["run", "regresion"], "regression"),
    "unknown contender": (["run", "regression", "--contender", "linfaa"], "linfa"),
    "unknown profile": (["run", "regression", "--profile", "huge"], "smoke"),
    "no threads": (["run", "regression", "--threads", "0"], "threads is 0"),
    "no budget": (["run", "regression", "--budget-s", "-1"], "greater than 0"),
    "negative seed": (["run", "regression", "--seed", "-1"], "seed is -1"),
    "unknown tier": (["run", "regression", "--tier", "fast"], "shipped, tuned"),
    "data without target": (["run", "regression", "--data", "x.csv"], "--target"),
    "no such file": (["run", "regression", "--data", "x.csv", "--target", "y"], "x.csv"),
    "data with another domain": (["run", "regression/*", "--data", "x", "--target", "y"], "--data"),
    "no recording": (["verdicts", "nothing-here"], "no recording"),
    "unknown adjustment": (["verdicts", "x", "--adjust", "none"], "bonferroni"),
    "summary of no recording": (["summary", "nothing-here"], "no recording"),
    "unknown list": (["list", "case"], "cases"),
    "unknown profile in list": (["list", "cases", "--profile", "big"], "smoke"),
    "parity of nothing": (["parity", "regression/forest/*"], "regression/"),
    "workers file": (["run", "regression", "--workers", "none.toml"], "none.toml"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_usage_is_one_sentence_and_exit_code_2(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words, part = BAD[name]
    monkeypatch.setattr(sys, "argv", ["rmlbench", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert part in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text("area,price\n" + "1,2\n" * 30)
    file = str(tmp_path / "houses.csv")
    done = rmlbench("run", "regression", "--data", file, "--target", "prize", "--profile", "check")
    assert done.returncode == 2
    assert "price" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("what", ["cases", "contenders", "datasets"])
def test_lists_answer_in_json(what: str) -> None:
    rows = json.loads(rmlbench("list", what, "--json").stdout)
    assert len(rows) >= 5
    assert what.removesuffix("s") in rows[0]


def test_doctor_answers_in_one_table() -> None:
    rows = json.loads(rmlbench("doctor", "--json").stdout)
    assert rows
    assert rmlbench("doctor").returncode == 0
