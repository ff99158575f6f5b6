"""Initial weights of a network: torch's own from a seed, or trained ones from a file.

``.venvs/torch``'s Python runs this for the harness, which does not import torch:
``python -m rmlbench_utils.contenders.torch_start REQUEST.json OUT.safetensors``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from rmlbench_utils.contenders.torch_training import counted, module


def main(arguments: list[str]) -> int:
    """Write the weights that the request's algorithm, params, shape and seed lead to."""
    request, out = map(Path, arguments)
    asked = json.loads(request.read_text())
    torch.manual_seed(asked["seed"])
    net = module(
        asked["algorithm"],
        asked["params"],
        tuple(asked["shape"]),
        asked["outputs"],
        asked["vocabulary"],
        asked["every_step"],
    )
    if asked.get("pretrained"):  # a legacy archive; nothing but tensors is read from it
        net.load_state_dict(torch.load(asked["pretrained"], weights_only=True))
    state = {name: value for name, value in net.state_dict().items() if counted(name)}
    save_file({name: value.contiguous() for name, value in state.items()}, out)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
