"""What the recurrent page says torch.compile leaves alone is left alone."""

from __future__ import annotations

import json

from tests.networks.torch_side import ran

COUNTED = """
import json, torch
from torch._dynamo.utils import counters
from rmlbench_utils.contenders import torch_recurrent as recurrent
said = {}
for name, kind in recurrent.NETWORKS.items():
    torch._dynamo.reset()
    counters.clear()
    net = recurrent.Recurrent(kind, 8, 1, 4, (6, 5), 0.0, False)
    torch.compile(net, backend="eager")(torch.zeros(3, 5, 8))
    said[name] = counters["stats"]["unique_graphs"]
print(json.dumps(said))
"""


def test_recurrent_layers_are_not_traced_but_attention_is() -> None:
    graphs = json.loads(ran(COUNTED))
    assert graphs.pop("attention_lstm") > 0
    assert len(graphs) == 5
    assert set(graphs.values()) == {0}
