"""Training and inference in torch, as its documentation does them: eager, one optimiser step a
batch."""

from __future__ import annotations

from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from rmlbench_utils.contenders import network_terms, torch_convolutional, torch_recurrent
from rmlbench_utils.worker.channel import Fault

PLAN = "plan."


def module(
    algorithm: str,
    params: dict[str, Any],
    shape: tuple[int, ...],
    outputs: int,
    vocabulary: int,
    every_step: bool,
) -> nn.Module:
    """A network, initialised by torch.

    Parameters
    ----------
    shape
        Of one example: ``[c, h, w]``, ``[t, d]``, or ``[t]`` of tokens.

    Raises
    ------
    Fault
        If the network cannot take such examples.
    """
    network_terms.check_shape(algorithm, shape, every_step)
    if algorithm in torch_convolutional.NETWORKS:
        image = (shape[0], shape[1], shape[2])
        return torch_convolutional.NETWORKS[algorithm](image, outputs, params["dropout"])
    return torch_recurrent.Recurrent(
        torch_recurrent.NETWORKS[algorithm],
        shape[1] if len(shape) == 2 else None,
        vocabulary,
        outputs,
        (params["hidden_size"], params["embedding_size"]),
        params["dropout"],
        every_step,
    )


def optimiser(net: nn.Module, params: dict[str, Any]) -> torch.optim.Optimizer:
    """torch's optimiser with the case's hyper-parameters and torch's other defaults."""
    rate, decay = params["learning_rate"], params["weight_decay"]
    match params["optimizer"]:
        case "adam":
            return torch.optim.Adam(net.parameters(), rate, weight_decay=decay)
        case "adamw":
            return torch.optim.AdamW(net.parameters(), rate, weight_decay=decay)
        case "rmsprop":
            momentum = params["momentum"]
            return torch.optim.RMSprop(
                net.parameters(), rate, weight_decay=decay, momentum=momentum
            )
        case _:
            return torch.optim.SGD(
                net.parameters(),
                rate,
                momentum=params["momentum"],
                weight_decay=decay,
                nesterov=params["nesterov"],
            )


def loss_of(answer: Tensor, y: Tensor) -> Tensor:
    """Cross-entropy of classes and tokens, squared error of numbers; the mean over everything."""
    if y.is_floating_point():
        return functional.mse_loss(answer[:, 0], y)
    return functional.cross_entropy(answer.flatten(0, -2), y.flatten())


class Network:
    """A network with its optimiser and training rows.

    Parameters
    ----------
    tensors
        Weights under their names, beside them the plan.
    x, y
        Training rows.

    Raises
    ------
    Fault
        If a weight is missing, has another shape, or is no weight of the network.
    """

    def __init__(
        self,
        algorithm: str,
        params: dict[str, Any],
        tensors: dict[str, Tensor],
        x: Tensor,
        y: Tensor,
    ) -> None:
        outputs = int(tensors["plan.outputs"][0])
        vocabulary = len(tensors.get("embedding.weight", ()))
        shape = tuple(x.shape[1:])
        self.params, self.x, self.y = params, x, y
        self.net = module(algorithm, params, shape, outputs, vocabulary, y.ndim == 2)
        self._load(algorithm, {k: v for k, v in tensors.items() if not k.startswith(PLAN)})
        self.optimiser = optimiser(self.net, params)
        self.call: Any = self.net
        self.net.train()

    def _load(self, algorithm: str, weights: dict[str, Tensor]) -> None:
        wanted = {k: v for k, v in self.net.state_dict().items() if counted(k)}
        for name, value in wanted.items():
            if name not in weights:
                raise Fault("data", name, None, "the weights file needs this tensor")
            if weights[name].shape != value.shape:
                shape = list(weights[name].shape)
                raise Fault("data", name, shape, f"must have the shape {list(value.shape)}")
        for name in weights.keys() - wanted.keys():
            raise Fault("data", "weights", name, f"{algorithm} has no parameter of this name")
        self.net.load_state_dict(weights, strict=False)

    def step(self, rows: Tensor, rate: float, keep: bool = False) -> float:
        """One step on some training rows at a learning rate; the loss before the update."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss = loss_of(self.call(self.x[rows]), self.y[rows])
        loss.backward()
        if keep:
            self.kept = {k: p.grad.clone() for k, p in self.net.named_parameters()}
        if self.params["clip_norm"] > 0:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.params["clip_norm"])
        self.optimiser.step()
        return loss.item()

    def gradients(self) -> dict[str, Tensor]:
        """The gradients that the last step with ``keep`` had, before clipping."""
        return self.kept

    def state(self) -> dict[str, Tensor]:
        """Parameters and buffers as they are now."""
        return {k: v for k, v in self.net.state_dict().items() if counted(k)}

    def of_rows(self, rows: Tensor) -> Tensor:
        """What the network says of training rows, in evaluation mode."""
        self.net.eval()
        said = self.answer(self.x[rows])
        self.net.train()
        return said

    def evaluating(self) -> None:
        """Go to evaluation mode, for good."""
        self.net.eval()

    def answer(self, x: Tensor) -> Tensor:
        """What the network says of examples, in the mode it is in."""
        with torch.inference_mode():
            return self.call(x)


def counted(name: str) -> bool:
    """Whether a tensor of a state is a weight; how many batches were seen is not."""
    return not name.endswith("num_batches_tracked")


def read(path: str, name: str) -> dict[str, Tensor]:
    """The tensors of a file.

    Raises
    ------
    Fault
        If it is no safetensors file; ``name`` says which.
    """
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise Fault("data", name, path, f"must be a safetensors file ({error})") from error
