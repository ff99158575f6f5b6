"""What a request makes before it measures."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from rmlbench_utils.contenders.registry import Library
from rmlbench_utils.measure import build
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.work import Work


def test_no_worker_is_built_in_a_tier_that_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    built: set[tuple[str, str]] = set()

    def record(chosen: Iterable[Library], tiers: Iterable[str]) -> None:
        built.update((library.name, tier) for library in chosen for tier in tiers)

    monkeypatch.setattr(build, "build", record)
    work = Work.of(Request(("regression",), profile="check", tiers=("tuned",)))
    work.build()
    assert ("own", "tuned") in built
    assert ("own", "shipped") not in built
    assert ("own-python", "shipped") in built  # the only tier it has
    assert built == {(name, tier) for name, tiers in work.tiers.items() for tier in tiers}
