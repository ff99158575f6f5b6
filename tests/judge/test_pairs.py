"""Which tiers a comparison stands for."""

from __future__ import annotations

import pytest

from rmlbench_utils.judge.pairs import pairs, standing
from rmlbench_utils.judge.series import side_at
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.protocol.record import PlannedCase, RunRecord
from rmlbench_utils.show.times import at_tier
from tests.judge.factory import CASE, make_case, make_line, make_manifest, make_record, planned

SIDES = [("sklearn", "shipped"), ("linfa", "tuned")]


def runs() -> list[RunRecord]:
    """Ten blocks of a baseline as shipped, and of a contender in its tuned build alone."""
    return [
        make_record(contender=who, tier=tier, block=block)
        for who, tier in SIDES
        for block in range(10)
    ]


@pytest.mark.parametrize(
    ("measured", "tier", "stands"),
    [
        ({"shipped"}, "tuned", "shipped"),
        ({"shipped"}, "shipped", "shipped"),
        ({"tuned"}, "tuned", "tuned"),
        ({"tuned"}, "shipped", None),
        ({"shipped", "tuned"}, "shipped", "shipped"),
        (set(), "shipped", None),
    ],
)
def test_a_tuned_build_never_stands_for_the_shipped_one(
    measured: set[str], tier: str, stands: str | None
) -> None:
    assert standing(measured, tier) == stands


def test_what_was_measured_tuned_alone_is_not_shown_as_shipped() -> None:
    case = PlannedCase(case=make_case(), contenders=[planned(*side) for side in SIDES])
    manifest = make_manifest([case])
    assert [pair.tiers for pair in pairs(manifest.plan)] == [("tuned",)]
    lines = [make_line(who, tier=tier) for who, tier in SIDES]
    table = verdict_table(manifest, runs(), lines)
    assert set(table["tier"]) == {"tuned"}
    assert set(table["parity"]) == {"pass"}
    assert side_at(sides(runs()), CASE, "linfa", "shipped") is None
    assert {one.contender for one in at_tier(runs(), "shipped")} == {"sklearn"}
    assert {one.contender for one in at_tier(runs(), "tuned")} == {"sklearn", "linfa"}
