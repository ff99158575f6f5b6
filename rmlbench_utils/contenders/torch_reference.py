"""What a training is held against: torch in float64, and how far rounding alone leads astray.

``.venvs/torch``'s Python runs this for the harness, which does not import torch:
``python -m rmlbench_utils.contenders.torch_reference REQUEST.json OUT.safetensors``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from rmlbench_utils.contenders.torch_training import PLAN, Network, read

RUNNING = ("running_mean", "running_var")
ULPS = 4  # how far a weight is moved at most, in units of its last place


def main(arguments: list[str]) -> int:
    """Train once in float64, and ``variants`` times in float32 under other roundings."""
    request, out = map(Path, arguments)
    asked = json.loads(request.read_text())
    torch.set_num_threads(asked["threads"])
    data, weights = read(asked["train"], "train"), read(asked["weights"], "weights")
    data |= read(asked["inputs"], "inputs")
    masked = asked["params"]["dropout"] > 0
    wide = torch.float32 if masked else torch.float64
    found = _trained(asked, data, weights, weights["plan.order"], wide)
    random = np.random.default_rng(asked["seed"])
    losses, strays, buffers, answers = [], [], [], []
    for _ in range(asked["variants"]):
        moved = {name: _moved(value, random) for name, value in weights.items()}
        order = weights["plan.order"]
        # Masks of dropout belong to places in the batch: there the order stays.
        order = order if masked else _reordered(order, random)
        other = _trained(asked, data, moved, order, torch.float32)
        losses.append(other["losses"])
        strays.append(_strays(other, found))
        buffers.append(_apart(other, found, "first."))
        answers.append((other["logits"] - found["logits"]).abs().max())
    found["float32_losses"] = torch.stack(losses)
    found["float32_strays"] = torch.stack(strays)
    found["float32_buffers"] = torch.stack(buffers)
    found["float32_answers"] = torch.stack(answers)
    save_file({name: value.contiguous() for name, value in found.items()}, out)
    return 0


def _trained(
    asked: dict[str, Any],
    data: dict[str, Tensor],
    weights: dict[str, Tensor],
    order: Tensor,
    kind: torch.dtype,
) -> dict[str, Tensor]:
    """``initial_logits``, ``losses`` and, of the trained network and every window, ``logits``, all
    float64; of the first step ``gradient.NAME`` and what batch normalisation keeps,
    ``first.NAME``."""

    def cast(value: Tensor) -> Tensor:
        return value.to(kind) if value.is_floating_point() else value

    torch.set_default_dtype(kind)
    plain = {k: v if k.startswith(PLAN) else cast(v) for k, v in weights.items()}
    x, y = cast(data["x_train"]), cast(data["y_train"])
    network = Network(asked["algorithm"], asked["params"], plain, x, y)
    torch.manual_seed(asked["seed"])
    found = {"initial_logits": network.of_rows(order[0]).double()}
    losses = []
    for i, rows in enumerate(order):
        losses.append(network.step(rows, float(weights["plan.rate"][i]), keep=i == 0))
        if i == 0:
            gradients = network.gradients()
            found |= {f"gradient.{k}": v.double() for k, v in gradients.items()}
            trained = {f"first.{k}": v.double().clone() for k, v in network.state().items()}
            found |= {k: v for k, v in trained.items() if k.endswith(RUNNING)}
    network.evaluating()
    windows = data["windows"].tolist()
    logits = torch.stack([network.answer(cast(data["x"][a:b])) for a, b in windows])
    return {**found, "logits": logits.double(), "losses": torch.tensor(losses, dtype=torch.float64)}


def _strays(other: dict[str, Tensor], found: dict[str, Tensor]) -> Tensor:
    """max|a-b| / max|b| of each gradient, in the order of their sorted names."""
    sizes = torch.stack([found[name].abs().max() for name in _names(found, "gradient.")])
    return _apart(other, found, "gradient.") / torch.where(sizes > 0, sizes, 1.0)


def _apart(other: dict[str, Tensor], found: dict[str, Tensor], prefix: str) -> Tensor:
    """max|a-b| of each tensor with a prefix, in the order of their sorted names; may be empty."""
    apart = [(other[name] - found[name]).abs().max() for name in _names(found, prefix)]
    return torch.stack(apart) if apart else torch.zeros(0, dtype=torch.float64)


def _names(tensors: dict[str, Tensor], prefix: str) -> list[str]:
    return sorted(name for name in tensors if name.startswith(prefix))


def _moved(value: Tensor, random: np.random.Generator) -> Tensor:
    """A weight whose values are up to `ULPS` units in the last place away."""
    if value.dtype != torch.float32:
        return value
    plain = value.numpy()
    away = random.integers(-ULPS, ULPS + 1, size=plain.shape)
    return torch.from_numpy((plain + away * np.spacing(np.abs(plain))).astype(np.float32))


def _reordered(order: Tensor, random: np.random.Generator) -> Tensor:
    """The same batches, the rows of each in another order."""
    return torch.from_numpy(random.permuted(order.numpy(), axis=1))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
