"""TorchScript, which PyTorch deprecates: trained eagerly, answering as a frozen trace."""

from __future__ import annotations

import warnings
from typing import Any

import torch

from rmlbench_utils.contenders import torch_networks
from rmlbench_utils.contenders.torch_training import Network

VERSION = torch_networks.VERSION
prepare = torch_networks.prepare


class Scripted(Network):
    """A network that answers, once it is trained, by its trace."""

    def evaluating(self) -> None:
        super().evaluating()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it is deprecated, which the label says
            traced = torch.jit.trace(self.net, self.x[:2], check_trace=False)
            self.call = torch.jit.optimize_for_inference(torch.jit.freeze(traced))


class Trained(torch_networks.Trained):
    NETWORK = Scripted


ALGORITHMS = torch_networks.algorithms(Trained)


def facts() -> dict[str, Any]:
    """As torch's, but what answers is another program."""
    note = "training is eager; the trained network is traced and frozen, which load has in it"
    return {
        **torch_networks.facts(),
        "program": "training eager, answers by a frozen TorchScript trace",
        "notes": [note, "PyTorch deprecates TorchScript: torch.export takes its place"],
    }
