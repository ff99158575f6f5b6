"""Orders inside blocks are balanced."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.measure.order import orders, williams


@pytest.mark.parametrize("k", range(1, 12))
def test_williams_squares_balance_positions_and_predecessors(k: int) -> None:
    rows = williams(k)
    positions = Counter((i, value) for row in rows for i, value in enumerate(row))
    follows = Counter(pair for row in rows for pair in pairwise(row))
    assert set(positions.values()) == {len(rows) // k}
    assert len(follows) == k * (k - 1)
    assert len(set(follows.values())) <= 1


def test_two_contenders_are_half_ab_half_ba() -> None:
    made = orders(["a", "b"], 60, 0, "case")
    assert Counter(map(tuple, made)) == {("a", "b"): 30, ("b", "a"): 30}
    assert made[:4] != [["a", "b"], ["b", "a"]] * 2 or made != orders(["a", "b"], 60, 1, "case")


@given(
    st.lists(st.text(min_size=1, max_size=4), min_size=1, max_size=9, unique=True),
    st.integers(1, 40),
    st.integers(0, 99),
)
def test_every_block_holds_every_contender_once(names: list[str], blocks: int, seed: int) -> None:
    made = orders(names, blocks, seed, "case")
    assert len(made) == blocks
    assert all(sorted(row) == sorted(names) for row in made)
    assert made == orders(names, blocks, seed, "case")
    assert made[: blocks // 2] == orders(names, blocks, seed, "case")[: blocks // 2]
