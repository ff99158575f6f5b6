"""What the first step of an optimiser makes of weights and gradients, in float64.

Formulas are those in the documentation of ``torch.optim``: SGD, Adam (Kingma and Ba, ICLR 2015),
AdamW (Loshchilov and Hutter, ICLR 2019), RMSprop (Tieleman and Hinton 2012).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BETAS = (0.9, 0.999)
ALPHA = 0.99
EPS = 1e-8


def clipped(gradients: dict[str, Floats], clip_norm: float) -> dict[str, Floats]:
    """All gradients scaled so that their common norm is at most ``clip_norm``; 0 for no limit.

    As ``torch.nn.utils.clip_grad_norm_``: by clip_norm / (norm + 1e-6) where that is below 1.
    """
    if not clip_norm > 0:
        return gradients
    norm = float(np.sqrt(sum(float((g**2).sum()) for g in gradients.values())))
    factor = min(1.0, clip_norm / (norm + 1e-6))
    return {name: g * factor for name, g in gradients.items()}


def updated(weight: Floats, gradient: Floats, params: dict[str, Any], rate: float) -> Floats:
    """A parameter after one step from rest, with the hyper-parameters of a case."""
    decay = float(params["weight_decay"])
    if params["optimizer"] == "adamw":
        weight, decay = weight * (1 - rate * decay), 0.0
    g = gradient + decay * weight
    match params["optimizer"]:
        case "adam" | "adamw":
            # The first moments, divided by 1 - beta, are the gradient and its square.
            return weight - rate * g / (np.sqrt(g**2) + EPS)
        case "rmsprop":
            return weight - rate * g / (np.sqrt((1 - ALPHA) * g**2) + EPS)
        case _:
            # The buffer of momentum begins as the gradient.
            ahead = float(params["momentum"]) if params["nesterov"] else 0.0
            return weight - rate * (g + ahead * g)
