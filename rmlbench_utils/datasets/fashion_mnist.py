"""Fashion-MNIST: from Debian's package where it is installed, else downloaded."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.datasets import idx
from rmlbench_utils.datasets.card import Card, changed
from rmlbench_utils.datasets.downloads import downloaded
from rmlbench_utils.datasets.examples import Examples, content_digest

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
ADDRESS = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
SHA256 = (
    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
)
CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)

CARD = Card(
    name="fashion_mnist",
    title="70,000 photographs of clothes, 28 x 28 pixels",
    source="Xiao, Rasul and Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking "
    "machine learning algorithms, arXiv:1708.07747 (2017)",
    licence="MIT",
    packaged_in="Debian's dataset-fashion-mnist, else a download",
    rows=70000,
    columns=784,
    target="kind of clothes, 10 classes, 7,000 images each",
    problems="training and test images together (60,000 and 10,000), split anew, so scores are "
    "not those published; shirts, pullovers and coats are hard to tell apart for people too; "
    "without Debian's package it needs a network once, unavailable without",
    checked="SHA-256 of all images and classes, of Debian's files; of a download that of "
    "each file too, which many repositories pin",
    sha256="2cbc59191665e1ba3f2494648f17edac5974f748ab89fb2ae05597d658161f54",
)


def load() -> Examples:
    """The images ``[n, 1, 28, 28]`` and their classes.

    Raises
    ------
    Unavailable
        Without Debian's files and a network, or if they are others.
    """
    paths = [DEBIAN / name for name in idx.FILES]
    if not all(path.exists() for path in paths):
        pinned = zip(idx.FILES, SHA256, strict=True)
        paths = [downloaded(CARD, ADDRESS + name, sha256) for name, sha256 in pinned]
    images, labels = idx.pixels(CARD, paths)
    found = content_digest(images, labels)
    if found != CARD.sha256:
        raise changed(CARD, found)
    return idx.examples(images, labels, found, CLASSES)
