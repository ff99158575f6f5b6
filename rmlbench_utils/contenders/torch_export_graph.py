"""torch.export: trained eagerly, answering as the exported graph."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch.export import Dim

from rmlbench_utils.contenders import torch_networks
from rmlbench_utils.contenders.torch_training import Network

VERSION = torch_networks.VERSION
prepare = torch_networks.prepare


class Exported(Network):
    """A network that answers, once it is trained, by its graph, of any number of rows."""

    def evaluating(self) -> None:
        super().evaluating()
        rows = ({0: Dim.DYNAMIC},)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that recurrent layers keep a list of their weights
            graph = torch.export.export(self.net, (self.x[:2],), dynamic_shapes=rows)
        self.call = graph.module()


class Trained(torch_networks.Trained):
    NETWORK = Exported


ALGORITHMS = torch_networks.algorithms(Trained)


def facts() -> dict[str, Any]:
    """As torch's, but what answers is another program."""
    return {
        **torch_networks.facts(),
        "program": "training eager, answers by the graph of torch.export",
        "notes": ["training is eager; the trained network is exported, which load has in it"],
    }
