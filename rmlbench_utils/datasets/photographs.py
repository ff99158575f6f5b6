"""Photographs as networks of ImageNet are shown them for evaluation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SHORTER, SIDE = 256, 224


def shown(path: Path) -> NDArray[np.float32]:
    """The middle ``[3, 224, 224]`` of a photograph whose shorter side is made 256, from 0 to 1.

    As torchvision's ``Resize(256)`` and ``CenterCrop(224)``, without any scaling by means.

    Raises
    ------
    OSError
        If it is no image.
    """
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    shorter = min(image.size)
    width, height = (SHORTER * side // shorter for side in image.size)
    image = image.resize((width, height), Image.Resampling.BILINEAR)
    left, top = round((width - SIDE) / 2), round((height - SIDE) / 2)
    image = image.crop((left, top, left + SIDE, top + SIDE))
    pixels = np.asarray(image, dtype=np.float32).transpose(2, 0, 1)
    return np.ascontiguousarray(pixels / np.float32(255))
