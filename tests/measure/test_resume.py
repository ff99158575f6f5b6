"""What may be gone on with: an unfinished recording of the same cases, workers and sources."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build, session
from rmlbench_utils.measure.request import Request
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.store.writer import Writer
from tests.judge.factory import make_case, make_manifest, planned

SOURCES = {name: build.source_digest(library) for name, library in libraries().items()}


def _begin(folder: Path, name: str, **changes: Any) -> Path:
    fields: dict[str, Any] = {"finished": None, "sources": SOURCES, **changes}
    return Writer.begin(folder / name, make_manifest(**fields)).path


def _found(folder: Path, *domains: str) -> str | None:
    return session.interrupted(folder, "report-*", set(domains))


def test_the_last_unfinished_report_of_the_domains_is_found(tmp_path: Path) -> None:
    assert _found(tmp_path, "regression") is None
    _begin(tmp_path, "report-1")
    _begin(tmp_path, "report-2")
    _begin(tmp_path, "report-3", finished="2026-11-23T01:00:00Z")
    _begin(tmp_path, "report-4", sources={**SOURCES, "own": "another"})
    _begin(tmp_path, "other-5")
    assert _found(tmp_path, "regression") == "report-2"
    assert _found(tmp_path, "regression", "svm") is None


def _work(**changes: Any) -> Any:
    fields: dict[str, Any] = {
        "request": Request(("regression",), profile="standard", seed=1),
        "cases": [make_case()],
        "tiers": {one.contender: [one.tier] for one in (planned("sklearn"), planned("linfa"))},
        "stage": SimpleNamespace(libraries=libraries()),
        "fixed": None,
    }
    return SimpleNamespace(**{**fields, **changes})


def test_a_recording_begun_with_other_sources_is_not_gone_on_with(tmp_path: Path) -> None:
    say = lambda _: None  # noqa: E731
    path = _begin(tmp_path, "mine", sources={**SOURCES, "linfa": "another"})
    with pytest.raises(UsageError, match="mine was begun with another version of linfa: name"):
        session._writer(_work(), path, say)
    same = _begin(tmp_path, "same")
    assert session._writer(_work(), same, say).manifest.interruptions
    with pytest.raises(UsageError, match="same holds a recording of another plan"):
        session._writer(_work(cases=[]), same, say)


def test_a_finished_one_is_read_whatever_has_changed(tmp_path: Path) -> None:
    path = _begin(tmp_path, "done", sources={**SOURCES, "own": "another"})
    Writer.resume(path).finish([], references={})
    assert session._writer(_work(), path, lambda _: None).manifest.finished is not None
