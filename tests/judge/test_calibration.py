"""The judge's error rates, from recordings in which the truth is known."""

import numpy as np
import pandas as pd
import pytest

from rmlbench_utils.judge.calibration import comparisons
from rmlbench_utils.judge.error_rates import own, rates, share, tools
from rmlbench_utils.protocol.record import PlannedCase
from tests.judge.factory import Synthetic, make_case, make_manifest, planned

SAME = tuple(f"same-{name}" for name in "abcdef")
PLUS = {"plus-1": 1.01, "plus-5": 1.05, "plus-10": 1.1}


def recording(sets: int, noise: float, lie: float = 1.0) -> Synthetic:
    """Six equal names and three effects in each set; ``lie`` slows one of the equal names."""
    names = (*SAME, *PLUS)
    cases = [
        PlannedCase(
            case=make_case(
                params={"alpha": float(k)}, contenders=names, baseline=names[0], known={}
            ),
            contenders=[planned(name) for name in names],
        )
        for k in range(1, sets + 1)
    ]
    times = {name: 2e6 * ratio for name, ratio in PLUS.items()}
    times |= dict.fromkeys(SAME, 2e6) | {"same-f": 2e6 * lie}
    return Synthetic(make_manifest(cases), times=times, noise=noise)


def judged(synthetic: Synthetic) -> pd.DataFrame:
    return comparisons(synthetic.manifest, synthetic.records())


def test_every_pair_of_which_the_truth_is_known_is_judged_once() -> None:
    table = judged(recording(2, 0.02))
    by_set = table.groupby(["set", "experiment"]).size().unstack()
    assert (by_set["identical"] == 15).all()
    assert (by_set["effect"] == 6 * len(PLUS)).all()
    assert not table.duplicated(["set", "contender", "baseline"]).any()
    assert set(table.loc[table["experiment"] == "effect", "truth"]) == {1.01, 1.05, 1.1}


def test_rates_on_honest_noise_are_the_nominal_ones() -> None:
    found = rates(judged(recording(40, 0.03)))
    assert found["comparisons"] == 600
    assert found["false_positive_rate"] == pytest.approx(0.05, abs=0.03)
    assert found["false_positive_rate"] <= found["false_positive_high"] < 0.09
    assert found["coverage"] == pytest.approx(0.95, abs=0.025)
    assert found["coverage_low"] < 0.95 < found["coverage_high"]
    assert found["intervals"] == 40 * 18
    assert found["power"]["0.10"]["rate"] > 0.95
    assert found["power"]["0.01"]["right"] == "equivalent"
    assert found["power"]["0.05"]["low"] <= found["power"]["0.05"]["rate"]


def test_beside_other_tools_stand_our_verdicts_and_our_interval_alone() -> None:
    table = judged(recording(40, 0.03))
    found = {(row["tool"], row["truth"]): row for row in tools(pd.DataFrame(own(table, 2.0)))}
    alone, told = found["rmlbench, interval", 1.0], found["rmlbench", 1.0]
    assert alone["different"] == rates(table)["false_positives"] > 0
    assert told["different"] <= alone["different"]
    assert found["rmlbench", 1.05]["rate"] == rates(table)["power"]["0.05"]["rate"]
    assert {row["seconds"] for row in found.values()} == {2.0}


def test_a_name_that_is_not_the_same_is_found_out() -> None:
    found = rates(judged(recording(20, 0.01, lie=1.05)))
    assert found["false_positive_rate"] > 0.3
    assert found["family_wise_rate"] > 0.9


def test_equal_arithmetic_means_of_unequal_spread_have_their_own_truth() -> None:
    case = make_case(contenders=("steady", "ragged"), baseline="steady", known={})
    cases = [PlannedCase(case=case, contenders=[planned("steady"), planned("ragged")])]
    random = np.random.default_rng(0)
    synthetic = Synthetic(
        make_manifest(cases),
        blocks=4000,
        noise=0.01,
        times={"steady": 104e4, "ragged": lambda _: 140e4 if random.random() < 0.1 else 100e4},
    )
    row = judged(synthetic).iloc[0]
    assert row["experiment"] == "spread"
    assert row["truth"] == pytest.approx(1.4**0.1 / 1.04)
    assert row["low"] < row["truth"] < row["high"]


def test_a_share_of_sets_that_agree_still_has_an_interval() -> None:
    hits, sets = pd.Series([True] * 12), pd.Series([k // 3 for k in range(12)])
    rate, low, high = share(hits, sets)
    assert (rate, high) == (1.0, 1.0)
    assert low is not None
    assert low < 0.5


def test_sets_that_differ_make_the_interval_wider_than_pairs_would() -> None:
    sets = pd.Series([k // 15 for k in range(600)])
    hits = sets.isin((1, 2, 3, 4))  # four sets in which everything went wrong
    rate, low, high = share(hits, sets)
    assert rate == pytest.approx(0.1)
    assert low is not None
    assert high is not None
    assert high - low > 0.15


def test_a_recording_without_known_pairs_has_nothing_to_say() -> None:
    assert judged(Synthetic(make_manifest())).empty
