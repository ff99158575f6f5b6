"""What networks learn from: the published facts, shapes and ranges, and what is refused."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
from pathlib import Path

import numpy as np
import pooch
import pytest
import requests
from PIL import Image

from rmlbench_utils.datasets import (
    Unavailable,
    card,
    catalogue,
    cifar,
    fashion_mnist,
    folder,
    foolbox_imagenet,
    idx,
    language,
    mnist,
    network_data,
    sentences,
    sentiment,
    series,
)
from rmlbench_utils.datasets.examples import content_digest, write
from rmlbench_utils.datasets.photographs import shown
from rmlbench_utils.datasets.vocabulary import numbered, words
from rmlbench_utils.protocol.errors import UsageError

DOWNLOADED = ("mnist", "cifar10", "cifar100")
FROM_REGISTRY = ("sentiment", "sentences_characters", "sentences_words")


def had(name: str):
    """A dataset, or the reason why it cannot be had here."""
    try:
        return network_data.load(name)
    except Unavailable as error:
        pytest.skip(str(error))


def others() -> list[str]:
    return [name for name in network_data.FIXED if name not in DOWNLOADED]


@pytest.mark.parametrize("name", others())
def test_data_is_what_its_card_says(name):
    held, described = had(name), catalogue()[name]
    assert held.x.shape[0] == len(held.y) == described.rows
    assert np.prod(held.x.shape[1:]) == described.columns
    assert held.x.flags.c_contiguous
    if held.vocabulary:
        assert held.x.dtype == held.y.dtype == np.int64
        assert 0 <= held.x.min() <= held.x.max() < held.vocabulary
    else:
        assert held.x.dtype == np.float32
        assert np.isfinite(held.x).all()
    if held.outputs == 1:
        assert held.y.dtype == np.float32
    else:
        assert held.y.dtype == np.int64
        assert 0 <= held.y.min() <= held.y.max() < held.outputs
    assert len(held.classes) in (0, held.outputs)


class TestSeries:
    def test_sunspots_are_the_published_ones(self):
        values = series.values("sunspots")
        assert values[:5].tolist() == [5, 11, 16, 23, 36]
        assert (len(values), values[1957 - 1700], values[-1]) == (309, 190.2, 2.9)
        held = network_data.load("sunspots")
        assert held.x.shape == (261, 24, 1)
        np.testing.assert_array_equal(held.x[0, :, 0], values[:24].astype(np.float32))
        assert held.y[0] == values[24].astype(np.float32)
        assert held.y[-1] == np.float32(2.9)

    def test_gaps_of_co2_are_on_a_line(self):
        values = series.values("co2")
        assert len(values) == 2284
        assert values[:6].tolist() == [316.1, 317.3, 317.6, 317.5, 316.4, 316.9]
        assert values[6] == pytest.approx((316.9 + 317.5) / 2)
        assert values[-1] == 371.5
        assert network_data.load("co2").x.shape == (2236, 24, 1)

    @pytest.mark.parametrize("name", ["sunspots", "co2"])
    def test_no_number_is_on_both_sides(self, name, tmp_path):
        held, values = network_data.load(name), series.values(name).astype(np.float32)
        ready = write(name, held, 0, 1, 5, tmp_path)
        train = ready.train_rows
        border = train + series.STEPS
        assert len(held.x) - train == round(len(held.x) * 0.2)
        np.testing.assert_array_equal(held.x[train - 1, :, 0], values[border - 25 : border - 1])
        assert held.y[train - 1] == values[border - 1]
        np.testing.assert_array_equal(held.x[train, :, 0], values[border : border + 24])


class TestSentences:
    def test_first_and_last_are_those_of_the_file(self):
        had("sentiment")
        rated = sentences.sentences(sentiment.CARD)
        assert len(rated) == 10605
        assert rated[2] == (-0.6, "Effective but too tepid biopic")
        assert rated[-1][0] == -1.8125
        assert -4 <= min(rated)[0] <= max(rated)[0] <= 4

    def test_classes_are_signs_of_ratings(self):
        held = had("sentiment")
        assert np.bincount(held.y).tolist() == [5326, 5242]
        assert held.y[:5].tolist() == [1, 1, 0, 1, 1]
        assert (held.vocabulary, held.outputs) == (5002, 2)
        third = held.x[2]
        assert third[:27].tolist() == [0] * 27
        assert (third[27:] > 0).all()
        assert (held.x[:, -1] > 0).all()
        first = held.x[0][held.x[0] > 0]
        assert first[[0, 6]].tolist() == [2, 2]  # "the rock is destined to be the", most frequent

    def test_characters_are_the_text(self):
        held = had("sentences_characters")
        whole = language.text(language.CARDS["sentences_characters"])
        assert whole.startswith("The Rock is destined to be the 21st Century's new ''Conan'' and")
        assert held.vocabulary == held.outputs == 75
        assert held.x.shape == held.y.shape == (len(whole) // 65, 64)
        np.testing.assert_array_equal(held.x[:, 1:], held.y[:, :-1])
        assert held.x[0, [3, 8, 11]].tolist() == [1, 1, 1]  # spaces, the most frequent
        assert held.x[0, [2, 13]].tolist() == [2, 2]  # "e"
        assert 0 < (held.x == 0).mean() < 0.001

    def test_words_are_the_text(self):
        held = had("sentences_words")
        assert held.vocabulary == held.outputs == 5001
        assert held.x.shape == held.y.shape == (10031, 20)
        np.testing.assert_array_equal(held.x[:, 1:], held.y[:, :-1])
        assert held.x[0, 0] == 2  # "the", after the end of a sentence
        assert 0.05 < (held.x == 0).mean() < 0.15

    def test_words_are_lowercase_with_apostrophes(self):
        found = words("It's the ''Tolkien\N{RIGHT SINGLE QUOTATION MARK}s'' caf\xe9, 21st.\nA_b")
        assert found == ["it's", "the", "tolkien's", "caf\xe9", "21st", "\n", "a", "b"]
        assert numbered(["b", "a", "c", "c"], 2, 2) == {"c": 2, "a": 3}

    def test_text_is_split_in_order(self, tmp_path):
        held = had("sentences_words")
        ready = write("sentences_words", held, 0, 1, 5, tmp_path)
        assert (ready.train_rows, ready.every_step, ready.vocabulary) == (8025, True, 5001)
        assert ready.notes == [language.NOTE]

    @pytest.mark.parametrize(
        ("fault", "said"),
        [
            (
                subprocess.CalledProcessError(1, "pip", stderr="x\nERROR: No matching one\n"),
                r"cannot have it \(No matching one\)",
            ),
            (subprocess.TimeoutExpired("pip", 1), r"cannot have it \(no answer in 60 s\)"),
        ],
    )
    @pytest.mark.parametrize("name", FROM_REGISTRY)
    def test_without_a_registry_it_says_why(self, monkeypatch, tmp_path, name, fault, said):
        def run(*_, **__):
            raise fault

        monkeypatch.setattr(sentences, "project_root", lambda: tmp_path)
        monkeypatch.setattr(subprocess, "run", run)
        with pytest.raises(Unavailable, match=f"{name}: .*{said}"):
            network_data.load(name)

    @pytest.mark.parametrize("name", FROM_REGISTRY)
    def test_another_text_is_refused(self, monkeypatch, tmp_path, name):
        content = b"1\t2.5\tGood film.\r\n2\t0\tFilm."
        for member in ("_FILE", "_INNER"):
            content = _tar({getattr(sentences, member): content})
        path = tmp_path / ".cache" / "downloads" / sentences.ARCHIVE
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        monkeypatch.setattr(sentences, "project_root", lambda: tmp_path)
        with pytest.raises(Unavailable, match=f"{name}: the digest is .*, not c8293b0d942e"):
            network_data.load(name)


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

    @pytest.mark.parametrize("content", [b"no gzip", b"", gzip.compress(b"\0\0\x0d\1\0\0\0\0")])
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
        path.write_bytes(_tar(held | {names: "\n".join(classes).encode() + b"\n\n"}))
        described = cifar.CARDS[name]
        with pytest.raises(Unavailable, match=f"{name}: .* holds {len(files)} images, not 60000"):
            cifar.read(described, path)
        found = cifar.read(described.model_copy(update={"rows": len(files)}), path)
        assert found.x.shape == (len(files), 3, 32, 32)
        assert found.x[1, 2, 31, 31] == rows[1, -1]
        assert found.y.tolist() == list(range(len(files)))
        assert (found.outputs, found.classes) == (len(classes), tuple(classes))
        path.write_bytes(_tar({names: b""}))
        with pytest.raises(Unavailable, match=f"{name}: .* is not the archive it should be"):
            cifar.read(described, path)


class TestPhotographs:
    def test_foolbox_holds_nineteen_classes(self):
        held = network_data.load("foolbox_imagenet")
        assert held.x.shape == (20, 3, 224, 224)
        assert (held.outputs, len(set(held.y.tolist()))) == (1000, 19)
        assert held.x.min() == 0
        assert held.x.max() == 1

    def test_the_middle_is_shown(self, tmp_path):
        """Left half black, right half red, 512 x 1024: the border stays in the middle."""
        pixels = np.zeros((512, 1024, 3), dtype=np.uint8)
        pixels[:, 512:, 0] = 255
        Image.fromarray(pixels).save(tmp_path / "wide.png")
        found = shown(tmp_path / "wide.png")
        assert found.shape == (3, 224, 224)
        assert found.dtype == np.float32
        assert (found[0, :, :111] == 0).all()
        assert (found[0, :, 113:] == 1).all()
        assert (found[1:] == 0).all()
        Image.fromarray(pixels[:, :, 0]).save(tmp_path / "grey.png")
        np.testing.assert_array_equal(shown(tmp_path / "grey.png"), np.stack([found[0]] * 3))

    def test_a_folder_of_folders_is_read(self, tmp_path):
        for name, value in (("b/1.png", 255), ("a/2.png", 0), ("a/1.jpg", 51)):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            Image.new("RGB", (30, 20), (value, value, value)).save(tmp_path / name)
        (tmp_path / "a" / ".hidden").write_text("x")
        (tmp_path / "notes.txt").write_text("x")
        name = f"folder:{tmp_path}"
        assert network_data.known(name)
        held = network_data.load(name)
        assert held.x[:, 0, 0, 0].tolist() == pytest.approx([0.2, 0, 1])
        assert (held.y.tolist(), held.classes, held.outputs) == ([0, 0, 1], ("a", "b"), 2)
        assert held.x.shape == (3, 3, 224, 224)
        (tmp_path / "b" / "2.png").write_text("no image")
        with pytest.raises(UsageError, match=r"2\.png is no image that can be read"):
            network_data.load(name)

    def test_other_folders_are_refused(self, tmp_path):
        with pytest.raises(UsageError, match="not of the form folder:PATH"):
            network_data.known("folder:")
        with pytest.raises(UsageError, match=r"there is no folder .*none: check the path"):
            folder.load(f"folder:{tmp_path}/none")
        (tmp_path / "a").mkdir()
        with pytest.raises(UsageError, match="holds 1 folder: give at least 2"):
            folder.load(f"folder:{tmp_path}")
        (tmp_path / "b").mkdir()
        with pytest.raises(UsageError, match=r"a is empty: give it the images"):
            folder.load(f"folder:{tmp_path}")


@pytest.mark.parametrize("name", ["sunspots", "co2"])
def test_a_changed_or_missing_series_is_refused(name, monkeypatch, tmp_path):
    monkeypatch.setattr(card, "project_root", lambda: tmp_path)
    with pytest.raises(Unavailable, match=f"{name}: .* is not there: run make"):
        network_data.load(name)
    path = tmp_path / ".data" / "statsmodels" / "datasets" / name / f"{name}.csv"
    path.parent.mkdir(parents=True)
    path.write_text("year,number\n1700,5\n")
    with pytest.raises(Unavailable, match=f"{name}: the digest is .*reinstall statsmodels"):
        network_data.load(name)


def test_changed_photographs_of_foolbox_are_refused(monkeypatch):
    other = foolbox_imagenet.CARD.model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(foolbox_imagenet, "CARD", other)
    with pytest.raises(Unavailable, match=r"foolbox_imagenet: the digest .*reinstall foolbox"):
        foolbox_imagenet.load()


def _tar(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return held.getvalue()


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
