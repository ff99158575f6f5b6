"""The benchmark of the index does what it says, with few records; its times are nobody's here."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

SCRIPT = project_root() / "benchmarks" / "index_million.py"
SOURCE = "regression-speed-20000x50"


@pytest.fixture
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("index_million", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_its_recordings_are_whole_and_their_times_differ(tmp_path: Path, script) -> None:
    script.write(tmp_path, SOURCE, 1500, 0)
    made, origin = Recording.open(tmp_path / f"{SOURCE}-0"), Recording.open(SOURCE)
    assert len(made.records) == 1500
    assert made.notes == []
    fits = [r.samples["fit"].ns for r in made.records if r.status == "ok" and "fit" in r.samples]
    assert len({tuple(ns) for ns in fits}) == len(fits)
    for new, old in zip(made.records, origin.records, strict=False):
        assert (new.case, new.contender, new.status, new.outputs) == (
            old.case,
            old.contender,
            old.status,
            old.outputs,
        )


def test_it_prints_seconds_and_memory_beside_their_limits(script, monkeypatch, capsys) -> None:
    monkeypatch.setattr(script, "write_all", serially(script))
    monkeypatch.setattr(script, "LIMITS", {"build": 1e9, "table": 0.0})
    monkeypatch.setattr(script, "MEMORY", 1e9)
    assert script.main(1200, 600, SOURCE) == 1
    said = capsys.readouterr().out
    assert "1200 run records" in said
    pattern = r"{}: (\d+) rows, [\d.]+ s \(limit [\d.e+]+\), .* \d+ MiB \(limit 1e\+09\)"
    assert int(re.search(pattern.format("build"), said)[1]) == 1200
    assert int(re.search(pattern.format("table"), said)[1]) > 0


def serially(script: ModuleType):
    def write_all(folder: Path, runs: int, each: int, source: str) -> None:
        for number in range(runs // each):
            script.write(folder, source, each, number)

    return write_all
