"""Sign flips, bootstrap-t, coverage, and the descriptive battery against published values."""

import numpy as np
import pytest

from rmlbench_utils.judge.checks import bootstrap_t, sign_flip
from rmlbench_utils.judge.coverage import simulate
from rmlbench_utils.judge.descriptive import describe, effect_sizes
from rmlbench_utils.judge.failures import clopper_pearson
from rmlbench_utils.judge.statistics import interval, p_value, paired

# Darwin's maize, crossed minus self-fertilised, eighths of an inch: Fisher, The Design of
# Experiments (1935), sections 17 to 21.
DARWIN = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], float)


def test_fishers_randomisation_test() -> None:
    # Section 21: 863 of 32,768 arrangements on either side are as extreme.
    assert sign_flip(DARWIN) == pytest.approx(2 * 863 / 32768, abs=1e-12)


def test_fishers_t_of_darwins_maize() -> None:
    fit = paired(DARWIN)
    assert fit.estimate / fit.error == pytest.approx(2.148, abs=5e-4)


def test_sign_flip_agrees_with_t_where_both_hold() -> None:
    random = np.random.default_rng(7)
    x = np.resize([1.0, -1.0], 40)
    y = 0.02 + 0.05 * x + 0.05 * random.standard_normal(40)
    assert sign_flip(y, x) == pytest.approx(float(p_value(paired(y, x))), abs=0.02)


def test_bootstrap_t_agrees_with_t_where_both_hold() -> None:
    random = np.random.default_rng(8)
    x = np.resize([1.0, -1.0], 60)
    y = 0.02 + 0.05 * x + 0.05 * random.standard_normal(60)
    assert bootstrap_t(y, x) == pytest.approx(interval(paired(y, x)), abs=0.003)


def test_bootstrap_t_of_equal_blocks_is_a_point() -> None:
    assert bootstrap_t(np.full(12, 0.1)) == pytest.approx((0.1, 0.1))


@pytest.mark.parametrize(
    ("failed", "runs", "low", "high"),
    [
        (81, 263, 0.2527, 0.3676),
        (15, 148, 0.0578, 0.1617),
        (0, 20, 0.0000, 0.1684),
        (1, 29, 0.0009, 0.1776),
    ],
)
def test_clopper_pearson(failed: int, runs: int, low: float, high: float) -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857, table I, method 5.
    assert clopper_pearson(failed, runs) == pytest.approx((low, high), abs=5e-5)


def with_moments(mean: float, sd: float, n: int) -> np.ndarray:
    values = np.random.default_rng(n).normal(size=n)
    return mean + sd * (values - values.mean()) / values.std(ddof=1)


def test_cohen_d_and_hedges_g() -> None:
    # Borenstein et al., Introduction to Meta-Analysis (2009), ch. 4: means 103 and 100,
    # standard deviations 5.5 and 4.5, 50 each.
    found = effect_sizes(with_moments(103, 5.5, 50), with_moments(100, 4.5, 50))
    assert found["cohen_d"] == pytest.approx(0.5970, abs=5e-5)
    assert found["hedges_g"] == pytest.approx(0.5924, abs=5e-5)


def test_cliff_delta() -> None:
    # Hogarty and Kromrey (1999), Using SAS to calculate tests of Cliff's delta; the example
    # of R's effsize::cliff.delta: -0.25.
    found = effect_sizes([10, 10, 20, 20, 20, 30, 30, 30, 40, 50], [10, 20, 30, 40, 40, 50])
    assert found["cliff_delta"] == pytest.approx(-0.25)
    assert found["cles"] == pytest.approx(0.375)


def test_wilcoxon_signed_rank() -> None:
    # Hollander and Wolfe (1973), p. 29, as in R's ?wilcox.test: V = 40, one-sided p = 0.01953.
    first = np.array([1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30])
    second = np.array([0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29])
    found = describe(np.exp(first), np.exp(second))
    assert found["wilcoxon_w"] == 45 - 40
    assert found["wilcoxon_p"] == pytest.approx(2 * 0.01953, abs=1e-5)


def test_mann_whitney() -> None:
    # R: wilcox.test(extra ~ group, data = sleep): W = 25.5, p = 0.06933.
    first = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
    second = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
    found = describe(np.exp(first), np.exp(second))
    assert found["mann_whitney_u"] == 25.5
    assert found["mann_whitney_p"] == pytest.approx(0.06933, abs=5e-6)


def test_shapiro_wilk() -> None:
    # Shapiro and Wilk (1965), Biometrika 52, 591: weights of 11 men, W = 0.79.
    weights = np.array([148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236], float)
    found = describe(np.exp(weights / 100), np.ones(11))
    assert found["shapiro_w"] == pytest.approx(0.79, abs=0.005)
    assert found["shapiro_p"] < 0.01


def test_equal_values_have_no_tests() -> None:
    found = describe(np.full(10, 2.0), np.full(10, 2.0))
    assert set(found) == {"mann_whitney_u", "mann_whitney_p", "cles", "cliff_delta"}
    assert found["cliff_delta"] == 0


def test_coverage_is_nominal() -> None:
    table = simulate(draws=4000)
    print(table.round(4).to_string(index=False))
    assert set(table["blocks"]) == {10, 20, 30, 60}
    held = table[(table["distribution"] != "contaminated") & (table["blocks"] >= 20)]
    assert len(held) == 6
    assert (held["coverage"] - held["nominal"]).abs().max() <= 0.02
    assert (table["draws"] >= 2000).all()
    assert (table["coverage_low"] < table["coverage"]).all()
