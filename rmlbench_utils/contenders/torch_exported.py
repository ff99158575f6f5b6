"""A network that torch trained, as an ONNX file, and what it says in float64.

``.venvs/torch``'s Python runs this for the harness, which does not import torch:
``python -m rmlbench_utils.contenders.torch_exported REQUEST.json OUT.safetensors``.
"""

from __future__ import annotations

import io
import json
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from rmlbench_utils.contenders.torch_training import Network, read

MODEL, LOGITS = "model", "logits"
OPSET = 17  # what onnxruntime and tract both read; it has every operator of these networks


def main(arguments: list[str]) -> int:
    """Train as the baseline does; write ``model`` uint8 and ``logits`` float64 of every window."""
    request, out = map(Path, arguments)
    asked = json.loads(request.read_text())
    torch.set_num_threads(asked["threads"])
    data, weights = read(asked["train"], "train"), read(asked["weights"], "weights")
    inputs = read(asked["inputs"], "inputs")
    network = Network(
        asked["algorithm"], asked["params"], weights, data["x_train"], data["y_train"]
    )
    torch.manual_seed(asked["seed"])  # the masks of dropout are the next that is drawn
    for rows, rate in zip(weights["plan.order"], weights["plan.rate"].tolist(), strict=True):
        network.step(rows, rate)
    network.evaluating()
    model = np.frombuffer(exported(network.net, inputs["x"][:2]), dtype=np.uint8)
    found = {MODEL: torch.from_numpy(model.copy()), LOGITS: wide(network.net, inputs)}
    save_file(found, out)
    return 0


def exported(net: nn.Module, x: Tensor) -> bytes:
    """A network in evaluation mode as the bytes of an ONNX model of any number of rows.

    Its input is ``x``, examples as the job's files hold them; its output ``logits``, float32.
    Traced on ``x``, of which two rows are enough: one would be taken for a constant.
    """
    file = io.BytesIO()
    open_ended = {"x": {0: "rows"}, LOGITS: {0: "rows"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the exporter is the older one, by tracing
        torch.onnx.export(
            net,
            (x,),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=["x"],
            output_names=[LOGITS],
            dynamic_axes=open_ended,
        )
    return file.getvalue()


def wide(net: nn.Module, inputs: dict[str, Tensor]) -> Tensor:
    """What the network says in float64 of every window of ``inputs``."""
    x = inputs["x"].double() if inputs["x"].is_floating_point() else inputs["x"]
    net.double()
    with torch.inference_mode():
        return torch.stack([net(x[begin:end]) for begin, end in inputs["windows"].tolist()])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
