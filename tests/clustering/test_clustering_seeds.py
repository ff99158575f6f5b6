"""Free seeds are judged by equivalence."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rmlbench_utils.judge.clustering.seeds import equivalent


def outcomes(seed: int, n: int = 30, mean: float = 100.0, spread: float = 1.0) -> np.ndarray:
    return mean + spread * np.random.default_rng(seed).standard_normal(n)


def test_like_outcomes_pass_with_an_interval_inside_the_margin() -> None:
    found = equivalent(outcomes(1), outcomes(2), 0.05)
    assert (found.parity, found.reason) == ("pass", "")
    assert found.allowed == pytest.approx((1 / 1.05, 1.05))
    assert 1 / 1.05 < found.low < found.estimate < found.high < 1.05
    assert (found.seeds, found.missing) == ((30, 30), (0, 0))


def test_the_interval_is_scipys_welch_interval() -> None:
    a, b = outcomes(1, 25), outcomes(2, 40, spread=3.0)
    theirs = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.90)
    found = equivalent(a, b, 1.0, "difference")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high))
    logs = stats.ttest_ind(np.log(a), np.log(b), equal_var=False).confidence_interval(0.90)
    ratio = equivalent(a, b, 1.0)
    assert (ratio.low, ratio.high) == pytest.approx((np.exp(logs.low), np.exp(logs.high)))


def test_wide_outcomes_are_not_called_alike_for_lack_of_significance() -> None:
    found = equivalent(outcomes(1, 20, spread=30.0), outcomes(2, 20, spread=30.0), 0.02)
    assert found.parity == "unchecked"
    assert "is not inside 0.9804 to 1.02" in found.reason


def test_too_few_seeds_show_nothing() -> None:
    found = equivalent(outcomes(1, 19), outcomes(2, 30), 0.05)
    assert found.parity == "unchecked"
    assert "19 and 30 seeds have an outcome: at least 20" in found.reason
    assert np.isnan(found.estimate)


def test_a_seed_without_an_outcome_is_counted_and_no_pass() -> None:
    a = outcomes(1)
    a[3] = np.nan
    found = equivalent(a, outcomes(2), 0.05)
    assert found.missing == (1, 0)
    assert found.parity == "unchecked"
    assert "1 and 0 seeds have no outcome" in found.reason


def test_without_spread_the_difference_decides() -> None:
    same = np.full(20, 7.0)
    assert equivalent(same, same, 1e-6).parity == "pass"
    assert equivalent(same, same * 1.1, 0.05).parity == "unchecked"


def test_a_better_outcome_is_not_the_same_outcome() -> None:
    found = equivalent(outcomes(1, mean=50.0), outcomes(2), 0.05)
    assert found.parity == "unchecked"
    assert found.estimate == pytest.approx(0.5, rel=0.02)


@pytest.mark.parametrize(
    ("margin", "baseline", "words"), [(0.0, 1.0, "margin is 0"), (0.1, -1.0, "an objective is -1")]
)
def test_what_cannot_be_asked_is_refused(margin: float, baseline: float, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        equivalent(np.ones(20), np.full(20, baseline), margin)


def test_at_the_margin_one_in_twenty_passes() -> None:
    """5 % by the two one-sided tests; 8 % is 4.4 standard errors above that in 1,000 pairs."""
    random = np.random.default_rng(0)
    passed = sum(
        equivalent(
            np.exp(0.02 * random.standard_normal(20)) * 1.05,
            np.exp(0.02 * random.standard_normal(20)),
            0.05,
        ).parity
        == "pass"
        for _ in range(1000)
    )
    assert passed <= 80
