"""Who reaches an objective gap in what time: hand-computed ratios and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rmlbench_utils.judge.svm.gaps import Answer, Problem, Setting, answers, cheapest, problems
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import Manifest, ParityLine, PlannedCase, RunRecord
from rmlbench_utils.show.gaps import said
from tests.judge.factory import failed, make_case, make_line, make_manifest, make_record, planned

SIDES = ("sklearn", "liblinear")
WOBBLE = {"sklearn": (1.0, 1.1, 0.9, 1.2, 1.0, 0.8), "liblinear": (1.1, 1.0, 0.9, 1.3, 0.7, 1.0)}
FIT = {1e-1: (1.0, 0.5), 1e-4: (4.0, 3.0)}  # tol → seconds of each side
GAP = {1e-1: (1e-3, 2e-2), 1e-4: (1e-7, 1e-5)}


def case(tol: float) -> Case:
    return make_case(
        domain="svm",
        algorithm="linearsvc",
        dataset="adult_2000",
        params={"C": 1.0, "dual": False, "tol": tol},
        named=("C", "tol"),
        level="same quality",
        contenders=SIDES,
        tolerance={"objective": 1.0},
        splits=2,
    )


def recording(apart: bool = False) -> tuple[Manifest, list[RunRecord], list[ParityLine]]:
    """Two tolerances of one problem; ``apart`` runs the tolerances after each other."""
    cases = [case(tol) for tol in FIT]
    manifest = make_manifest(
        [PlannedCase(case=one, contenders=[planned(name) for name in SIDES]) for one in cases]
    )
    order = [(tol, block) for block in range(6) for tol in FIT]
    order = sorted(order) if apart else order
    records, lines = [], []
    for place, (tol, block) in enumerate(order):
        if apart:
            records.append(run("other", "sklearn", block + 10, 3 * place, 1.0))
        for number, name in enumerate(SIDES):
            seconds = FIT[tol][number] * WOBBLE[name][block]
            records.append(run(case(tol).name, name, block, 3 * place + 1 + number, seconds))
            lines.append(line(case(tol).name, name, block % 2, GAP[tol][number] / (1 + block % 2)))
    return manifest, records, lines


def run(name: str, contender: str, block: int, place: int, seconds: float) -> RunRecord:
    return make_record(
        seconds * 1e9,
        case=name,
        contender=contender,
        block=block,
        split=block % 2,
        outputs=f"{block % 2}" * 64,
        started=f"2026-11-23T00:{place // 60:02d}:{place % 60:02d}+00:00",
    )


def line(name: str, contender: str, split: int, gap: float) -> ParityLine:
    return make_line(
        contender,
        case=name,
        split=split,
        outputs=f"{split}" * 64,
        differences={"objective": gap},
    )


def answered(target: float, apart: bool = False) -> Answer:
    (one,) = problems(*recording(apart))
    (found,) = answers(one, [target])
    return found


def test_each_side_is_taken_at_its_cheapest_setting() -> None:
    loose = answered(1e-2)
    assert [one.tol for one in loose.chosen if one] == [1e-4, 1e-1]
    wobble = np.log(WOBBLE["liblinear"]) - np.log(WOBBLE["sklearn"])
    logs = math.log(3.0) + wobble
    assert loose.ratio == pytest.approx(math.exp(logs.mean()))
    low, high = stats.t.interval(0.95, 5, logs.mean(), stats.sem(logs))
    assert (loose.low, loose.high) == pytest.approx((math.exp(low), math.exp(high)))
    assert loose.paired
    assert loose.blocks == 6


def test_settings_that_ran_apart_are_not_paired() -> None:
    loose = answered(1e-2, apart=True)
    assert not loose.paired
    a, b = np.log(WOBBLE["liblinear"]) + math.log(3), np.log(WOBBLE["sklearn"])
    ends = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (loose.low, loose.high) == pytest.approx((math.exp(ends.low), math.exp(ends.high)))
    assert answered(1e-4, apart=True).paired  # both chose the same case


def test_a_side_that_never_gets_there_says_so() -> None:
    one = answered(1e-6)
    assert math.isnan(one.ratio)
    assert said(one) == (
        "liblinear never reaches an objective gap of at most 1e-06 at the settings measured."
    )
    assert said(answered(1e-12)).startswith("Neither liblinear nor sklearn reaches")
    assert said(answered(1e-2)).startswith("To an objective gap of at most 0.01, liblinear takes")


def test_a_run_that_failed_or_was_not_looked_at_reaches_nothing() -> None:
    manifest, records, lines = recording()
    (one,) = problems(manifest, [failed(records[0]), *records[1:]], lines)
    assert [s.failures for s in one.of("sklearn")] == [1, 0]
    assert not one.of("sklearn")[0].reaches(1.0)
    unseen = [one for one in lines if (one.contender, one.split) != ("sklearn", 1)]
    (one,) = problems(manifest, records, unseen)
    assert [s.failures for s in one.of("sklearn")] == [3, 3]
    (one,) = problems(manifest, records, [])
    assert not any(s.reaches(math.inf) for s in one.settings)


def test_the_interval_of_the_median_is_of_order_statistics() -> None:
    (one,) = problems(*recording())
    (loose, _) = one.of("sklearn")
    assert loose.median == pytest.approx(1.0)
    assert loose.ends == pytest.approx((0.8, 1.2))  # of six values the least and the largest
    assert math.isnan(setting(1.0, 1e-3, blocks=5).ends[0])


def setting(seconds: float, gap: float, blocks: int = 6) -> Setting:
    each = np.full(blocks, seconds)
    return Setting(case(0.1), "sklearn", "shipped", np.arange(blocks), each, np.array([gap]), 0)


SETTINGS = st.lists(st.tuples(st.floats(1e-3, 1e3), st.floats(1e-9, 1.0)), min_size=1, max_size=8)


@given(SETTINGS, st.floats(1e-9, 1.0), st.floats(1e-9, 1.0))
def test_a_nearer_target_is_never_cheaper(
    given_: list[tuple[float, float]], one: float, other: float
) -> None:
    settings = [setting(*pair) for pair in given_]
    near, far = (cheapest(settings, target) for target in sorted((one, other)))
    if near is not None:
        assert far is not None
        assert far.median <= near.median
        assert near.gap <= min(one, other)


def test_who_has_no_sweep_has_no_problem() -> None:
    manifest = make_manifest([PlannedCase(case=make_case(), contenders=[planned("sklearn")])])
    assert problems(manifest, [], []) == []
    assert isinstance(problems(*recording())[0], Problem)
