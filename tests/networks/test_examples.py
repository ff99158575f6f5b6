"""Examples are split, scaled by what is learned from, and cut into windows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load_file

from rmlbench_utils.datasets.examples import Examples, content_digest, write
from rmlbench_utils.datasets.files import Prepared
from rmlbench_utils.datasets.split import split_of

Tensors = dict[str, np.ndarray]


def held(x: np.ndarray, y: np.ndarray, outputs: int, **more: Any) -> Examples:
    return Examples(x, y, outputs, content_digest(x, y), **more)


def written(one: Examples, cache: Path) -> tuple[Prepared, Tensors, Tensors, Tensors]:
    made = write("small", one, 0, 3, 5, cache)
    return made, *(load_file(ref.path) for ref in (made.train, made.inputs, made.truth))


def coloured(n: int) -> np.ndarray:
    """Images whose channels lie and spread apart; the last channel is one value."""
    random = np.random.default_rng(8)
    x = random.standard_normal((n, 3, 5, 4)) * np.array([1, 30, 0])[:, None, None]
    return (x + np.array([100, -7, 2])[:, None, None]).astype(np.float32)


def test_images_are_scaled_by_the_training_rows_mean_and_deviation(tmp_path: Path) -> None:
    x, y = coloured(50), np.arange(50)
    _, train, inputs, truth = written(held(x, y, 50), tmp_path)
    learned, asked, *_ = split_of(50, 0, 3, 5)
    assert train["y_train"].tolist() == learned.tolist()
    assert truth["y"].ravel().tolist() == asked.tolist()
    assert train["x_train"][:, :2].mean((0, 2, 3)) == pytest.approx(0, abs=1e-5)
    assert train["x_train"][:, :2].std((0, 2, 3)) == pytest.approx(1, abs=1e-5)
    wide = x.astype(np.float64)
    mean, scale = (getattr(wide[learned], of)((0, 2, 3)) for of in ("mean", "std"))
    scale[2] = 1.0
    for rows, found in ((learned, train["x_train"]), (asked, inputs["x"])):
        wanted = (wide[rows] - mean[:, None, None]) / scale[:, None, None]
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
        assert found.dtype == np.float32
    assert not train["x_train"][:, 2].any()


def test_numbers_to_say_are_scaled_like_what_is_learned_from(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    x = random.standard_normal((30, 6, 2), np.float32) * np.array([1, 50], np.float32)
    y = (1000 + 20 * random.standard_normal(30)).astype(np.float32)
    _, train, _, truth = written(held(x, y, 1), tmp_path)
    learned, asked, *_ = split_of(30, 0, 3, 5)
    assert train["x_train"].std((0, 1)) == pytest.approx(1, abs=1e-5)
    wide = y.astype(np.float64)
    wanted = (wide[asked] - wide[learned].mean()) / wide[learned].std()
    np.testing.assert_allclose(truth["y"].ravel(), wanted, rtol=1e-5, atol=1e-5)
    assert train["y_train"].std() == pytest.approx(1, abs=1e-5)


def test_tokens_stay_as_they_are(tmp_path: Path) -> None:
    words = np.random.default_rng(1).integers(9, size=(20, 7))
    made, train, inputs, truth = written(
        held(words[:, :-1], words[:, 1:], 9, vocabulary=9), tmp_path
    )
    learned, asked, *_ = split_of(20, 0, 3, 5)
    assert np.array_equal(train["x_train"], words[learned, :-1])
    assert np.array_equal(inputs["x"], words[asked, :-1])
    assert np.array_equal(truth["y"].reshape(-1, 6), words[asked, 1:])
    assert (made.every_step, made.vocabulary, made.shape) == (True, 9, [6])


@pytest.mark.parametrize("split", [0, 3])
def test_what_follows_in_time_is_split_at_the_end(tmp_path: Path, split: int) -> None:
    words = np.arange(60).reshape(20, 3)
    one = held(words, np.arange(20), 20, vocabulary=60, ordered=True)
    made = write("series", one, split, 3, 5, tmp_path)
    assert load_file(made.train.path)["y_train"].tolist() == list(range(16))
    assert load_file(made.truth.path)["y"].ravel().tolist() == [16, 17, 18, 19]
    assert (made.train_rows, made.test_rows) == (16, 4)


@given(n=st.integers(2, 200))
def test_windows_follow_each_other_and_hold_the_truths_rows(
    tmp_path_factory: pytest.TempPathFactory, n: int
) -> None:
    y = np.arange(n)
    one = held(np.arange(2 * n).reshape(n, 2), y, n, vocabulary=2 * n)
    made, train, inputs, truth = written(one, tmp_path_factory.getbasetemp())
    windows = inputs["windows"]
    assert windows[0, 0] == 0
    assert windows[-1, 1] == len(inputs["x"]) == made.test_rows
    assert (windows[1:, 0] == windows[:-1, 1]).all()
    assert (np.diff(windows) == truth["y"].shape[1]).all()
    assert len(windows) == len(truth["y"])
    assert np.array_equal(inputs["x"][:, 0], 2 * truth["y"].ravel())
    assert not set(train["y_train"].tolist()) & set(truth["y"].ravel().tolist())
    assert made.train_rows + made.test_rows > n - max(1, round(0.2 * n) // 4)
