"""One row's time: which case, who is shown, and what the caption may claim."""

import math
from dataclasses import replace

import pytest

from rmlbench_utils.show import latency
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View

RIDGE = "regression/ridge/diabetes/alpha=1,threads=1"
FLOORS = {latency.UNCHECKED: 20_000.0, latency.DOT: 1_200.0}


@pytest.fixture
def floors(view: View) -> View:
    """The same recording, had the baseline also timed its floors."""
    curves = {name: [(0, 5, value)] for name, value in FLOORS.items()}
    records = [
        run.model_copy(update={"curves": curves}) if run.contender == "sklearn" else run
        for run in view.records
    ]
    return replace(view, records=records)


def test_ridge_on_the_smallest_real_data_is_shown(view: View) -> None:
    assert latency.pick(view) == RIDGE
    there = [run for run in view.records if run.case != RIDGE]
    assert latency.pick(replace(view, records=there)) == next(iter(view.cases))


def test_medians_are_geometric_means_over_runs(view: View) -> None:
    found = {bar.name: bar for bar in latency.bars(view, RIDGE)}
    assert list(found) == ["sklearn", "own-python", "own", "linfa", "smartcore"]
    own = found["own"]
    assert own.value == pytest.approx(50, rel=0.02)
    assert own.low < own.value < own.high
    assert math.sqrt(own.low * own.high) == pytest.approx(own.value)


def test_without_floors_nothing_is_claimed_about_checks(view: View) -> None:
    shown = latency.single_rows(view)
    assert isinstance(shown, Picture)
    assert RIDGE in shown.alt
    assert "checks" not in shown.alt
    assert "NumPy" not in shown.alt


def test_floors_are_shown_and_the_caption_is_their_differences(floors: View) -> None:
    shown = latency.single_rows(floors)
    assert isinstance(shown, Picture)
    assert "sklearn, checks off: 20.0 µs [20.0, 20.0]" in shown.alt
    assert "bare NumPy dot: 1.20 µs [1.20, 1.20]" in shown.alt
    assert "50 µs are checks that can be switched off" in shown.alt
    assert "19 µs the rest of the call around a dot product of 1.2 µs" in shown.alt


def test_who_may_not_be_compared_is_named_without_a_time(view: View) -> None:
    linfa = view.verdicts["contender"] == "linfa"
    rows = view.verdicts.assign(verdict=view.verdicts["verdict"].mask(linfa, "not comparable"))
    shown = latency.single_rows(replace(view, verdicts=rows))
    assert isinstance(shown, Picture)
    assert "linfa:" not in shown.alt
    assert "left out: linfa (not comparable)" in shown.alt


def test_the_baseline_alone_is_not_shown(view: View) -> None:
    rows = view.verdicts.assign(verdict="not comparable")
    assert isinstance(latency.single_rows(replace(view, verdicts=rows)), Note)


def test_without_single_rows_there_is_a_sentence(view: View) -> None:
    records = [run.model_copy(update={"latency": None}) for run in view.records]
    shown = latency.single_rows(replace(view, records=records))
    assert isinstance(shown, Note)
    assert "No single rows were timed" in shown.text
