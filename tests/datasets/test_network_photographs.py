"""Photographs: those packaged, and folders of the user's own."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from rmlbench_utils.datasets import (
    Unavailable,
    folder,
    foolbox_imagenet,
    network_data,
)
from rmlbench_utils.datasets.photographs import shown
from rmlbench_utils.protocol.errors import UsageError


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


def test_changed_photographs_of_foolbox_are_refused(monkeypatch):
    other = foolbox_imagenet.CARD.model_copy(update={"sha256": "0" * 64})
    monkeypatch.setattr(foolbox_imagenet, "CARD", other)
    with pytest.raises(Unavailable, match=r"foolbox_imagenet: the digest .*reinstall foolbox"):
        foolbox_imagenet.load()
