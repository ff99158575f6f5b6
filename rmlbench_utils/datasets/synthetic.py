"""Data made from a seed for regression, at any size: ``synthetic_KIND_NxD`` and ``..._condK``.

N counts the training rows of an 80/20 split; a quarter as many are made on top for the test,
so a case's name says how large its fit is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from rmlbench_utils.datasets import seeded
from rmlbench_utils.datasets.card import Card, Floats, Table
from rmlbench_utils.protocol.errors import UsageError

KINDS = {
    "linear": "columns of standard normals, neighbours correlated at .5; every coefficient drawn "
    "from N(0, 5^2); noise of half the signal's standard deviation (R2 of .8)",
    "nonlinear": "Friedman #1 (Annals of Statistics 19 (1991) 1-67): uniform columns, "
    "y = 10 sin(pi x1 x2) + 20 (x3 - 1/2)^2 + 10 x4 + 5 x5 + N(0, 1), the others idle",
    "sparse": "as linear, but only one coefficient in 20 (at least 3) is not zero",
    "deficient": "as linear, but the last third of the columns are sums of two others: rank "
    "d - d // 3",
}
_NAME = re.compile(rf"synthetic_({'|'.join(KINDS)})_(\d+)x(\d+)(?:_cond(1e\d+))?")


@dataclass(frozen=True)
class Recipe:
    """A synthetic dataset's name, read: ``rows`` training rows, ``columns``, and kind."""

    kind: str
    rows: int
    columns: int
    condition: float | None

    @property
    def total(self) -> int:
        """Rows made: training rows and a quarter as many test rows."""
        return seeded.total(self.rows)


def parse(name: str) -> Recipe:
    """Read a synthetic dataset's name.

    Raises
    ------
    UsageError
        If the name is not of that form or the size is too small.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise UsageError(
            f"dataset {name!r} is not of the form synthetic_KIND_NxD or "
            "synthetic_linear_NxD_cond1eK, such as synthetic_linear_20000x50_cond1e6"
        )
    kind, rows, columns, condition = match.groups()
    recipe = Recipe(kind, int(rows), int(columns), float(condition) if condition else None)
    if recipe.rows < 10 or recipe.columns < (5 if kind == "nonlinear" else 3):
        raise UsageError(f"dataset {name!r} is too small: at least 10 rows and 5 columns")
    if condition and kind != "linear":
        raise UsageError(f"dataset {name!r}: only kind linear takes a condition number")
    return recipe


def card(name: str) -> Card:
    """The card of one synthetic dataset."""
    recipe = parse(name)
    extra = ""
    if recipe.condition:
        extra = (
            f"; the columns are mixed so that the condition number is about "
            f"{recipe.condition:g} (the recording has the exact one of each split)"
        )
    problems = KINDS[recipe.kind] + extra
    return seeded.card(name, recipe.kind, recipe.rows, recipe.columns, "y", problems)


def load(name: str) -> Table:
    """Make the dataset: the same bits for the same name.

    Raises
    ------
    UsageError
        If the name cannot be read.
    """
    recipe = parse(name)
    rng = seeded.generator(name)
    if recipe.kind == "nonlinear":
        x, y = _friedman(rng, recipe)
    else:
        x = _normals(rng, recipe)
        y = _response(rng, x, _coefficients(rng, recipe))
    return Table(x, y, seeded.column_names(recipe.columns), seeded.content_digest(x, y))


def _normals(rng: np.random.Generator, recipe: Recipe) -> Floats:
    """Standard normals, C order: neighbours correlated, or with the wanted spectrum."""
    x = rng.standard_normal((recipe.total, recipe.columns))
    if recipe.condition:
        return _conditioned(rng, x, recipe.condition)
    for j in range(1, recipe.columns):
        x[:, j] = 0.5 * x[:, j - 1] + np.sqrt(0.75) * x[:, j]
    if recipe.kind == "deficient":
        free = recipe.columns - recipe.columns // 3
        for j in range(free, recipe.columns):
            one, two = rng.choice(free, size=2, replace=False)
            x[:, j] = x[:, one] + x[:, two]
    return x


def _conditioned(rng: np.random.Generator, x: Floats, condition: float) -> Floats:
    """Half the directions at scale 1, the rest down to 1 / condition, then mixed by reflections.

    Mixing makes the columns equally long, so that standardising them keeps the spectrum.
    """
    d = x.shape[1]
    low = d - d // 2
    x[:, low:] *= condition ** -(np.arange(1, d - low + 1) / (d - low))
    for _ in range(3):
        v = rng.standard_normal(d)
        v *= np.sqrt(2.0) / np.sqrt(np.sum(v * v))
        along = seeded.product(x, v)
        for j in range(d):
            x[:, j] -= along * v[j]
    return x


def _coefficients(rng: np.random.Generator, recipe: Recipe) -> Floats:
    beta = 5.0 * rng.standard_normal(recipe.columns)
    if recipe.kind == "sparse":
        kept = rng.choice(recipe.columns, size=max(3, recipe.columns // 20), replace=False)
        idle = np.setdiff1d(np.arange(recipe.columns), kept)
        beta[idle] = 0.0
    return beta


def _response(rng: np.random.Generator, x: Floats, beta: Floats) -> Floats:
    signal = seeded.product(x, beta)
    return signal + 0.5 * signal.std() * rng.standard_normal(len(x)) + 100.0


def _friedman(rng: np.random.Generator, recipe: Recipe) -> tuple[Floats, Floats]:
    x = rng.random((recipe.total, recipe.columns))
    y = 10.0 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20.0 * (x[:, 2] - 0.5) ** 2
    y += 10.0 * x[:, 3] + 5.0 * x[:, 4] + rng.standard_normal(recipe.total)
    return x, y
