"""Which outputs the protocol asks of a network's run, and their shapes."""

from __future__ import annotations

from rmlbench_utils.judge.networks.differences import FIRST, GRADIENT
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.protocol.case import Case

PLAN = "plan."
Shapes = dict[str, tuple[int, ...]]


def served(truth: Tensors, weights: Tensors, train: Tensors) -> Shapes:
    """Of a network that was trained elsewhere: what it says of every window."""
    answer = (*train["y_train"].shape[1:], int(weights["plan.outputs"][0]))
    return {"logits": (*truth["y"].shape[:2], *answer)}


def trained(case: Case, truth: Tensors, weights: Tensors, train: Tensors, evidence: bool) -> Shapes:
    """Of one that was trained; ``evidence`` is whether gradients and weights of the first step
    were asked for."""
    shapes = served(truth, weights, train)
    answer = shapes["logits"][2:]
    steps, batch = weights["plan.order"].shape
    shapes |= {"initial_logits": (batch, *answer), "losses": (steps,)}
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
