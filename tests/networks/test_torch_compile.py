"""What pages say of torch.compile: what it leaves alone, and how it sums."""

from __future__ import annotations

import json

import pytest

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
inputs = torch.rand(64, 8, 28, 28, generator=draw)
ahead = torch.rand(64, 8, 28, 28, generator=draw)
def told(kind, compiled):
    net = torch.nn.BatchNorm2d(8, momentum=1.0).to(kind)
    call = torch.compile(net) if compiled else net
    (call(inputs.to(kind)) * ahead.to(kind)).sum().backward()
    return {"gradient": net.bias.grad.double(), "mean": net.running_mean.double()}
exact = told(torch.float64, False)
strays = {
    name: {what: float((a - exact[what]).abs().max() / exact[what].abs().max())
           for what, a in told(torch.float32, name == "compiled").items()}
    for name in ("eager", "compiled")
}
print(json.dumps(strays))
"""


@pytest.mark.parametrize("what", ["gradient", "mean"])
def test_inductor_sums_for_batch_normalisation_less_exactly_than_eager_torch(what: str) -> None:
    strays = json.loads(ran(SUMMED))
    assert strays["eager"][what] < 2**-23
    assert strays["compiled"][what] > 2 * strays["eager"][what]


def test_recurrent_layers_are_not_traced_but_attention_is() -> None:
    graphs = json.loads(ran(COUNTED))
    assert graphs.pop("attention_lstm") > 0
    assert len(graphs) == 5
    assert set(graphs.values()) == {0}
