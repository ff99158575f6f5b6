"""Old against new through the real chain: twice the work is found; a commit meets the tree.

How often an equal pair would be called different is no matter for one draw: the calibration says.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from rmlbench_utils.cases import load_cases
from rmlbench_utils.measure import builds, confirm, counted

pytestmark = pytest.mark.alone


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> int:
    """The fewest for a verdict: twice the work stands out of ten blocks as of sixty."""
    monkeypatch.setattr(confirm, "BLOCKS", (10, 10))
    return 10


def test_twice_the_work_is_slower(tmp_path: Path) -> None:
    builds.usual()
    case = next(c for c in load_cases("regression", "check") if c.algorithm == "ridge")
    pair = (counted.repeats(100), counted.repeats(200))
    for attempt in range(3):  # its own null case voids a sound recording once in a hundred
        row = confirm.measured(case, *pair, "rust", "tuned", tmp_path / str(attempt))
        if "the recording is void" not in row["reason"]:
            break
    assert row["verdict"] == "slower", row["reason"]


def test_a_commit_is_measured_against_the_tree(blocks: int) -> None:
    case = next(c for c in load_cases("regression", "check") if c.algorithm == "ridge")
    row = confirm.against(case, "own-python", "shipped", "HEAD")
    assert row["parity"] == "pass"
    assert row["n_runs"] >= 0.75 * blocks
    assert (row["baseline"], row["contender"]) == ("old", "new")
    assert 0 < row["ci_low"] < row["ratio"] < row["ci_high"]
