"""CIFAR-10 and CIFAR-100, downloaded in the version that holds bytes, not pickles."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np

from rmlbench_utils.datasets.card import Card, Unavailable
from rmlbench_utils.datasets.downloads import downloaded
from rmlbench_utils.datasets.examples import Examples

ADDRESS = "https://www.cs.toronto.edu/~kriz/"
IMAGE = 3 * 32 * 32
_SOURCE = "Krizhevsky, Learning multiple layers of features from tiny images (2009)"
_PROBLEMS = (
    "training and test images together (50,000 and 10,000), split anew, so scores are not those "
    "published; some images are near copies of others (Barz and Denzler 2020) and may land on both "
    "sides; 0.7 GB in memory; needs a network once, unavailable without"
)


def _card(classes: int, sha256: str) -> Card:
    return Card(
        name=f"cifar{classes}",
        title=f"60,000 photographs of {classes} kinds of things, 32 x 32 pixels",
        source=_SOURCE,
        licence="no licence stated (public)",
        packaged_in="the author's page (downloads)",
        rows=60000,
        columns=IMAGE,
        target=f"what is seen, {classes} classes, {60000 // classes:,} images each",
        problems=_PROBLEMS,
        checked="SHA-256 of the archive, which many repositories pin; images are counted when it "
        "is loaded",
        sha256=sha256,
    )


CARDS = {
    "cifar10": _card(10, "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"),
    "cifar100": _card(100, "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"),
}
ARCHIVES = {"cifar10": "cifar-10-binary.tar.gz", "cifar100": "cifar-100-binary.tar.gz"}
_MEMBERS = {  # those with images, and the one with the names of the classes
    "cifar10": (
        [f"cifar-10-batches-bin/data_batch_{k}.bin" for k in range(1, 6)]
        + ["cifar-10-batches-bin/test_batch.bin"],
        "cifar-10-batches-bin/batches.meta.txt",
    ),
    "cifar100": (
        ["cifar-100-binary/train.bin", "cifar-100-binary/test.bin"],
        "cifar-100-binary/fine_label_names.txt",
    ),
}


def load(name: str) -> Examples:
    """Images ``[n, 3, 32, 32]``, from 0 to 255, and their classes; of CIFAR-100 the fine ones.

    Raises
    ------
    Unavailable
        Without a network, or if what came is not the data.
    """
    card = CARDS[name]
    assert card.sha256 is not None
    return read(card, downloaded(card, ADDRESS + ARCHIVES[name], card.sha256))


def read(card: Card, path: Path) -> Examples:
    """What is in an archive: before each image its class, of CIFAR-100 the coarse one first.

    Raises
    ------
    Unavailable
        If it does not hold what the card says.
    """
    files, names = _MEMBERS[card.name]
    labels = 1 if card.name == "cifar10" else 2
    try:
        with tarfile.open(path) as archive:
            content = b"".join(_member(archive, file) for file in files)
            classes = tuple(_member(archive, names).decode("ascii").split())
        rows = np.frombuffer(content, dtype=np.uint8).reshape(-1, labels + IMAGE)
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise Unavailable(
            f"{card.name}: {path} is not the archive it should be: {error}"
        ) from error
    if len(rows) != card.rows:
        raise Unavailable(f"{card.name}: {path} holds {len(rows)} images, not {card.rows}")
    x = rows[:, labels:].reshape(-1, 3, 32, 32).astype(np.float32)
    y = rows[:, labels - 1].astype(np.int64)
    assert card.sha256 is not None
    return Examples(x, y, len(classes), card.sha256, classes=classes)


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(f"{name} is no file")
    return file.read()
