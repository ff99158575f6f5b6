"""Synthetic classes and clusters: sizes, bits, and the shapes their cards promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import SVC

from rmlbench_utils.datasets import catalogue, load, prepare
from rmlbench_utils.datasets.synthetic_classes import KINDS


@pytest.mark.parametrize(
    ("name", "shape", "classes"),
    [
        ("synthetic_classification_500x20", (500, 125, 20), 2),
        ("synthetic_classification_500x20_k3", (500, 125, 20), 3),
        ("synthetic_blobs_200x2", (200, 50, 2), 3),
        ("synthetic_blobs_200x3_k5", (200, 50, 3), 5),
        ("synthetic_moons_200x2", (200, 50, 2), 2),
        ("synthetic_circles_200x2", (200, 50, 2), 2),
    ],
)
def test_the_name_counts_training_rows(tmp_path, name, shape, classes):
    ready = prepare(name, 0, 1, 5, tmp_path)
    assert (ready.train_rows, ready.test_rows, ready.columns) == shape
    assert ready.classes == [str(c) for c in range(classes)]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        (
            "synthetic_classification_60x8_k3",
            "d09b1514a4abf1b7aa13dbc639eb13fb9146b3dd4dc456ba6fc016075cfb7185",
        ),
        (
            "synthetic_blobs_40x2",
            "f4b36f8528a5be41b2b0786d51ef4f3f9a6600cb450fb110b183a550dc7c4624",
        ),
        (
            "synthetic_moons_40x2",
            "6f6159e4a4ecdafc97729ae6ba5e8b8592c349414e23a6f1a91d6810c5f7b136",
        ),
        (
            "synthetic_circles_40x2",
            "b40fc2bd82646a7c0d89448b216d7a223061e0f7a4ebae4b8fff659148679241",
        ),
    ],
)
def test_bits_are_those_of_the_first_release(name, digest):
    assert load(name).sha256 == digest


def test_the_default_number_of_classes_may_be_said():
    one, two = (load(f"synthetic_classification_60x8{k}") for k in ("", "_k2"))
    assert one.sha256 == two.sha256 != load("synthetic_classification_60x8_k3").sha256


@settings(max_examples=30)
@given(st.sampled_from(sorted(KINDS)), st.integers(10, 300), st.integers(5, 40), st.integers(2, 10))
def test_classes_are_equally_many(kind, rows, columns, classes):
    free = kind in ("classification", "blobs")
    table = load(f"synthetic_{kind}_{rows}x{columns if free else 2}{f'_k{classes}' * free}")
    assert np.isfinite(table.x).all()
    counts = np.bincount(table.y.astype(int), minlength=len(table.classes))
    mistaken = 8 if kind == "classification" else 0
    assert counts.max() - counts.min() <= 1 + 2 * mistaken
    assert len(table.classes) == (classes if free else 2)


def test_informative_columns_tell_and_noise_does_not():
    table = load("synthetic_classification_2000x20")
    informative, noise = table.x[:, :10], table.x[:, 15:]
    train, test = slice(0, 2000), slice(2000, None)
    scores = []
    for x in (informative, noise):
        model = SVC().fit(x[train], table.y[train])
        scores.append(model.score(x[test], table.y[test]))
    assert scores[0] > 0.85
    assert scores[1] < 0.6
    design = np.column_stack([informative, np.ones(len(table.y))])
    redundant = table.x[:, 10:15]
    np.testing.assert_allclose(design @ np.linalg.lstsq(design, redundant)[0], redundant)


def test_blobs_are_far_apart():
    table = load("synthetic_blobs_3000x2_k6")
    centres = np.stack([table.x[table.y == c].mean(axis=0) for c in range(6)])
    gaps = np.linalg.norm(centres[:, None] - centres, axis=2)[~np.eye(6, dtype=bool)]
    assert gaps.min() > 5.7
    spread = table.x - centres[table.y.astype(int)]
    np.testing.assert_allclose(spread.std(axis=0), 1, atol=0.05)


def test_circles_and_moons_have_their_radii():
    circles = load("synthetic_circles_2000x2")
    radius = np.linalg.norm(circles.x, axis=1)
    assert radius[circles.y == 0].mean() == pytest.approx(1.0, abs=0.01)
    assert radius[circles.y == 1].mean() == pytest.approx(0.5, abs=0.01)
    moons = load("synthetic_moons_2000x2")
    around = np.where(moons.y[:, None] == 0, moons.x, np.array([1.0, 0.5]) - moons.x)
    assert np.linalg.norm(around, axis=1).mean() == pytest.approx(1.0, abs=0.02)
    assert (around[:, 1] > -0.5).all()


def test_cards_say_how_they_are_made():
    found = {name: card for name, card in catalogue().items() if name.startswith("synthetic_")}
    kinds = {name.split("_")[1] for name in found}
    assert set(KINDS) <= kinds
    assert (
        "random sums of the informative ones" in found["synthetic_classification_5000x20"].problems
    )
