"""Starts of clusterings: distinct rows, the same each time, drawn by squared distance."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.datasets.start import start_rows


@given(seed=st.integers(0, 1000), n=st.integers(1, 40), repeated=st.integers(1, 5))
def test_rows_are_distinct_even_among_identical_points(seed: int, n: int, repeated: int) -> None:
    x = np.repeat(np.random.default_rng(seed).standard_normal((n, 2)), repeated, axis=0)
    rows = start_rows(x, len(x), seed)
    assert sorted(rows.tolist()) == list(range(len(x)))
    assert start_rows(x, len(x), seed).tolist() == rows.tolist()
    assert len(np.unique(x[rows[:n]], axis=0)) == n


def test_far_points_are_drawn_in_proportion_to_their_squared_distance() -> None:
    x = np.array([[0.0], [1.0], [3.0]])
    second = [rows[1] for s in range(4000) if (rows := start_rows(x, 2, s))[0] == 0]
    share = np.mean([row == 2 for row in second])
    assert abs(share - 0.9) < 0.05
