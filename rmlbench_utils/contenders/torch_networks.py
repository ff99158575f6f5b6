"""torch's networks as contenders: eager mode, on the CPU."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from rmlbench_utils.contenders import network_terms
from rmlbench_utils.contenders.torch_training import Network, read
from rmlbench_utils.worker.channel import Fault

# torch imports much of itself when the first optimiser is made, which every training waits for.
torch.optim.SGD([torch.zeros(1)], 0.1)

PLAN = {
    **{"plan.order": "int64", "plan.rate": "float64"},
    **{"plan.validation": "int64", "plan.outputs": "int64"},
}
VERSION = torch.__version__
PROGRAM = "eager: the operations of the network and its optimiser, one by one"


class Trained:
    """An architecture to be trained, with the settings of a case."""

    NAME: ClassVar[str]
    DEFAULTS: ClassVar[dict[str, Any]]
    NETWORK: ClassVar[type[Network]] = Network

    def __init__(self, **params: Any) -> None:
        network_terms.check(params)
        self.params = params

    def load(self, train: str, weights: str, seed: int) -> tuple[Network, dict[str, Tensor]]:
        """The network with its rows, and the plan of its steps, from two files."""
        data, tensors = read(train, "train"), read(weights, "weights")
        for name in ("x_train", "y_train"):
            network_terms.check_kind(name, data, "float32", "int64")
        for name, kind in PLAN.items():
            network_terms.check_kind(name, tensors, kind)
        x, y = data["x_train"], data["y_train"]
        check_rows(x, y, int(tensors["plan.outputs"][0]))
        check_tokens("x_train", x, tensors)
        network = self.NETWORK(self.NAME, self.params, tensors, x, y)
        self.shape, self.weights = x.shape[1:], tensors
        torch.manual_seed(seed)  # the masks of dropout are the next that is drawn
        return network, tensors

    def inputs(self, path: str) -> dict[str, Tensor]:
        """Rows to answer for, ``x``, and ``windows`` of them."""
        tensors = read(path, "inputs")
        network_terms.check_kind("x", tensors, "float32", "int64")
        network_terms.check_kind("windows", tensors, "int64")
        if tensors["x"].shape[1:] != self.shape:
            found, wanted = list(tensors["x"].shape[1:]), list(self.shape)
            raise Fault("data", "x", found, f"must have rows of the shape {wanted}")
        check_tokens("x", tensors["x"], self.weights)
        return tensors


def check_tokens(name: str, x: Tensor, weights: dict[str, Tensor]) -> None:
    """Refuse a token that the embedding has no row for.

    Raises
    ------
    Fault
        With the token and how many there are.
    """
    if x.is_floating_point() or "embedding.weight" not in weights:
        return
    count = len(weights["embedding.weight"])
    for value in x[(x < 0) | (x >= count)].flatten()[:1].tolist():
        raise Fault("data", name, value, f"must be from 0 to {count - 1}")


def check_rows(x: Tensor, y: Tensor, outputs: int) -> None:
    """Refuse rows that are not finite, and targets that are no target of their rows.

    Raises
    ------
    Fault
        With the tensor, its value and what is allowed.
    """
    for name, values in (("x_train", x), ("y_train", y)):
        if values.is_floating_point() and not bool(torch.isfinite(values).all()):
            raise Fault("data", name, "nan or infinity", "every value must be finite")
    if y.ndim == 2 and x.ndim != 2:
        raise Fault("data", "y_train", list(y.shape), "is of one value an example, but of tokens")
    if y.shape != x.shape[: min(max(y.ndim, 1), 2)]:
        wanted = list(x.shape[: min(max(y.ndim, 1), 2)])
        raise Fault("data", "y_train", list(y.shape), f"must have the shape {wanted}")
    if not y.is_floating_point():
        for value in y[(y < 0) | (y >= outputs)].flatten()[:1].tolist():
            raise Fault("data", "y_train", value, f"must be from 0 to {outputs - 1}")


def algorithms(base: type[Trained]) -> dict[str, type[Trained]]:
    """A contender class for each architecture."""
    names = (*network_terms.SMALLEST, *network_terms.SEQUENTIAL)
    return {
        name: type(name, (base,), {"NAME": name, "DEFAULTS": network_terms.defaults(name)})
        for name in names
    }


ALGORITHMS = algorithms(Trained)


def prepare(threads: int) -> int:
    """Use so many threads; how many torch says it uses."""
    torch.set_num_threads(threads)
    torch.set_num_interop_threads(threads)
    return torch.get_num_threads()


def facts() -> dict[str, Any]:
    """Kernel library and versions, for the fairness check."""
    library = Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"
    with library.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "blas": [line for line in torch.__config__.show().splitlines() if "MKL" in line][:2],
        "blas_kernel": [torch.backends.cpu.get_cpu_capability()],
        "cpu_features": "chosen at run time by libtorch, oneDNN and MKL",
        "libraries": {"torch": VERSION},
        "kernel_library": {"path": str(library), "sha256": sha256},
        "program": PROGRAM,
    }
