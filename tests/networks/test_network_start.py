"""The files that a training begins from: the same for the same arguments, and as they say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from rmlbench_utils.contenders.network_terms import defaults
from rmlbench_utils.datasets import network_plan
from rmlbench_utils.datasets.examples import Examples, content_digest, write
from rmlbench_utils.datasets.files import Prepared
from rmlbench_utils.datasets.network_plan import SHIFT, Start, start
from rmlbench_utils.measure.networks import torch_python
from rmlbench_utils.protocol.errors import UsageError

ROWS = 40


def images(cache: Path) -> Prepared:
    """Images whose class is their number, so that each can be told wherever it stands."""
    x = np.random.default_rng(4).standard_normal((ROWS, 1, 12, 12), np.float32)
    y = np.arange(ROWS)
    return write("small", Examples(x, y, ROWS, content_digest(x, y)), 0, 0, 5, cache)


def begun(cache: Path, seed: int = 3, python: list[str] | None = None, **params: Any) -> Start:
    asked = {**defaults("lenet"), "batch_size": 8, "steps": 5, **params}
    return start("lenet", asked, images(cache), seed, python or torch_python(), cache)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("start")


@pytest.fixture(scope="module")
def first(cache: Path) -> Start:
    return begun(cache)


def test_the_same_arguments_give_the_same_files(first: Start, tmp_path: Path) -> None:
    again = begun(tmp_path)
    assert again.weights.sha256 == first.weights.sha256
    assert again.train.sha256 == first.train.sha256


def test_what_is_there_is_not_made_again(first: Start, cache: Path) -> None:
    assert begun(cache, python=["false"]) == first


def test_a_file_that_changed_is_made_again(tmp_path: Path) -> None:
    made = begun(tmp_path)
    path = Path(made.weights.path)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + b"x")
    assert begun(tmp_path) == made
    assert path.read_bytes() == content


def test_another_seed_gives_other_weights_and_another_order(first: Start, cache: Path) -> None:
    tensors = load_file(first.weights.path)
    others = load_file(begun(cache, seed=4).weights.path)
    assert tensors.keys() == others.keys()
    for name, value in tensors.items():
        same = np.array_equal(value, others[name])
        assert same == (name in ("plan.rate", "plan.validation", "plan.outputs")), name
        assert value.shape == others[name].shape


def test_the_plan_is_beside_the_weights(first: Start) -> None:
    tensors = load_file(first.weights.path)
    assert tensors["conv1.weight"].shape == (6, 1, 5, 5)
    assert tensors["plan.order"].shape == (5, 8)
    assert tensors["plan.rate"].tolist() == [0.01] * 5
    assert tensors["plan.outputs"].tolist() == [ROWS]
    assert len(tensors["plan.validation"]) == 0


def variants(image: np.ndarray) -> list[bytes]:
    """An image moved by up to `SHIFT` pixels each way over zeros, plain and mirrored."""
    found = []
    side = image.shape[-1]
    for down in range(-SHIFT, SHIFT + 1):
        for right in range(-SHIFT, SHIFT + 1):
            moved = np.zeros_like(image)
            rows = slice(max(0, down), side + min(0, down))
            columns = slice(max(0, right), side + min(0, right))
            source = (
                slice(max(0, -down), side + min(0, -down)),
                slice(max(0, -right), side + min(0, -right)),
            )
            moved[:, rows, columns] = image[:, source[0], source[1]]
            found += [moved.tobytes(), np.ascontiguousarray(moved[:, :, ::-1]).tobytes()]
    return found


@pytest.mark.parametrize("every", [0, 3])
def test_augmented_rows_are_shifts_and_mirrors_and_keep_their_labels(
    cache: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setattr(network_plan, "initial", lambda *_: {})
    made = begun(cache, augment=True, evaluate_every=every, steps=60)
    plain = load_file(images(cache).train.path)
    rows, weights = load_file(made.train.path), load_file(made.weights.path)
    known = dict(zip(plain["y_train"].tolist(), plain["x_train"], strict=True))
    kept = len(weights["plan.validation"])
    assert kept == (8 if every else 0)
    assert weights["plan.validation"].tolist() == list(range(kept))
    assert weights["plan.order"].ravel().tolist() == list(range(kept, kept + 480))
    assert len(rows["x_train"]) == kept + 480
    for label, image in zip(rows["y_train"][:kept].tolist(), rows["x_train"], strict=False):
        assert np.array_equal(image, known[label])
    seen = {
        variants(known[label]).index(image.tobytes())
        for label, image in zip(
            rows["y_train"][kept:].tolist(), rows["x_train"][kept:], strict=True
        )
    }
    assert seen == set(range(50))
    unseen = set(rows["y_train"][:kept].tolist())
    assert not unseen & set(rows["y_train"][kept:].tolist())


def test_augmentation_is_for_images(cache: Path) -> None:
    x = np.random.default_rng(4).standard_normal((ROWS, 6, 3), np.float32)
    y = np.arange(ROWS) % 3
    held = write("steps", Examples(x, y, 3, content_digest(x, y)), 0, 0, 5, cache)
    asked = {**defaults("lstm"), "batch_size": 8, "augment": True}
    with pytest.raises(UsageError, match="augment is true: it is for images"):
        start("lstm", asked, held, 0, ["false"], cache)
