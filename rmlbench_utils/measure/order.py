"""Balanced orders of the contenders inside blocks (Williams 1949)."""

from __future__ import annotations

import random
from collections.abc import Sequence


def williams(k: int) -> list[list[int]]:
    """Rows of a Williams square for ``k`` treatments.

    Every treatment stands equally often at every position and follows every other equally
    often: k rows if k is even, 2k (a square and its mirror) if odd. Two give AB and BA.
    """
    first = [0]
    for step in range(1, k):
        first.append((first[-1] + (step if step % 2 else -step)) % k)
    rows = [[(value + shift) % k for value in first] for shift in range(k)]
    return rows if k % 2 == 0 else rows + [row[::-1] for row in rows]


def orders(names: Sequence[str], blocks: int, seed: int, case: str) -> list[list[str]]:
    """The order of ``names`` in each of ``blocks`` blocks, fixed by seed and case.

    Whole squares are used one after the other, the rows of each in random order.
    """
    chooser = random.Random(f"{seed}/{case}")
    out: list[list[str]] = []
    while len(out) < blocks:
        labels = list(names)
        chooser.shuffle(labels)
        rows = williams(len(labels))
        chooser.shuffle(rows)
        out += [[labels[i] for i in row] for row in rows]
    return out[:blocks]
