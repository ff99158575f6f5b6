"""Our networks are the published ones: torchvision's, torch's, and by their parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.networks.torch_side import ran

PARAMETERS = {  # of published networks: channels, pixels a side, classes, how many
    "lenet": (1, 28, 10, 61_706),  # LeNet-5 on padded digits
    "simple_cnn": (1, 28, 10, 1_199_882),  # PyTorch's MNIST example
    "alexnet": (3, 224, 1000, 61_100_840),  # these four: torchvision's documentation
    "resnet18": (3, 224, 1000, 11_689_512),
    "resnet34": (3, 224, 1000, 21_797_672),
    "mobilenet": (3, 224, 1000, 3_504_872),
    "efficientnet_lite0": (3, 224, 1000, 4_652_008),  # the package of its weights
}
TORCHVISIONS = ("resnet18", "resnet34", "mobilenet", "alexnet")
WHOLE_ONLY = ("bidirectional_lstm", "attention_lstm")
RECURRENT = ("rnn", "lstm", "gru", "stacked_lstm", *WHOLE_ONLY)
ENDS = [
    *((name, given) for name in RECURRENT for given in ("numbers", "tokens")),
    *((name, "next") for name in RECURRENT if name not in WHOLE_ONLY),
]
SNIPPET = """
import json, sys
import torch
import torchvision.models as known
from torch import nn
from rmlbench_utils.contenders import torch_convolutional as ours
from rmlbench_utils.contenders import torch_recurrent as recurrent
asked = json.load(open(sys.argv[1]))
torch.manual_seed(1)
torch.set_num_threads(1)
found = {}

def shapes(net):
    return {name: list(value.shape) for name, value in net.state_dict().items()}

def unalike(a, b):
    return float((a - b).abs().max())

def shaken(net):
    for name, value in net.state_dict().items():
        if name.endswith("running_mean"):
            value.normal_(0, 0.1)
        if name.endswith("running_var"):
            value.uniform_(0.5, 2)

x = torch.randn(2, 3, 64, 64)
for name in asked["torchvisions"]:
    made = {"mobilenet": "mobilenet_v2"}.get(name, name)
    theirs = getattr(known, made)(num_classes=10).eval()
    mine = ours.NETWORKS[name]((3, 64, 64), 10, 0.5).eval()
    shaken(theirs)
    same = shapes(mine) == shapes(theirs)
    mine.load_state_dict(theirs.state_dict())
    with torch.inference_mode():
        a, b = mine(x), theirs(x)
    found[name] = {"same": same, "apart": unalike(a, b), "size": float(b.abs().max())}

theirs = known.vgg.make_layers(known.vgg.cfgs["D"])
mine = ours.NETWORKS["vgg16"]((3, 64, 64), 10, 0.0).features
same = shapes(mine) == shapes(theirs)
mine.load_state_dict(theirs.state_dict())
with torch.inference_mode():
    a, b = mine(x), theirs(x)
found["vgg16"] = {"same": same, "apart": unalike(a, b), "size": float(b.abs().max())}

with torch.device("meta"):
    for name, (channels, side, classes, _) in asked["parameters"].items():
        net = ours.NETWORKS[name]((channels, side, side), classes, 0.0)
        found[name] = found.get(name, {}) | {
            "count": sum(value.numel() for value in net.parameters())
        }

kinds = {"rnn": nn.RNN, "gru": nn.GRU}
steps, tokens = torch.randn(5, 7, 3), torch.randint(11, (5, 7))
for name in asked["recurrent"]:
    for given in ("numbers", "tokens", "next"):
        if given == "next" and name in asked["whole"]:
            continue
        width = 3 if given == "numbers" else None
        built = recurrent.NETWORKS[name]
        mine = recurrent.Recurrent(built, width, 11, 4, (6, 5), 0.5, given == "next").eval()
        state = mine.state_dict()
        plain = kinds.get(name, nn.LSTM)(
            width or 5, 6, num_layers=2 if name == "stacked_lstm" else 1,
            batch_first=True, bidirectional=name == "bidirectional_lstm")
        inner = {k.removeprefix("rnn."): v for k, v in state.items() if k.startswith("rnn.")}
        same = {k: list(v.shape) for k, v in inner.items()} == shapes(plain)
        plain.load_state_dict(inner)
        x = steps if width else state["embedding.weight"][tokens]
        said, _ = plain(x)
        if name == "bidirectional_lstm":
            said = torch.cat([said[:, -1, :6], said[:, 0, 6:]], 1)
        elif name == "attention_lstm":
            score = torch.tanh(said @ state["attention.projection.weight"].T
                               + state["attention.projection.bias"])
            score = (score @ state["attention.score.weight"].T).exp()
            said = (score / score.sum(1, keepdim=True) * said).sum(1)
        elif given != "next":
            said = said[:, -1]
        wanted = said @ state["fc.weight"].T + state["fc.bias"]
        got = mine(steps if width else tokens)
        found[f"{name} {given}"] = {
            "same": same and got.shape == wanted.shape,
            "apart": unalike(got, wanted), "size": float(wanted.abs().max())}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What torch's Python says of all of them."""
    path = tmp_path_factory.mktemp("architectures") / "asked.json"
    asked = {
        "torchvisions": TORCHVISIONS,
        "parameters": PARAMETERS,
        "recurrent": RECURRENT,
        "whole": WHOLE_ONLY,
    }
    path.write_text(json.dumps(asked))
    return json.loads(ran(SNIPPET, path))


@pytest.mark.parametrize("name", [*TORCHVISIONS, "vgg16"])
def test_names_shapes_and_answers_are_torchvisions(found: dict[str, Any], name: str) -> None:
    one = found[name]
    assert one["same"]
    assert one["size"] > 0
    assert one["apart"] <= 1e-5 * one["size"]


@pytest.mark.parametrize(("name", "given"), ENDS)
def test_recurrent_layers_are_torchs_and_their_ends_are_read(
    found: dict[str, Any], name: str, given: str
) -> None:
    one = found[f"{name} {given}"]
    assert one["same"]
    assert one["apart"] <= 1e-5 * one["size"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_published_networks_have_as_many_parameters(found: dict[str, Any], name: str) -> None:
    assert found[name]["count"] == PARAMETERS[name][-1]
