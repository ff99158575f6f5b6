"""What pages say of torch.compile: what it leaves alone, and how it sums."""

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

SUMMED = """
import json, torch
torch.set_num_threads(1)
draw = torch.Generator().manual_seed(0)
inputs = torch.randn(64, 8, 28, 28, generator=draw)
ahead = torch.rand(64, 8, 28, 28, generator=draw)
exact = ahead.double().sum((0, 2, 3))  # the gradient of the shift
def stray(compiled):
    net = torch.nn.BatchNorm2d(8)
    call = torch.compile(net) if compiled else net
    (call(inputs) * ahead).sum().backward()
    return float(((net.bias.grad - exact) / exact).abs().max())
print(json.dumps({"eager": stray(False), "compiled": stray(True)}))
"""


def test_inductor_sums_gradients_of_batch_normalisation_less_exactly_than_eager_torch() -> None:
    strays = json.loads(ran(SUMMED))
    assert strays["eager"] < 2**-23
    assert strays["compiled"] > 4 * strays["eager"]


def test_recurrent_layers_are_not_traced_but_attention_is() -> None:
    graphs = json.loads(ran(COUNTED))
    assert graphs.pop("attention_lstm") > 0
    assert len(graphs) == 5
    assert set(graphs.values()) == {0}
