"""Twenty photographs of ImageNet, from the files of foolbox."""

from __future__ import annotations

import hashlib

import numpy as np

from rmlbench_utils.datasets.card import Card, changed, packaged_file
from rmlbench_utils.datasets.examples import Examples
from rmlbench_utils.datasets.photographs import SIDE, shown

CLASSES = (
    *(243, 559, 438, 990, 949, 853, 609, 609, 915, 455),
    *(541, 630, 741, 471, 129, 99, 251, 22, 317, 305),
)
# What EfficientNet-Lite was trained on: (pixel - 127) / 128, of pixels from 0 to 255.
SCALE = ((127 / 255,) * 3, (128 / 255,) * 3)

CARD = Card(
    name="foolbox_imagenet",
    title="20 photographs of ImageNet, 224 x 224 pixels",
    source="Russakovsky et al., ImageNet large scale visual recognition challenge, International "
    "Journal of Computer Vision 115 (2015) 211-252",
    licence="ImageNet's terms, for research and teaching; MIT (package)",
    packaged_in="foolbox",
    rows=20,
    columns=3 * SIDE * SIDE,
    target="which of ImageNet's 1,000 classes, by number",
    problems="20 images of 19 classes teach nothing, so they can only be told; foolbox calls them "
    "samples of ImageNet, they were not found again in ImageNet itself; already cut or scaled, 512 "
    "x 512 pixels but for one; JPEG decoders may differ by a step of 255",
    checked="SHA-256 of the 20 files one after the other; the classes in their names, by eye",
    sha256="d625818dacf79cc40ced71ff12f1d4955c3d2655ae4b047b3c93b1819cb8f3fe",
)


def load() -> Examples:
    """The photographs ``[20, 3, 224, 224]``, from 0 to 1, and their classes of 1,000.

    Networks see them scaled as EfficientNet-Lite's training images were.

    Raises
    ------
    Unavailable
        If the packaged files are missing or others.
    """
    named = (f"imagenet_{k:02}_{label}.jpg" for k, label in enumerate(CLASSES))
    paths = [packaged_file(CARD, f"foolbox/data/{name}") for name in named]
    found = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    if found != CARD.sha256:
        raise changed(CARD, found)
    x = np.stack([shown(path) for path in paths])
    y = np.array(CLASSES, dtype=np.int64)
    return Examples(x, y, 1000, found, scale=SCALE)
