"""Every dataset by name: the fixed ones, the synthetic ones, the user's own."""

from __future__ import annotations

from types import ModuleType

from rmlbench_utils.datasets import (
    boston,
    california,
    csv,
    diabetes,
    synthetic,
    wine_red,
    wine_white,
)
from rmlbench_utils.datasets.card import Card, Table
from rmlbench_utils.protocol.errors import UsageError, nearest

FIXED: dict[str, ModuleType] = {
    module.CARD.name: module for module in (diabetes, boston, wine_red, wine_white, california)
}
EXAMPLES = (
    "synthetic_linear_20000x50",
    "synthetic_linear_2000x20_cond1e6",
    "synthetic_nonlinear_2000x20",
    "synthetic_sparse_2000x1000",
    "synthetic_deficient_500x30",
)


def catalogue() -> dict[str, Card]:
    """The cards by name; of the synthetic datasets, which take any size, one of each kind."""
    cards = {name: module.CARD for name, module in FIXED.items()}
    return cards | {name: synthetic.card(name) for name in EXAMPLES}


def check_name(name: str) -> None:
    """Refuse a name no loader answers to, without loading anything.

    Raises
    ------
    UsageError
        With the nearest names.
    """
    if name.startswith("synthetic_"):
        synthetic.parse(name)
    elif name.startswith("csv:"):
        csv.parse(name)
    elif name not in FIXED:
        raise UsageError(f"there is no dataset {name!r}: nearest are {nearest(name, catalogue())}")


def load(name: str, folds: int = 5) -> Table:
    """A dataset in memory, checked against its card.

    Raises
    ------
    UsageError
        If there is no such dataset, or the user's file is not usable.
    Unavailable
        If it cannot be had here.
    """
    check_name(name)
    if name.startswith("synthetic_"):
        return synthetic.load(name)
    if name.startswith("csv:"):
        return csv.load(name, folds)
    table: Table = FIXED[name].load()
    return table
