"""torch.compile: the network traced and compiled by Inductor at its first step."""

from __future__ import annotations

from typing import Any

import torch
import torch._inductor.config

from rmlbench_utils.contenders import torch_networks
from rmlbench_utils.contenders.torch_training import Network

VERSION = torch_networks.VERSION
prepare = torch_networks.prepare


class Compiled(Network):
    """A network whose forward pass, and with it the backward pass, is compiled."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        # Each run compiles for itself: nothing an earlier one left on disk is found.
        torch._inductor.config.force_disable_caches = True
        torch._inductor.config.compile_threads = 1
        self.call = torch.compile(self.net)


class Trained(torch_networks.Trained):
    NETWORK = Compiled


ALGORITHMS = torch_networks.algorithms(Trained)


def facts() -> dict[str, Any]:
    """As torch's, but the program is another: what Inductor made of it."""
    return {**torch_networks.facts(), "program": "compiled by Inductor"}
