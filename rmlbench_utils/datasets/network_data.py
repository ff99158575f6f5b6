"""Every dataset that networks learn from, by name."""

from __future__ import annotations

from collections.abc import Callable

from rmlbench_utils.datasets import mnist_5000, sequences, synthetic_examples
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.examples import Examples

FIXED: dict[str, tuple[Card, Callable[[], Examples]]] = {
    mnist_5000.CARD.name: (mnist_5000.CARD, mnist_5000.load),
    "digits_rows": (sequences.card("digits_rows"), lambda: sequences.load("digits_rows")),
    "mnist_rows_5000": (
        sequences.card("mnist_rows_5000"),
        lambda: sequences.load("mnist_rows_5000"),
    ),
}
SAMPLES = ("synthetic_images_64x3x32x32", "sine_400")  # of those that take any size


def cards() -> dict[str, Card]:
    """The cards by name; of the datasets that take any size, one of each kind."""
    made = {name: synthetic_examples.card(name) for name in SAMPLES}
    return {name: card for name, (card, _) in FIXED.items()} | made


def known(name: str) -> bool:
    """Whether networks learn from a dataset of this name.

    Raises
    ------
    UsageError
        If it is of a kind that takes any size, but not of its form.
    """
    if name.startswith(synthetic_examples.PREFIXES):
        synthetic_examples.parse(name)
        return True
    return name in FIXED


def load(name: str) -> Examples:
    """A dataset in memory, checked against its card.

    Raises
    ------
    Unavailable
        If it cannot be had here.
    """
    if name in FIXED:
        return FIXED[name][1]()
    return synthetic_examples.load(name)
