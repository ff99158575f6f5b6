"""Every dataset by name: the fixed ones, the synthetic ones, the user's own."""

from __future__ import annotations

from types import ModuleType

from rmlbench_utils.datasets import (
    adult,
    adult_numeric,
    boston,
    breast_cancer,
    california,
    covertype,
    csv,
    diabetes,
    digits,
    iris,
    network_data,
    synthetic,
    synthetic_classes,
    wine,
    wine_red,
    wine_white,
)
from rmlbench_utils.datasets.card import Card, Table
from rmlbench_utils.protocol.errors import UsageError, nearest

_REGRESSION = (diabetes, boston, wine_red, wine_white, california)
_CLASSES = (iris, wine, breast_cancer, digits, adult, adult_numeric, covertype)
FIXED: dict[str, ModuleType] = {module.CARD.name: module for module in _REGRESSION + _CLASSES}
SYNTHETIC = {kind: module for module in (synthetic, synthetic_classes) for kind in module.KINDS}
EXAMPLES = (
    "synthetic_linear_20000x50",
    "synthetic_linear_2000x20_cond1e6",
    "synthetic_nonlinear_2000x20",
    "synthetic_sparse_2000x1000",
    "synthetic_deficient_500x30",
    "synthetic_classification_5000x20",
    "synthetic_classification_5000x20_k3",
    "synthetic_blobs_1000x2",
    "synthetic_blobs_1000x3",
    "synthetic_moons_1000x2",
    "synthetic_circles_1000x2",
)


def catalogue() -> dict[str, Card]:
    """The cards by name; of the datasets that take any size, one of each kind."""
    cards = {name: module.CARD for name, module in FIXED.items()}
    cards["adult_2000"] = adult.card("adult_2000")
    cards |= {name: _synthetic(name).card(name) for name in EXAMPLES}
    return cards | network_data.cards()


def check_name(name: str) -> None:
    """Refuse a name no loader answers to, without loading anything.

    Raises
    ------
    UsageError
        With the nearest names.
    """
    if network_data.known(name):
        return
    if name.startswith("synthetic_"):
        _synthetic(name).parse(name)
    elif name.startswith(csv.PREFIXES):
        csv.parse(name)
    elif name.startswith("adult_numeric"):
        adult_numeric.parse(name)
    elif name.startswith("adult_"):
        adult.parse(name)
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
    if name.startswith(csv.PREFIXES):
        return csv.load(name, folds)
    if name.startswith("adult_numeric"):
        return adult_numeric.load(name)
    if name.startswith("adult_"):
        return adult.load(name)
    table: Table = (
        _synthetic(name).load(name) if name.startswith("synthetic_") else FIXED[name].load()
    )
    return table


def _synthetic(name: str) -> ModuleType:
    """The module that makes a synthetic dataset's kind."""
    kind = name.split("_")[1]
    if kind not in SYNTHETIC:
        raise UsageError(
            f"dataset {name!r} is of no known kind: nearest are {nearest(kind, SYNTHETIC)}"
        )
    return SYNTHETIC[kind]
