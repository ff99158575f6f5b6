"""Data made from a seed for classes and clusters: ``synthetic_KIND_NxD`` and ``..._kK``.

N counts the training rows, as for regression (``synthetic.py``); K, the number of classes, may be
left out where it is the kind's default. Rows of the classes take turns, so they are equally many.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rmlbench_utils.datasets import seeded
from rmlbench_utils.datasets.card import Card, Floats, Table
from rmlbench_utils.protocol.errors import UsageError

KINDS = {
    "classification": "two clusters a class, at random corners of a cube of side 2 in the "
    "informative half of the columns (at least enough for the corners, at most 30), each cluster "
    "normal and mixed by a matrix of its own with entries uniform from -1 to 1; a quarter of the "
    "columns are redundant, random sums of the informative ones, the rest standard normal noise; "
    "1 % of the rows have a random class (after Guyon's madelon and make_classification)",
    "blobs": "standard normal clusters around random corners of a grid of side 8, each moved by up "
    "to 1 in every column: centres at least 6 apart",
    "moons": "two half circles of radius 1, the second turned and moved by (1, 0.5) into the "
    "first, with normal noise of .1",
    "circles": "circles of radius 1 and 1/2 with normal noise of .05",
}
DEFAULT_CLASSES = {"classification": 2, "blobs": 3, "moons": 2, "circles": 2}
MOST_CLASSES = 10
_NAME = re.compile(rf"synthetic_({'|'.join(KINDS)})_(\d+)x(\d+)(?:_k(\d+))?")


@dataclass(frozen=True)
class Recipe:
    """A name, read: ``rows`` training rows, ``columns``, ``classes``, and kind."""

    kind: str
    rows: int
    columns: int
    classes: int

    @property
    def informative(self) -> int:
        """Columns in which the clusters of kind classification differ."""
        return max((2 * self.classes - 1).bit_length(), min(30, self.columns // 2))


def parse(name: str) -> Recipe:
    """Read the name of a synthetic dataset with classes.

    Raises
    ------
    UsageError
        If the name is not of that form, or its sizes do not fit the kind.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise UsageError(
            f"dataset {name!r} is not of the form synthetic_KIND_NxD or synthetic_KIND_NxD_kK, "
            "such as synthetic_classification_5000x20_k3"
        )
    kind, rows, columns, classes = match.groups()
    recipe = Recipe(kind, int(rows), int(columns), int(classes or DEFAULT_CLASSES[kind]))
    _check(name, recipe, bool(classes))
    return recipe


def _check(name: str, recipe: Recipe, counted: bool) -> None:
    least = recipe.informative if recipe.kind == "classification" else 2
    if recipe.rows < 10 or recipe.columns < least:
        raise UsageError(f"dataset {name!r} is too small: at least 10 rows and {least} columns")
    if not 2 <= recipe.classes <= MOST_CLASSES:
        raise UsageError(f"dataset {name!r}: k is from 2 to {MOST_CLASSES}")
    if recipe.kind in ("moons", "circles") and (counted or recipe.columns != 2):
        raise UsageError(f"dataset {name!r}: kind {recipe.kind} has 2 columns and no k")
    if recipe.kind == "blobs" and recipe.columns > 50:
        raise UsageError(f"dataset {name!r} is too wide: kind blobs has at most 50 columns")


def card(name: str) -> Card:
    """The card of one synthetic dataset with classes."""
    recipe = parse(name)
    target = f"class, 0 to {recipe.classes - 1}, equally many rows"
    problems = KINDS[recipe.kind]
    return seeded.card(name, recipe.kind, recipe.rows, recipe.columns, target, problems)


def load(name: str) -> Table:
    """Make the dataset: the same bits for the same name, with or without a default ``_kK``.

    Raises
    ------
    UsageError
        If the name cannot be read.
    """
    recipe = parse(name)
    whole = f"synthetic_{recipe.kind}_{recipe.rows}x{recipe.columns}_k{recipe.classes}"
    rng = seeded.generator(whole)
    number = np.arange(seeded.total(recipe.rows))
    y = (number % recipe.classes).astype(np.float64)
    if recipe.kind == "classification":
        x = _corners(rng, recipe, number % (2 * recipe.classes))
        mistaken = rng.random(len(y)) < 0.01
        y[mistaken] = rng.integers(recipe.classes, size=int(mistaken.sum()))
    elif recipe.kind == "blobs":
        x = _blobs(rng, recipe, y.astype(int))
    else:
        x = (_moons if recipe.kind == "moons" else _circles)(rng, y == 1)
    names = seeded.column_names(recipe.columns)
    classes = tuple(str(c) for c in range(recipe.classes))
    return Table(x, y, names, seeded.content_digest(x, y), classes=classes)


def _corners(rng: np.random.Generator, recipe: Recipe, cluster: np.ndarray) -> Floats:
    """Columns of kind classification: informative, redundant, noise."""
    d, useful = recipe.columns, recipe.informative
    x = rng.standard_normal((len(cluster), d))
    corners = rng.choice(2**useful, size=2 * recipe.classes, replace=False)
    for number, corner in enumerate(corners):
        mixing = rng.uniform(-1.0, 1.0, (useful, useful))
        rows = np.flatnonzero(cluster == number)
        normal = x[rows, :useful]
        for j in range(useful):
            side = 1.0 if corner >> j & 1 else -1.0
            x[rows, j] = seeded.product(normal, mixing[:, j]) + side
    for j in range(useful, min(useful + d // 4, d)):
        x[:, j] = seeded.product(x[:, :useful], rng.uniform(-1.0, 1.0, useful))
    return x


def _blobs(rng: np.random.Generator, recipe: Recipe, cluster: np.ndarray) -> Floats:
    """Normal clusters around corners of a grid."""
    d, side = recipe.columns, 2
    while side**d < 2 * recipe.classes:
        side += 1
    corners = rng.choice(side**d, size=recipe.classes, replace=False)
    places = np.array([[int(corner) // side**j % side for j in range(d)] for corner in corners])
    centres = 8.0 * places + rng.uniform(-1.0, 1.0, places.shape)
    return centres[cluster] + rng.standard_normal((len(cluster), d))


def _circle(rng: np.random.Generator, rows: int) -> Floats:
    """Uniform points on the unit circle, without a sine: its last bit is the machine's."""
    x = rng.standard_normal((rows, 2))
    length = np.sqrt(x[:, 0] * x[:, 0] + x[:, 1] * x[:, 1])
    return x / length[:, None]


def _moons(rng: np.random.Generator, second: np.ndarray) -> Floats:
    x = _circle(rng, len(second))
    x[:, 1] = np.abs(x[:, 1])
    x[second] = np.array([1.0, 0.5]) - x[second]
    return x + 0.1 * rng.standard_normal(x.shape)


def _circles(rng: np.random.Generator, second: np.ndarray) -> Floats:
    x = _circle(rng, len(second))
    x[second] *= 0.5
    return x + 0.05 * rng.standard_normal(x.shape)
