"""The committed recordings: whole, honest about their origin, quiet, small."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

FOLDERS = sorted((project_root() / "book" / "recordings").glob("*/manifest.json"))
committed = pytest.mark.parametrize("path", [f.parent for f in FOLDERS], ids=lambda p: p.name)


def test_there_is_one_of_the_regression_domain() -> None:
    assert "regression-standard" in [folder.parent.name for folder in FOLDERS]


@committed
def test_it_is_finished_and_made_from_a_clean_commit(path: Path) -> None:
    recording = Recording.open(path)
    assert recording.notes == []
    assert recording.manifest.finished is not None
    assert recording.manifest.commit is not None
    assert not recording.manifest.dirty


@committed
def test_the_machine_was_quiet(path: Path) -> None:
    runs = [r for r in Recording.open(path).records if r.role == "run"]
    for share in ("steal", "foreign"):
        known = [getattr(r, share) for r in runs if getattr(r, share) is not None]
        assert known
        assert np.mean(known) < 0.05


@committed
def test_every_output_that_was_timed_has_a_parity_line(path: Path) -> None:
    recording = Recording.open(path)
    checked = {(p.case, p.contender, p.tier, p.outputs) for p in recording.parity}
    for r in recording.records:
        if r.outputs is not None:
            assert (r.case, r.contender, r.tier, r.outputs) in checked


@committed
def test_it_is_small_and_names_no_path_of_a_machine(path: Path) -> None:
    files = [f for f in path.iterdir() if f.is_file()]
    assert sum(f.stat().st_size for f in files) < 5e6
    text = (path / "manifest.json").read_text() + (path / "parity.jsonl").read_text()
    assert re.search(r'"/(root|home|work|Users|tmp)/', text) is None
