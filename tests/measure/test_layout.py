"""Which layout a contender is timed in."""

import pytest

from rmlbench_utils.measure.pilot import fastest


@pytest.mark.parametrize(
    ("c", "f", "expected"),
    [
        (10.0, 8.0, "f"),
        (8.0, 10.0, "c"),
        (10.0, 9.7, "c"),
        (10.0, 9.5, "f"),
        (None, 9.0, "f"),
        (9.0, None, "c"),
        (None, None, None),
    ],
)
def test_fortran_order_is_used_where_it_is_faster_by_more_than_a_tie(c, f, expected):
    rows = [{"layout": "c", "fit_ns": c}, {"layout": "f", "fit_ns": f}]
    best = fastest(rows)
    assert (best and best["layout"]) == expected
