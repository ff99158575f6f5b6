"""Image sets that are downloaded: checked, kept, refused where they are others."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pooch
import pytest
import requests

from rmlbench_utils.datasets import (
    Unavailable,
    cifar,
    fashion_mnist,
    idx,
    mnist,
    network_data,
)
from rmlbench_utils.datasets.examples import content_digest
from tests.datasets.network_files import DOWNLOADED, tar


class TestDownloads:
    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (requests.exceptions.ConnectionError("no name"), r"downloaded once and \S+ cannot be"),
            (requests.exceptions.ReadTimeout("slow"), r"downloaded once and \S+ cannot be"),
            (requests.exceptions.HTTPError("404"), r"is refused \(404\)"),
            (ValueError("SHA256 hash of it"), r"is refused \(SHA256 hash of it\)"),
        ],
    )
    @pytest.mark.parametrize("name", [*DOWNLOADED, "fashion_mnist"])
    def test_without_a_network_it_says_why(self, monkeypatch, tmp_path, name, fault, said):
        def retrieve(*_, **__):
            raise fault

        monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path)
        monkeypatch.setattr(pooch, "retrieve", retrieve)
        with pytest.raises(Unavailable, match=f"{name}: .*{said}"):
            network_data.load(name)

    def test_pooch_checks_the_digest(self, monkeypatch, tmp_path):
        asked = []

        def retrieve(address, known_hash, name, path, downloader):
            asked.append((address, known_hash, name, path, downloader.kwargs["timeout"]))
            raise requests.exceptions.ConnectTimeout

        monkeypatch.setattr(pooch, "retrieve", retrieve)
        with pytest.raises(Unavailable):
            network_data.load("cifar10")
        ((address, known_hash, name, path, timeout),) = asked
        assert address == "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
        assert known_hash == f"sha256:{cifar.CARDS['cifar10'].sha256}"
        assert name == "cifar-10-binary.tar.gz"
        assert path.parts[-3:] == (".cache", "downloads", "cifar10")
        assert timeout == 5.0

    def test_idx_files_are_read(self, monkeypatch, tmp_path):
        images, labels = _idx_files(tmp_path)
        described = fashion_mnist.CARD.model_copy(update={"rows": 5})
        digest = content_digest(images, labels)
        monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path)
        monkeypatch.setattr(fashion_mnist, "CARD", described)
        with pytest.raises(Unavailable, match=f"fashion_mnist: the digest is {digest[:12]}"):
            fashion_mnist.load()
        good = described.model_copy(update={"sha256": digest})
        monkeypatch.setattr(fashion_mnist, "CARD", good)
        held = fashion_mnist.load()
        assert held.x.shape == (5, 1, 28, 28)
        np.testing.assert_array_equal(held.x[:, 0], images)
        assert held.y.tolist() == labels.tolist()

    def test_mnist_reads_what_was_downloaded(self, monkeypatch, tmp_path):
        images, labels = _idx_files(tmp_path)
        monkeypatch.setattr(
            mnist, "downloaded", lambda _, address, __: tmp_path / Path(address).name
        )
        with pytest.raises(Unavailable, match=r"shape \(5, 28, 28\) .*, not \(70000, 28, 28\)"):
            mnist.load()
        monkeypatch.setattr(mnist, "CARD", mnist.CARD.model_copy(update={"rows": 5}))
        held = mnist.load()
        assert (held.outputs, held.sha256) == (10, content_digest(images, labels))

    @pytest.mark.parametrize(
        "content",
        [b"no gzip", b"", gzip.compress(b"\0\0\x0d\1\0\0\0\0", mtime=0)],
        ids=["no gzip", "empty", "other type"],
    )
    def test_other_files_are_no_idx(self, tmp_path, content):
        path = tmp_path / "labels.gz"
        path.write_bytes(content)
        with pytest.raises(Unavailable, match=r"mnist: .*labels.gz is no idx file"):
            idx.read(mnist.CARD, path)

    def test_fashion_mnist_of_debian_is_the_published_one(self):
        """Zalando's counts; mean and deviation of the training pixels as torchvision's users know
        them: 0.2860 and 0.3530."""
        if not fashion_mnist.DEBIAN.exists():
            pytest.skip("Debian's dataset-fashion-mnist is not installed")
        held = fashion_mnist.load()
        assert held.y[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
        assert np.bincount(held.y).tolist() == [7000] * 10
        train = held.x[:60000] / 255
        assert train.mean(dtype=np.float64) == pytest.approx(0.2860, abs=5e-5)
        assert train.std(dtype=np.float64) == pytest.approx(0.3530, abs=5e-5)

    @pytest.mark.parametrize(("name", "before"), [("cifar10", 1), ("cifar100", 2)])
    def test_cifar_is_read_from_bytes(self, tmp_path, name, before):
        files, names = cifar._MEMBERS[name]
        rows = np.arange(len(files) * (before + cifar.IMAGE)).astype(np.uint8)
        rows = rows.reshape(len(files), -1)
        rows[:, before - 1] = np.arange(len(files))
        held = {file: row.tobytes() for file, row in zip(files, rows, strict=True)}
        classes = [f"c{k}" for k in range(int(name[5:]))]
        path = tmp_path / "archive.tar.gz"
        path.write_bytes(tar(held | {names: "\n".join(classes).encode() + b"\n\n"}))
        described = cifar.CARDS[name]
        with pytest.raises(Unavailable, match=f"{name}: .* holds {len(files)} images, not 60000"):
            cifar.read(described, path)
        found = cifar.read(described.model_copy(update={"rows": len(files)}), path)
        assert found.x.shape == (len(files), 3, 32, 32)
        assert found.x[1, 2, 31, 31] == rows[1, -1]
        assert found.y.tolist() == list(range(len(files)))
        assert (found.outputs, found.classes) == (len(classes), tuple(classes))
        path.write_bytes(tar({names: b""}))
        with pytest.raises(Unavailable, match=f"{name}: .* is not the archive it should be"):
            cifar.read(described, path)


def _idx_files(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Three training and two test images with their labels, as MNIST's four files."""
    random = np.random.default_rng(1)
    images = random.integers(256, size=(5, 28, 28), dtype=np.uint8)
    labels = np.array([0, 9, 3, 1, 2], dtype=np.uint8)
    parts = (images[:3], labels[:3], images[3:], labels[3:])
    for name, part in zip(idx.FILES, parts, strict=True):
        shape = np.array(part.shape, dtype=">u4").tobytes()
        content = bytes([0, 0, 8, part.ndim]) + shape + part.tobytes()
        (folder / name).write_bytes(gzip.compress(content))
    return images, labels
