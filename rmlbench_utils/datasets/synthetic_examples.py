"""Images and sequences of any size: ``synthetic_images_NxCxHxW`` and ``sine_N``."""

from __future__ import annotations

import re

import numpy as np

from rmlbench_utils.datasets import seeded
from rmlbench_utils.datasets.card import Card
from rmlbench_utils.datasets.examples import Examples, content_digest
from rmlbench_utils.protocol.errors import UsageError

CLASSES = 10
STEPS = 20
_IMAGES = re.compile(r"synthetic_images_(\d+)x(\d+)x(\d+)x(\d+)")
_SINE = re.compile(r"sine_(\d+)")
PREFIXES = ("synthetic_images", "sine_")


def parse(name: str) -> tuple[int, ...]:
    """Training rows and, of images, channels, height and width.

    Raises
    ------
    UsageError
        If the name is of neither form.
    """
    found = _IMAGES.fullmatch(name) or _SINE.fullmatch(name)
    if found is None:
        raise UsageError(
            f"dataset {name!r} is not of the form synthetic_images_NxCxHxW or sine_N: "
            "write for example synthetic_images_64x3x32x32"
        )
    sizes = tuple(map(int, found.groups()))
    if min(sizes) < 1 or sizes[0] < 8:
        raise UsageError(f"dataset {name!r} is too small: N is at least 8, the others at least 1")
    return sizes


def card(name: str) -> Card:
    """The card of one."""
    rows, *shape = parse(name)
    if shape:
        problems = "each class is one random image under noise: easy, and like no photograph"
        target = f"class, 0 to {CLASSES - 1}"
        return seeded.card(name, "images", rows, int(np.prod(shape)), target, problems)
    problems = "without noise: a sanity case that every network must learn"
    return seeded.card(name, "sine wave", rows, STEPS, "the next value of the wave", problems)


def load(name: str) -> Examples:
    """What the name asks for."""
    rows, *shape = parse(name)
    random = seeded.generator(name)
    n = seeded.total(rows)
    if not shape:
        begin = random.uniform(0, 2 * np.pi, n)
        at = begin[:, None] + 0.3 * np.arange(STEPS + 1)
        wave = np.sin(at).astype(np.float32)
        x = np.ascontiguousarray(wave[:, :-1, None])
        return Examples(x, wave[:, -1].copy(), 1, content_digest(wave))
    y = random.integers(CLASSES, size=n)
    centres = random.standard_normal((CLASSES, *shape))
    x = (centres[y] + random.standard_normal((n, *shape))).astype(np.float32)
    classes = tuple(map(str, range(CLASSES)))
    return Examples(x, y, CLASSES, content_digest(x, y), classes=classes)
