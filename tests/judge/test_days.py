"""Recordings apart: equal ones seldom differ, drifting ones do, changed contenders are left out."""

import numpy as np
import pytest

from rmlbench_utils.judge.combine import flips
from rmlbench_utils.judge.days import hours_between, ratios_apart, times_apart
from rmlbench_utils.protocol.record import PlannedCase
from tests.judge.factory import Synthetic, make_case, make_manifest, planned
from tests.judge.judging import judge


def recording(seed: int, slower: float = 1.0, noise: float = 0.03, **sources: str) -> Synthetic:
    cases = [
        PlannedCase(
            case=make_case(params={"alpha": float(k)}),
            contenders=[planned("sklearn"), planned("linfa")],
        )
        for k in range(1, 31)
    ]
    update = {"sources": {"sklearn": "a", "linfa": "b", **sources}}
    manifest = make_manifest(cases).model_copy(update=update)
    times = {"sklearn": 2e7 * slower, "linfa": 1e7 * slower}
    return Synthetic(manifest, seed=seed, noise=noise, times=times)


def test_a_slower_day_moves_times_and_not_ratios() -> None:
    one, two = recording(1), recording(2, slower=1.1)
    pair = (one.manifest, one.records(), two.manifest, two.records())
    assert times_apart(*pair)["rate"] == 1
    assert times_apart(*pair)["comparisons"] == 60
    ratios = ratios_apart(one.manifest, judge(one), two.manifest, judge(two))
    assert ratios["comparisons"] == 30
    assert ratios["rate"] < 0.2
    assert ratios["spread"] == pytest.approx(np.sqrt(4 * 0.03**2 / 20), rel=0.5)


def test_a_contender_that_was_changed_is_not_compared() -> None:
    one, two = recording(1), recording(2, linfa="c")
    found = times_apart(one.manifest, one.records(), two.manifest, two.records())
    assert found["comparisons"] == 30
    ratios = ratios_apart(one.manifest, judge(one), two.manifest, judge(two))
    assert (ratios["comparisons"], ratios["rate"], ratios["spread"]) == (0, None, None)


def test_verdicts_that_flip_are_counted() -> None:
    one, two = judge(recording(1)), judge(recording(2))
    assert not flips(one, two)["flipped"].any()
    changed = two.assign(verdict=two["verdict"].where(two["case"] != two["case"].iloc[0], "slower"))
    assert flips(one, changed)["flipped"].sum() == 1


def test_hours_are_those_between_the_beginnings() -> None:
    one = make_manifest(created="2026-11-23T10:00:00+00:00")
    two = make_manifest(created="2026-11-24T13:30:00+00:00")
    assert hours_between(one, two) == hours_between(two, one) == 27.5
