"""Are a network's outputs what the protocol asks for?"""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.networks.differences import FIRST, GRADIENT
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.protocol.case import Case

PLAN = "plan."


def malformed(
    case: Case, outputs: Tensors, truth: Tensors, weights: Tensors, train: Tensors, evidence: bool
) -> str | None:
    """The first thing wrong with the outputs, in words; None if nothing is.

    ``evidence`` is whether the gradients and weights of the first step were asked for.
    """
    for name, shape in _wanted(case, truth, weights, train, evidence).items():
        if name not in outputs:
            there = ", ".join(sorted(outputs)[:6]) or "nothing"
            return f"{name} is missing, the outputs hold {there}"
        tensor = outputs[name]
        if tensor.dtype != np.float32:
            return f"{name} is {tensor.dtype}, it must be float32"
        if tensor.shape != shape:
            return f"{name} has shape {list(tensor.shape)}, it must be {list(shape)}"
        wrong = int((~np.isfinite(tensor)).sum())
        if wrong:
            return f"{name} has {wrong} of {tensor.size} values that are not finite"
    return None


def _wanted(
    case: Case, truth: Tensors, weights: Tensors, train: Tensors, evidence: bool
) -> dict[str, tuple[int, ...]]:
    answer = (*train["y_train"].shape[1:], int(weights["plan.outputs"][0]))
    steps, batch = weights["plan.order"].shape
    shapes: dict[str, tuple[int, ...]] = {
        "initial_logits": (batch, *answer),
        "losses": (steps,),
        "logits": (*truth["y"].shape[:2], *answer),
    }
    every = int(case.params["evaluate_every"])
    if every:
        shapes["evaluations"] = (steps // every, len(weights["plan.validation"]), *answer)
    if evidence:
        for name, value in weights.items():
            if not name.startswith(PLAN):
                shapes[FIRST + name] = (value.size,)
                if not name.endswith(("running_mean", "running_var")):
                    shapes[GRADIENT + name] = (value.size,)
    return shapes
