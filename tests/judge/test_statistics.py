"""The t test with position as covariate, against published worked examples."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower
from statsmodels.stats.weightstats import ttost_paired

from rmlbench_utils.judge.statistics import (
    detectable_ratio,
    detectable_words,
    equivalence_p,
    half_width,
    interval,
    p_value,
    paired,
)

# Student (1908), Biometrika 6, 20: hours of sleep gained with two drugs; values as in R's `sleep`.
DRUG_1 = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
DRUG_2 = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
# Anscombe (1973), American Statistician 27, 17: the first of the quartet.
ANSCOMBE_X = np.array([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], float)
ANSCOMBE_Y = np.array([8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])


def test_students_sleep() -> None:
    fit = paired(DRUG_1 - DRUG_2)
    assert fit.estimate / fit.error == pytest.approx(-4.0621, abs=5e-5)
    assert fit.freedom == 9
    assert p_value(fit) == pytest.approx(0.002833, abs=5e-7)
    assert interval(fit) == pytest.approx((-2.4598858, -0.7001142), abs=5e-8)


def test_anscombe_intercept_and_slope() -> None:
    fit = paired(ANSCOMBE_Y, ANSCOMBE_X)
    assert fit.estimate == pytest.approx(3.0001, abs=5e-5)
    assert fit.slope == pytest.approx(0.5001, abs=5e-5)
    assert fit.error == pytest.approx(1.1247, abs=5e-5)
    assert fit.spread == pytest.approx(1.2366, abs=5e-5)
    assert fit.freedom == 9


def test_position_that_never_changes_leaves_the_plain_mean() -> None:
    plain, constant = paired(DRUG_1 - DRUG_2), paired(DRUG_1 - DRUG_2, np.full(10, -1.0))
    assert (constant.estimate, constant.error, constant.freedom) == (
        plain.estimate,
        plain.error,
        plain.freedom,
    )


def test_position_effect_is_taken_out() -> None:
    random = np.random.default_rng(1)
    position = np.array([1.0] * 14 + [-1.0] * 6)
    y = np.log(0.9) + 0.3 * position + 1e-3 * random.standard_normal(20)
    fit = paired(y, position)
    assert np.exp(fit.estimate) == pytest.approx(0.9, rel=1e-3)
    assert fit.slope == pytest.approx(0.3, rel=1e-2)
    assert abs(np.exp(paired(y).estimate) - 0.9) > 0.05


def test_missing_blocks_are_left_out() -> None:
    y = DRUG_1 - DRUG_2
    x = np.resize([1.0, -1.0], 10)
    gaps = np.insert(y, [3, 7], np.nan)
    with_gaps = paired(gaps, np.insert(x, [3, 7], 9.0))
    whole = paired(y, x)
    assert with_gaps.pairs == 10
    assert with_gaps.estimate == pytest.approx(whole.estimate)
    assert with_gaps.error == pytest.approx(whole.error)


def test_rows_are_judged_as_if_alone() -> None:
    random = np.random.default_rng(2)
    y, x = random.normal(size=(4, 12)), random.choice([-1.0, 1.0], size=(4, 12))
    together = paired(y, x)
    for i in range(4):
        alone = stats.linregress(x[i], y[i])
        assert together.estimate[i] == pytest.approx(alone.intercept)
        assert together.error[i] == pytest.approx(alone.intercept_stderr)


def test_both_one_sided_tests_as_in_statsmodels() -> None:
    random = np.random.default_rng(3)
    a, b = np.exp(random.normal(0.01, 0.05, 20)), np.exp(random.normal(0, 0.05, 20))
    bound = np.log(1.05)
    expected, _, _ = ttost_paired(np.log(a), np.log(b), -bound, bound)
    assert equivalence_p(paired(np.log(a) - np.log(b)), 0.05) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("ratio", "p", "equivalence"), [(1.0, 1.0, 0.0), (1.04, 1.0, 0.0), (1.06, 0.0, 1.0)]
)
def test_without_variation_the_margin_decides(ratio: float, p: float, equivalence: float) -> None:
    fit = paired(np.full(12, np.log(ratio)), np.resize([1.0, -1.0], 12))
    assert p_value(fit, 0.05) == p
    assert equivalence_p(fit, 0.05) == equivalence


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_blocks_have_no_interval(n: int) -> None:
    fit = paired(np.zeros(n))
    assert np.isnan(half_width(fit))
    assert np.isnan(p_value(fit))
    assert np.isnan(equivalence_p(fit, 0.05))


def test_two_blocks_in_two_orders_leave_no_degree_of_freedom() -> None:
    fit = paired(np.array([0.1, 0.3]), np.array([1.0, -1.0]))
    assert fit.estimate == pytest.approx(0.2)
    assert np.isnan(half_width(fit))


def test_detectable_ratio_has_the_power_it_claims() -> None:
    ratio = detectable_ratio(0.1, 20, family=4)
    power = TTestPower().power(np.log(ratio) / 0.1, nobs=20, alpha=0.05 / 4, df=18)
    assert power == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("family", [1, 50, 1000])
@pytest.mark.parametrize("blocks", [3, 4, 5])
def test_few_blocks_of_a_large_family_need_a_large_ratio(blocks: int, family: int) -> None:
    freedom, draws = blocks - 2, 200_000
    shift = np.log(detectable_ratio(0.01, blocks, family=family)) / 0.01 * np.sqrt(blocks)
    random = np.random.default_rng(0)
    scale = np.sqrt(random.chisquare(freedom, draws) / freedom)
    found = (random.standard_normal(draws) + shift) / scale
    power = np.mean(found > stats.t.isf(0.05 / family / 2, freedom))
    assert power == pytest.approx(0.8, abs=0.005)  # five standard errors


def test_a_ratio_beyond_all_numbers_is_said_in_words() -> None:
    assert detectable_ratio(5.0, 3, family=1000) == np.inf
    assert detectable_words(np.inf) == "more than 100"


def test_detectable_ratio_of_measuring_md() -> None:
    # "about 1.14 for one row at 10 blocks, 1.26 in a table of 24", for one spread.
    assert detectable_ratio(0.13, 10) == pytest.approx(1.14, abs=0.01)
    assert detectable_ratio(0.13, 10, family=24) == pytest.approx(1.26, abs=0.02)


def test_detectable_ratio_refuses_two_blocks() -> None:
    with pytest.raises(ValueError, match="blocks is 2"):
        detectable_ratio(0.1, 2)


logs = st.lists(st.floats(-3, 3), min_size=4, max_size=30)


@given(logs, st.integers(0, 2**32 - 1))
def test_swapping_sides_gives_the_reciprocal_interval(values: list[float], seed: int) -> None:
    x = np.random.default_rng(seed).choice([-1.0, 1.0], len(values))
    low, high = interval(paired(values, x))
    other_low, other_high = interval(paired(-np.array(values), -x))
    assert (other_low, other_high) == pytest.approx((-high, -low), abs=1e-9)


@given(logs, st.integers(0, 2**32 - 1))
def test_the_order_of_blocks_does_not_matter(values: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    y, x = np.array(values), random.choice([-1.0, 1.0], len(values))
    order = random.permutation(len(values))
    assert interval(paired(y[order], x[order])) == pytest.approx(interval(paired(y, x)), abs=1e-9)
