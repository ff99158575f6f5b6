"""Fieller's set: each of its kinds, and that it is the inversion of the t test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from rmlbench_utils.judge.break_even import BreakEven, break_even

WOBBLE = np.array([-1.0, 0.4, 0.9, -0.7, 1.2, -0.8, 0.3, -0.5, 0.6, -0.4])


def both(fixed: float, spread_f: float, call: float, spread_c: float) -> BreakEven:
    return break_even(fixed + spread_f * WOBBLE, call + spread_c * WOBBLE[::-1])


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ((-0.9, 0.05, 0.01, 0.0005), "between"),
        ((-0.9, 0.05, -0.01, 0.0005), "never"),
        ((-0.9, 0.05, 0.0001, 0.0005), "more than"),
        ((-0.01, 0.05, 0.01, 0.0005), "at most"),
        ((0.0, 0.05, 0.0, 0.0005), "anything"),
        ((-0.001, 0.05, 0.0001, 0.0005), "anything"),
    ],
)
def test_kinds(numbers: tuple[float, ...], kind: str) -> None:
    assert both(*numbers).kind == kind


def test_two_rays() -> None:
    """Both differences are small beside their spread, but one rises as the other falls."""
    found = break_even(0.5 + WOBBLE, 0.5 - 0.98 * WOBBLE)
    assert found.kind == "outside"
    assert 0 <= found.low < found.high


def test_without_spread_the_set_is_the_point() -> None:
    found = both(-0.9, 0.0, 0.003, 0.0)
    assert (found.kind, found.estimate) == ("between", pytest.approx(300))
    assert [found.low, found.high] == pytest.approx([300, 300])


def inside(found: BreakEven, n: float) -> bool:
    return {
        "never": False,
        "between": found.low <= n <= found.high,
        "at most": n <= found.high,
        "more than": n >= found.low,
        "outside": n <= found.low or n >= found.high,
        "anything": True,
    }[found.kind]


numbers = st.lists(st.floats(-10, 10), min_size=4, max_size=12)


@given(numbers, numbers, st.floats(0, 1e4))
def test_a_number_is_in_the_set_where_the_t_test_does_not_reject(
    one: list[float], other: list[float], n: float
) -> None:
    size = min(len(one), len(other))
    fixed, call = np.array(one[:size]), np.array(other[:size])
    total = fixed + n * call
    if np.ptp(total) < 1e-6 or np.ptp(fixed) < 1e-6 or np.ptp(call) < 1e-6:
        return
    p = stats.ttest_1samp(total, 0.0).pvalue
    if abs(p - 0.05) < 1e-5:
        return
    assert inside(break_even(fixed, call), n) == (p > 0.05)


def test_the_interval_ends_where_scipys_t_test_has_p_of_a_twentieth() -> None:
    fixed, call = -0.9 + 0.05 * WOBBLE, 0.01 + 0.0005 * WOBBLE[::-1]
    found = break_even(fixed, call)

    def excess(n: float) -> float:
        return float(stats.ttest_1samp(fixed + n * call, 0.0).pvalue) - 0.05

    assert found.low == pytest.approx(optimize.brentq(excess, 1, found.estimate), rel=1e-6)
    assert found.high == pytest.approx(optimize.brentq(excess, found.estimate, 1e4), rel=1e-6)


def test_the_set_holds_the_truth_even_where_it_is_far_away() -> None:
    random = np.random.default_rng(20261123)
    for call in (0.01, 0.0005):
        held = sum(
            inside(
                break_even(
                    -0.9 + 0.1 * random.standard_normal(10),
                    call + 0.001 * random.standard_normal(10),
                ),
                0.9 / call,
            )
            for _ in range(1000)
        )
        assert stats.binomtest(held, 1000, 0.95).pvalue > 0.001


def test_one_block_is_refused() -> None:
    with pytest.raises(ValueError, match="1 blocks: a set needs at least 2"):
        break_even(np.ones(1), np.ones(1))
