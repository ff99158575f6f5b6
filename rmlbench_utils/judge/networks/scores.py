"""What a network learned: one scorer for every contender."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax

from rmlbench_utils.judge import classification, metrics
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.protocol.case import Case

Floats = NDArray[np.float64]


def scores(logits: NDArray[np.float32], y: NDArray[np.generic]) -> dict[str, float]:
    """Scores of answers ``[..., outputs]`` to targets ``[...]``.

    Returns
    -------
    dict
        Of classes ``accuracy``, precision, recall and F1, and ``loss``, the mean cross-entropy in
        nats; of tokens ``accuracy``, ``loss`` and ``perplexity``, e to the loss; of numbers, in
        units of the training targets' standard deviation, regression scores.
    """
    if y.dtype == np.float32:
        return metrics.score(y.ravel(), logits[..., 0].ravel())
    plain = logits.reshape(-1, logits.shape[-1]).astype(np.float64)
    truth = y.ravel().astype(np.int64)
    loss = float(-log_softmax(plain, axis=1)[np.arange(len(truth)), truth].mean())
    said = plain.argmax(axis=1)
    if y.ndim > 2:
        accuracy = float((said == truth).mean())
        return {"accuracy": accuracy, "loss": loss, "perplexity": float(np.exp(loss))}
    return {**classification.score(truth, said), "loss": loss}


def evaluated(case: Case, outputs: Tensors, weights: Tensors, train: Tensors) -> list[float]:
    """Accuracy on the validation rows at every evaluation; empty where there are none."""
    if "evaluations" not in outputs:
        return []
    truth = train["y_train"][weights["plan.validation"]]
    return [float((one.argmax(axis=-1) == truth).mean()) for one in outputs["evaluations"]]


def reached(case: Case, curve: list[float]) -> dict[str, float]:
    """``steps_to_target``: the step of the first evaluation at or above the case's target, left
    out where no evaluation is; ``evaluations_before``: how many came before it."""
    for number, value in enumerate(curve):
        if value >= case.target:
            step = (number + 1) * int(case.params["evaluate_every"])
            return {"steps_to_target": float(step), "evaluations_before": float(number)}
    return {}
