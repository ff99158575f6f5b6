"""Old against new through the real chain: a slower one is found, an equal one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from rmlbench_utils.cases import load_cases
from rmlbench_utils.measure import builds, confirm, counted

pytestmark = pytest.mark.alone


def test_half_as_much_work_again_is_slower(tmp_path: Path) -> None:
    builds.usual()
    case = next(c for c in load_cases("regression", "check") if c.algorithm == "ridge")
    row = confirm.measured(
        case, counted.repeats(100), counted.repeats(150), "rust", "tuned", tmp_path / "slower"
    )
    assert row["verdict"] == "slower"
    assert row["ci_low"] < 1.5 < row["ci_high"] * 1.05


def test_a_commit_is_measured_against_the_tree() -> None:
    case = next(c for c in load_cases("regression", "check") if c.algorithm == "ridge")
    row = confirm.against(case, "own-python", "shipped", "HEAD")
    assert row["parity"] == "pass"
    assert row["n_runs"] >= 15
    assert row["ci_low"] < 1.05
    assert row["ci_high"] > 1 / 1.05
