"""Every dataset that networks learn from, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rmlbench_utils.datasets import (
    cifar,
    fashion_mnist,
    folder,
    foolbox_imagenet,
    language,
    mnist,
    mnist_5000,
    sentiment,
    sequences,
    series,
    synthetic_examples,
)
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.examples import Examples

_ALONE = (mnist_5000, mnist, fashion_mnist, foolbox_imagenet, sentiment)
_TOGETHER = (
    (sequences.CARDS, sequences.load),
    (cifar.CARDS, cifar.load),
    (series.CARDS, series.load),
    (language.CARDS, language.load),
)
FIXED: dict[str, tuple[Card, Callable[[], Examples]]] = {
    module.CARD.name: (module.CARD, module.load) for module in _ALONE
} | {name: (card, partial(load, name)) for cards, load in _TOGETHER for name, card in cards.items()}
OWN = folder.PREFIX  # a folder of the user's images
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
        If it is of a kind that takes any size or the user's images, but not of its form.
    """
    if name.startswith(folder.PREFIX):
        folder.parse(name)
        return True
    if name.startswith(synthetic_examples.PREFIXES):
        synthetic_examples.parse(name)
        return True
    return name in FIXED


def load(name: str) -> Examples:
    """A dataset in memory, checked against its card.

    Raises
    ------
    UsageError
        If the user's images are not usable.
    Unavailable
        If it cannot be had here.
    """
    if name.startswith(folder.PREFIX):
        return folder.load(name)
    if name in FIXED:
        return FIXED[name][1]()
    return synthetic_examples.load(name)
