"""Adjusted p-values against published examples; intervals that agree with them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from rmlbench_utils.judge.multiplicity import Adjust, adjusted, simultaneous
from rmlbench_utils.judge.statistics import interval, p_value, paired

# Benjamini and Hochberg (1995), JRSS B 57, 289, section 4.2: 15 comparisons of two treatments.
INFARCTION = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]
METHODS: tuple[Adjust, ...] = ("holm", "bonferroni", "fdr")
STATSMODELS = {"holm": "holm", "bonferroni": "bonferroni", "fdr": "fdr_bh"}


@pytest.mark.parametrize(("method", "rejected"), [("bonferroni", 3), ("holm", 3), ("fdr", 4)])
def test_benjamini_hochberg_1995(method: Adjust, rejected: int) -> None:
    assert (adjusted(INFARCTION, method) <= 0.05).sum() == rejected


def test_holm_worked_example() -> None:
    # Wikipedia, "Holm-Bonferroni method", worked example: H4 and H1 are rejected at 0.05.
    assert adjusted([0.01, 0.04, 0.03, 0.005], "holm") == pytest.approx([0.03, 0.06, 0.06, 0.02])


@settings(max_examples=30, deadline=None)  # statsmodels collects garbage at every call
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.sampled_from(METHODS))
def test_as_statsmodels(p: list[float], method: Adjust) -> None:
    expected = multipletests(p, method=STATSMODELS[method])[1]
    assert adjusted(p, method) == pytest.approx(expected, abs=1e-12)


def test_a_row_without_p_still_counts() -> None:
    assert adjusted([0.02, np.nan], "holm") == pytest.approx([0.04, np.nan], nan_ok=True)


def test_an_empty_family_is_empty() -> None:
    assert adjusted([], "holm").shape == (0,)


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.sampled_from(METHODS))
def test_excludes_one_exactly_where_the_adjusted_p_rejects(
    seed: int, rows: int, method: Adjust
) -> None:
    random = np.random.default_rng(seed)
    shift = random.choice([0.0, 0.01, 0.03, 0.3], size=(rows, 1))
    x = np.resize([1.0, -1.0], 12)
    fit = paired(shift + 0.03 * random.standard_normal((rows, 12)), x)
    p = adjusted(p_value(fit), method)
    low, high = simultaneous(fit, p, method)
    assert ((low > 0) | (high < 0)).tolist() == (p < 0.05).tolist()
    plain_low, plain_high = interval(fit)
    if method == "bonferroni":
        assert (low <= plain_low + 1e-12).all()
        assert (high >= plain_high - 1e-12).all()


def test_a_family_of_one_has_the_plain_interval() -> None:
    fit = paired(np.random.default_rng(0).normal(0.1, 0.1, (1, 15)))
    for method in METHODS:
        low, high = simultaneous(fit, adjusted(p_value(fit), method), method)
        assert (low[0], high[0]) == pytest.approx([float(v[0]) for v in interval(fit)])


def test_holm_keeps_the_family_wise_error() -> None:
    random = np.random.default_rng(5)
    fit = paired(random.standard_normal((2000, 8, 20)), np.resize([1.0, -1.0], 20))
    p = p_value(fit)
    wrong = np.mean([(adjusted(row, "holm") < 0.05).any() for row in p])
    assert wrong < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 2000)
    assert np.mean((p < 0.05).any(axis=1)) > 0.2
