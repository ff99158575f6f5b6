"""Numbers and names as pages write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.show import wording


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (27.14e6, "ns", "27.1 ms"),
        (0.2, "ns", "0.200 ns"),
        (33.0, "s", "33.0 s"),
        (182e6, "bytes", "182 MB"),
        (12.0, "widgets", "12.0 widgets"),
        (math.nan, "ns", "–"),  # noqa: RUF001
    ],
)
def test_an_amount_has_the_unit_a_reader_would_choose(value: float, unit: str, said: str) -> None:
    assert wording.amount(value, unit) == said


def test_a_ratio_never_stands_without_its_interval() -> None:
    row = {"ratio": 0.8166, "ci_low": 0.7812, "ci_high": 0.8699}
    assert wording.interval(row) == "0.82 [0.78, 0.87]"
    assert wording.interval({**row, "ci_low": math.nan}) == "0.82 [no interval]"
    assert wording.interval({**row, "ratio": math.nan}) == "–"  # noqa: RUF001


@given(st.floats(min_value=1e-12, max_value=1e12), st.integers(min_value=1, max_value=4))
def test_digits_keeps_its_significant_digits(value: float, places: int) -> None:
    near = pytest.approx(value, rel=0.51 * 10 ** (1 - places))
    assert float(wording.digits(value, places)) == near


def test_memory_is_smaller_not_faster() -> None:
    assert wording.word("faster", "peak_rss") == "smaller"
    assert wording.word("faster", "wall") == "faster"


def test_lists_read_as_english() -> None:
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
