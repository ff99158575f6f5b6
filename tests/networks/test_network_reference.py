"""References are made once, and again when what makes them is other code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rmlbench_utils.datasets.network_plan import Start
from rmlbench_utils.measure import networks
from rmlbench_utils.protocol.job import FileRef
from tests.networks.judged import case_of


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that would run where torch is."""
    found: list[str] = []

    def run(module: str, request: dict[str, Any], path: Path) -> None:
        found.append(module)
        path.write_text(f"made {len(found)} times")

    monkeypatch.setattr(networks, "_run", run)
    return found


def test_other_code_makes_another_reference(
    made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = FileRef(path="some", sha256="1" * 64)
    asked = (case_of("lenet", {}), Start(some, some), some, 7, tmp_path)
    first = networks.reference_of(*asked)
    assert networks.reference_of(*asked) == first
    assert made == ["torch_reference"]
    before = networks._recipe()
    assert {"torch_reference.py", "torch_training.py", "network_terms.py"} <= set(before)
    monkeypatch.setattr(networks, "_recipe", lambda: {**before, "torch_reference.py": "other"})
    other = networks.reference_of(*asked)
    assert made == ["torch_reference"] * 2
    assert other.path != first.path
    assert other.sha256 != first.sha256
