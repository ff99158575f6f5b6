"""The verdict table of every committed recording, computed again by code that shares nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rmlbench_utils.protocol.root import project_root
from tests.independent.compare import SMALL, differing, judged, keyed, written
from tests.independent.runs import load
from tests.independent.table import table

FOLDERS = sorted((project_root() / "book" / "recordings").glob("*/manifest.json"))
committed = pytest.mark.parametrize("folder", [f.parent for f in FOLDERS], ids=lambda f: f.name)


@pytest.mark.parametrize("name", ["fits", "nulls", "plan", "runs", "table", "terms"])
def test_it_shares_no_code_with_the_judge(name: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
    modules = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    modules |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert not [module for module in modules if module.startswith("rmlbench")]
    ours = [module for module in modules if module.startswith("tests")]
    assert all(module.startswith("tests.independent.") for module in ours)


@committed
def test_the_whole_table_is_the_same(folder: Path) -> None:
    ours = judged(folder)
    assert ours
    assert differing(ours, keyed(table(folder))) == []


def changed(folder: Path, into: Path, which: int, change: Callable[[dict[str, Any]], bool]) -> Path:
    """A copy of a recording in which the first record or line that ``change`` takes is changed."""
    whole = load(folder)
    assert any(change(line) for line in whole[which])
    return written(into, *whole)


def test_one_changed_sample_is_seen(tmp_path: Path) -> None:
    folder = project_root() / "book" / "recordings" / SMALL

    def change(run: dict[str, Any]) -> bool:
        if run["role"] != "run" or run["contender"] != "own" or run["status"] != "ok":
            return False
        run["samples"]["fit"]["ns"][-1] += 1000
        where.append(run["case"])
        return True

    where: list[str] = []
    bent = changed(folder, tmp_path / SMALL, 1, change)
    found = differing(judged(folder), keyed(table(bent)))
    assert {cell[0][0] for cell in found if cell[1] == "ratio"} == {where[0]}
    assert differing(judged(bent), keyed(table(bent))) == []


def test_one_failed_answer_bars_its_rows(tmp_path: Path) -> None:
    folder = project_root() / "book" / "recordings" / SMALL

    def change(line: dict[str, Any]) -> bool:
        if line["contender"] != "own":
            return False
        line["parity"] = "fail"
        where.append(line["case"])
        return True

    where: list[str] = []
    bent = changed(folder, tmp_path / SMALL, 2, change)
    theirs = keyed(table(bent))
    found = differing(judged(folder), theirs)
    barred = {key for key, row in theirs.items() if row["verdict"] == "not comparable"}
    assert {key[0] for key in barred} == {where[0]}
    assert barred <= {cell[0] for cell in found if cell[1] == "verdict"}
    assert differing(judged(bent), theirs) == []
