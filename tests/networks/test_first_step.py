"""The first step by formula is what torch's optimisers make of the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rmlbench_utils.judge.networks.first_step import clipped, updated
from tests.networks.torch_side import ran

RATE = 0.037
PLAIN = {"momentum": 0.0, "nesterov": False, "weight_decay": 0.0}
# What a case says → torch.optim's class and arguments.
STEPS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    ({"optimizer": "sgd"}, "SGD", {}),
    ({"optimizer": "sgd", "momentum": 0.9}, "SGD", {"momentum": 0.9}),
    (
        {"optimizer": "sgd", "momentum": 0.9, "nesterov": True},
        "SGD",
        {"momentum": 0.9, "nesterov": True},
    ),
    ({"optimizer": "sgd", "weight_decay": 0.3}, "SGD", {"weight_decay": 0.3}),
    (
        {"optimizer": "sgd", "momentum": 0.5, "nesterov": True, "weight_decay": 0.3},
        "SGD",
        {"momentum": 0.5, "nesterov": True, "weight_decay": 0.3},
    ),
    ({"optimizer": "adam"}, "Adam", {}),
    ({"optimizer": "adam", "weight_decay": 0.3}, "Adam", {"weight_decay": 0.3}),
    ({"optimizer": "adamw"}, "AdamW", {"weight_decay": 0.0}),
    ({"optimizer": "adamw", "weight_decay": 0.3}, "AdamW", {"weight_decay": 0.3}),
    ({"optimizer": "rmsprop"}, "RMSprop", {}),
    ({"optimizer": "rmsprop", "momentum": 0.9}, "RMSprop", {"momentum": 0.9}),
    ({"optimizer": "rmsprop", "weight_decay": 0.3}, "RMSprop", {"weight_decay": 0.3}),
]
NORMS = (0.0, 0.01, 1.0, 1e9)
SNIPPET = """
import json, sys
import numpy as np
import torch
asked, given, out = json.load(open(sys.argv[1])), np.load(sys.argv[2]), sys.argv[3]
found = {}
def parameters():
    made = []
    for name in ("a", "b"):
        one = torch.nn.Parameter(torch.tensor(given[f"weight.{name}"]))
        one.grad = torch.tensor(given[f"gradient.{name}"])
        made.append(one)
    return made
for place, (kind, told) in enumerate(asked["steps"]):
    mine = parameters()
    getattr(torch.optim, kind)(mine, lr=asked["rate"], **told).step()
    found |= {f"step.{place}.{name}": p.detach().numpy() for name, p in zip("ab", mine)}
for place, norm in enumerate(asked["norms"]):
    mine = parameters()
    if norm > 0:
        torch.nn.utils.clip_grad_norm_(mine, norm)
    found |= {f"clip.{place}.{name}": p.grad.numpy() for name, p in zip("ab", mine)}
np.savez(out, **found)
"""


@pytest.fixture(scope="module")
def given() -> dict[str, np.ndarray]:
    """Weights and gradients of many sizes, zeros among them."""
    random = np.random.default_rng(11)
    sizes = {"a": (40, 5), "b": (31,)}
    found = {f"weight.{name}": random.standard_normal(size) for name, size in sizes.items()}
    for name, size in sizes.items():
        tens = 10.0 ** random.integers(-12, 3, size)
        found[f"gradient.{name}"] = random.standard_normal(size) * tens
        found[f"gradient.{name}"][::4] = 0.0
    return found


@pytest.fixture(scope="module")
def torchs(
    given: dict[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, np.ndarray]:
    """What torch makes of them."""
    folder = tmp_path_factory.mktemp("steps")
    asked = {"steps": [one[1:] for one in STEPS], "norms": NORMS, "rate": RATE}
    (folder / "asked.json").write_text(json.dumps(asked))
    np.savez(folder / "given.npz", **given)
    ran(SNIPPET, folder / "asked.json", folder / "given.npz", folder / "out.npz")
    with np.load(Path(folder, "out.npz")) as found:
        return dict(found)


@pytest.mark.parametrize("place", range(len(STEPS)), ids=lambda i: str(STEPS[i][0]))
def test_an_update_is_torchs(
    given: dict[str, np.ndarray], torchs: dict[str, np.ndarray], place: int
) -> None:
    params = {**PLAIN, **STEPS[place][0]}
    for name in "ab":
        found = updated(given[f"weight.{name}"], given[f"gradient.{name}"], params, RATE)
        known = torchs[f"step.{place}.{name}"]
        assert known.dtype == np.float64
        np.testing.assert_allclose(found, known, rtol=1e-12, atol=1e-12)
        assert not np.array_equal(known, given[f"weight.{name}"])


@pytest.mark.parametrize("place", range(len(NORMS)), ids=lambda i: f"norm {NORMS[i]:g}")
def test_clipping_is_torchs(
    given: dict[str, np.ndarray], torchs: dict[str, np.ndarray], place: int
) -> None:
    plain = {name: given[f"gradient.{name}"] for name in "ab"}
    found = clipped(plain, NORMS[place])
    for name in "ab":
        np.testing.assert_allclose(found[name], torchs[f"clip.{place}.{name}"], rtol=1e-12)


def test_gradients_below_the_limit_stay_as_they_are() -> None:
    one = {"a": np.array([0.3, 0.0]), "b": np.array([0.4])}
    for limit in (0.0, 0.6):
        found = clipped(one, limit)
        assert all(np.array_equal(found[name], one[name]) for name in one)
    found = clipped(one, 0.25)
    assert np.hypot(found["a"][0], found["b"][0]) == pytest.approx(0.25, rel=1e-5)
