"""onnxruntime from Python, serving networks that torch trained and exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import onnxruntime
from safetensors import SafetensorError
from safetensors.numpy import load_file

from rmlbench_utils.contenders import network_terms, onnxruntime_serving
from rmlbench_utils.worker.channel import Fault

VERSION = onnxruntime_serving.VERSION


@dataclass(frozen=True)
class Network:
    """A session that answers examples."""

    session: onnxruntime.InferenceSession

    def answer(self, x: np.ndarray) -> np.ndarray:
        """What the network says of some examples."""
        try:
            return self.session.run(None, {"x": x})[0]
        except Exception as error:  # the library raises types of its own, without a base
            said = str(error).splitlines()[0]
            raise Fault("data", "x", " x ".join(map(str, x.shape)), said) from error


class Served:
    """A network asked as a user of onnxruntime would."""

    DEFAULTS: ClassVar[dict[str, Any]]

    def __init__(self, **params: Any) -> None:
        network_terms.check(params)

    def load(self, model: bytes, threads: int) -> Network:
        """A session of the bytes of a model."""
        return Network(onnxruntime_serving.session(model, threads))

    def inputs(self, path: str) -> dict[str, np.ndarray]:
        """Rows to answer for, ``x``, and ``windows`` of them."""
        try:
            tensors = load_file(path)
        except (OSError, SafetensorError) as error:
            allowed = f"must be a safetensors file ({error})"
            raise Fault("data", "inputs", path, allowed) from error
        network_terms.check_kind("x", tensors, "float32", "int64")
        network_terms.check_kind("windows", tensors, "int64")
        return tensors


ALGORITHMS = {
    name: type(name, (Served,), {"DEFAULTS": network_terms.defaults(name)})
    for name in (*network_terms.SMALLEST, *network_terms.SEQUENTIAL)
}


def facts() -> dict[str, Any]:
    """As where it serves scikit-learn's models, but for what the model is."""
    note = "a network is torch's, exported by torch.onnx"
    return {**onnxruntime_serving.facts(), "notes": [note]}
