"""``rmlbench index`` and ``rmlbench export`` as users meet them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from rmlbench_utils.cli import main
from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.store.recording import Recording
from tests.judge.index_files import save


@pytest.fixture
def rmlbench(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["rmlbench", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


def test_index_lists_what_was_taken_and_what_was_refused(tmp_path: Path, rmlbench) -> None:
    save(tmp_path / "all", "good")
    out = tmp_path / "i.duckdb"
    code, said, _ = rmlbench("index", tmp_path / "all", "--out", out, "--json")
    assert code == 0
    assert [(row["name"], row["runs"], row["taken"]) for row in json.loads(said)] == [
        ("good", 24, True)
    ]
    (save(tmp_path / "all", "bad", day=2) / "parity.jsonl").unlink()
    code, said, _ = rmlbench("index", tmp_path / "all", "--out", out, "--json")
    assert code == 1
    bad = json.loads(said)[1]
    assert (Path(bad["path"]).name, bad["taken"]) == ("bad", False)
    assert bad["reason"].startswith("bad has no parity.jsonl")
    with duckdb.connect(str(out), read_only=True) as index:
        assert index.execute("SELECT count(*) FROM runs").fetchall() == [(24,)]


def test_index_of_nothing_named_is_of_the_projects_recordings(tmp_path: Path, rmlbench) -> None:
    out = tmp_path / "i.duckdb"
    code, said, _ = rmlbench("index", "--out", out, "--json")
    assert {"regression-standard"} <= {row["name"] for row in json.loads(said)}
    assert code == int(not all(row["taken"] for row in json.loads(said)))


def read(path: Path, kind: str) -> pd.DataFrame:
    if kind == "parquet":
        return duckdb.read_parquet(str(path)).df()
    return pd.DataFrame(json.loads(path.read_text())) if kind == "json" else pd.read_csv(path)


@pytest.mark.parametrize("kind", ["csv", "parquet", "json"])
def test_export_writes_every_column_of_every_row(tmp_path: Path, rmlbench, kind: str) -> None:
    paths = [save(tmp_path, f"it's {day}", day=day) for day in (1, 2)]
    out = tmp_path / f"it's.{kind}"
    code, said, _ = rmlbench("export", *paths, "--format", kind, "--out", out, "--json")
    table = read(out, kind)
    assert code == 0
    assert json.loads(said) == [{"out": str(out), "format": kind, "rows": len(table)}]
    assert list(table.columns) == COLUMNS
    own = [verdict_table(r.manifest, r.records, r.parity) for r in map(Recording.open, paths)]
    expected = pd.concat(own, ignore_index=True)
    for name in ("case", "verdict", "reason", "recording"):
        assert list(table[name]) == list(expected[name])
    for name in ("ratio", "ci_low", "p_adjusted", "n_runs"):
        assert list(table[name].astype(float)) == pytest.approx(
            list(expected[name].astype(float)), nan_ok=True, rel=1e-15
        )


def test_export_names_what_is_left_out(tmp_path: Path, rmlbench) -> None:
    good, bad = save(tmp_path, "good"), save(tmp_path, "bad", day=2)
    (bad / "records.jsonl.zst").write_bytes(b"")
    out = tmp_path / "rows.csv"
    code, _, said = rmlbench("export", good, bad, "--out", out)
    assert code == 1
    assert f"{bad} is left out" in said
    assert set(pd.read_csv(out)["recording"]) == {"good"}


def test_bad_usage_is_one_sentence_and_exit_code_2(tmp_path: Path, rmlbench) -> None:
    path = save(tmp_path, "a")
    (tmp_path / "mine").write_text("mine")
    for words, part in (
        (("export", path, "--format", "xlsx", "--out", tmp_path / "x"), "csv, parquet, json"),
        (("export", path, "--out", tmp_path / "none" / "x"), "folder that exists"),
        (("export", "nothing-here", "--out", tmp_path / "x"), "is no recording"),
        (("index", tmp_path / "none"), "holds no recording"),
        (("index", path, "--out", tmp_path / "mine"), "is no index"),
    ):
        code, out, said = rmlbench(*words)
        assert (code, out) == (2, "")
        assert part in said
        assert len(said.strip().splitlines()) == 1
