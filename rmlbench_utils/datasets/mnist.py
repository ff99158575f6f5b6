"""All 70,000 handwritten digits of MNIST, downloaded."""

from __future__ import annotations

from rmlbench_utils.datasets import idx
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.downloads import downloaded
from rmlbench_utils.datasets.examples import Examples, content_digest

ADDRESS = "https://ossci-datasets.s3.amazonaws.com/mnist/"
SHA256 = (
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
)

CARD = Card(
    name="mnist",
    title="70,000 handwritten digits of MNIST, 28 x 28 pixels",
    source="LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document "
    "recognition, Proceedings of the IEEE 86 (1998) 2278-2324",
    licence="no licence stated (public)",
    packaged_in="the mirror that torchvision downloads from",
    rows=70000,
    columns=784,
    target="digit, 0 to 9",
    problems="training and test images together (60,000 and 10,000), split anew, so training and "
    "test rows are drawn from the same writers and scores are not those published; needs a "
    "network once, unavailable without",
    checked="SHA-256 of each of the four files, which many repositories pin; rows and pixels are "
    "counted when it is loaded",
    sha256=None,
)


def load() -> Examples:
    """The images ``[n, 1, 28, 28]`` and their digits.

    Raises
    ------
    Unavailable
        Without a network, or if what came is not the data.
    """
    pinned = zip(idx.FILES, SHA256, strict=True)
    paths = [downloaded(CARD, ADDRESS + name, sha256) for name, sha256 in pinned]
    images, labels = idx.pixels(CARD, paths)
    sha256 = content_digest(images, labels)
    return idx.examples(images, labels, sha256, tuple("0123456789"))
