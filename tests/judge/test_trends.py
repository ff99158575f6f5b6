"""Changes of level: found where there is one, and seldom where there is none."""

import numpy as np
import pandas as pd
import pytest

from rmlbench_utils.judge.report import trends
from rmlbench_utils.judge.trends import SHORTEST, changes
from tests.judge.judging import judge, two


def report(
    recordings: int, series: int, shift: float = 0.0, at: int = 0, seed: int = 11
) -> pd.DataFrame:
    """Series of noise of 3 %, the first of which changes its level."""
    random = np.random.default_rng([seed, recordings, series])
    made = pd.DataFrame(0.03 * random.standard_normal((recordings, series)))
    made.columns = [f"s{k}" for k in range(series)]
    made.iloc[at:, 0] += shift
    return made


def test_a_change_is_found_with_its_place_and_size() -> None:
    found = changes(report(16, 10, shift=0.25, at=11))["s0"]
    assert found.p is not None
    assert found.p < 0.05
    assert found.at == 11
    assert found.change == pytest.approx(0.25, abs=0.05)


@pytest.mark.parametrize(("recordings", "series"), [(8, 5), (12, 20), (24, 8)])
def test_reports_without_a_change_seldom_raise_an_alarm(recordings: int, series: int) -> None:
    alarms = 0
    for seed in range(100):
        found = changes(report(recordings, series, seed=seed), seed)
        alarms += any(one.p is not None and one.p < 0.05 for one in found.values())
    assert alarms <= 12  # 5 of 100 are promised: 13 or more have a chance of 1 in 600


def test_a_change_is_found_among_very_many_series() -> None:
    found = changes(report(16, 200, shift=0.4, at=9))["s0"]
    assert found.p is not None
    assert found.p < 0.05


def test_a_short_series_is_not_judged_and_a_late_one_is() -> None:
    made = report(20, 2)
    made.loc[: 19 - SHORTEST + 1, "s0"] = np.nan
    made.loc[: 19 - SHORTEST, "s1"] = np.nan
    made.loc[16:, "s1"] += 0.4
    found = changes(made)
    assert found["s0"].p is None
    assert found["s1"].p is not None
    assert found["s1"].at == 16


def test_a_series_that_never_moves_raises_no_alarm() -> None:
    found = changes(pd.DataFrame({"still": np.zeros(12)}))["still"]
    assert found.p == 1.0


def recordings(ratios: list[float]) -> list:
    """Judged recordings, a day each, in which linfa takes these shares of sklearn's time."""
    made = []
    for day, ratio in enumerate(ratios, start=1):
        synthetic = two(ratio, seed=day)
        update = {"name": f"day-{day}", "created": f"2026-11-{day:02d}T00:00:00+00:00"}
        if day >= 9:
            workers = {**synthetic.manifest.workers}
            facts = {"facts": {"libraries": {"linfa": "0.9.0"}}, "version": "0.9.0"}
            update |= {"workers": {**workers, "linfa:shipped": facts}}
        manifest = synthetic.manifest.model_copy(update=update)
        made.append((manifest, judge(synthetic)))
    return made


def test_a_regression_is_named_with_its_explanations() -> None:
    (row,) = trends(recordings([0.5] * 8 + [0.6] * 4)).to_dict("records")
    assert (row["said"], row["before"], row["at"]) == ("regression", "day-8", "day-9")
    assert row["change"] == pytest.approx(1.2, rel=0.02)
    assert any("version none became 0.9.0" in line for line in row["explanations"])


def test_an_improvement_is_no_regression() -> None:
    (row,) = trends(recordings([0.5] * 8 + [0.4] * 4)).to_dict("records")
    assert row["said"] == "improvement"


def test_few_recordings_say_so() -> None:
    (row,) = trends(recordings([0.5, 0.9])).to_dict("records")
    assert row["said"] == f"too few recordings: 2 of {SHORTEST}"


def test_a_recording_given_twice_counts_once() -> None:
    made = recordings([0.5] * 4 + [0.6] * 2)
    (row,) = trends([*made, *made]).to_dict("records")
    assert row["recordings"] == 6
    assert row["p"] is None


def test_machines_are_judged_apart() -> None:
    made = recordings([0.5] * 8 + [0.6] * 4)
    apart = [
        (m, table.assign(machine="other") if k >= 8 else table) for k, (m, table) in enumerate(made)
    ]
    rows = trends(apart)
    assert sorted(rows["recordings"]) == [4, 8]
    assert not (rows["said"] == "regression").any()
