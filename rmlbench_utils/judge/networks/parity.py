"""Did a network's run make the training that was asked for? Its outputs against the reference."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.line import Compared, line
from rmlbench_utils.judge.networks import shapes
from rmlbench_utils.judge.networks.differences import (
    differences,
    envelope,
    largest,
    still,
    telling,
)
from rmlbench_utils.judge.networks.scores import evaluated, reached, scores
from rmlbench_utils.judge.outputs import Tensors, malformed
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord

LEAST_STEPS = 3
UNHELD = "rounding alone moves what the trained network says too far to hold the answers to it"
MASKS = "masks of dropout are drawn by each library's own generator"
FREE_SEEDS = "weights and order are free: the outcomes of all seeds are compared"


def check(
    case: Case,
    record: RunRecord,
    outputs: Tensors,
    reference: Tensors,
    train: Tensors,
    truth: Tensors,
    weights: Tensors,
    sha256: str,
) -> ParityLine:
    """Hold the outputs of one run against the float64 training of its split.

    Parameters
    ----------
    reference
        What ``contenders/torch_reference.py`` wrote, of a contender that is served the ``logits``
        of ``torch_exported.py``; empty where seeds are free.
    sha256
        Its digest.
    """
    if not case.fits(record.contender):
        wrong = malformed(outputs, shapes.served(truth, weights, train), np.float32)
        return _served(case, record, outputs, reference, truth, sha256, wrong)
    allowed = {} if case.free_seeds else dict(case.tolerance)
    evidence = record.role == "quality" and not case.free_seeds
    wanted = shapes.trained(case, truth, weights, train, evidence)
    wrong = malformed(outputs, wanted, np.float32)
    if wrong:
        return line(case, record, sha256, allowed, wrong=wrong)
    curve = evaluated(case, outputs, weights, train)
    found = scores(outputs["logits"], truth["y"]) | reached(case, curve)
    found["first_loss"] = float(outputs["losses"][0])
    found["last_loss"] = float(outputs["losses"][-1])
    told = Compared({}, found)
    if case.free_seeds:
        said = line(case, record, sha256, allowed, told, unknown=FREE_SEEDS)
        return said.model_copy(update={"curves": {"accuracy": curve}})
    if telling(reference) < min(LEAST_STEPS, len(reference["losses"])):
        wide = f"after {telling(reference)} steps rounding alone changes the loss by a tenth"
        return line(case, record, sha256, allowed, told, unknown=wide)
    apart = differences(case, outputs, reference, weights)
    told = Compared(apart, found, _words(apart, outputs, reference, weights))
    doubt = MASKS if case.params["dropout"] else ""
    said = line(case, record, sha256, allowed, told, doubt=doubt)
    if case.served and "answers" not in apart and said.parity == "pass":
        said = line(case, record, sha256, allowed, told, unknown=UNHELD)
    return said.model_copy(update={"curves": _curves(outputs, reference)})


def _served(
    case: Case,
    record: RunRecord,
    outputs: Tensors,
    reference: Tensors,
    truth: Tensors,
    sha256: str,
    wrong: str | None,
) -> ParityLine:
    """Hold what a network says that it was given against what it says in float64."""
    allowed = {"logits": case.tolerance["logits"]}
    if wrong:
        return line(case, record, sha256, allowed, wrong=wrong)
    apart = {"logits": largest(outputs["logits"], reference["logits"])}
    words = {"logits": f"logits differ by {apart['logits']:.2g} from the same network's in float64"}
    return line(
        case, record, sha256, allowed, Compared(apart, scores(outputs["logits"], truth["y"]), words)
    )


def _words(
    apart: dict[str, float], outputs: Tensors, reference: Tensors, weights: Tensors
) -> dict[str, str]:
    """How failures are said."""
    words = {
        "logits": f"logits before any step differ by {apart['logits']:.2g} from float64's",
        "trajectory": f"the losses stray {apart['trajectory']:.2g} times as far from float64's as "
        "any of the baseline's trainings did under other roundings, allowed is 2",
    }
    if "answers" in apart:
        words["answers"] = (
            f"what the trained network says is {apart['answers']:.2g} times as far from float64's "
            "as rounding takes the baseline's, allowed is 2"
        )
    if "gradients" in apart:
        words["gradients"] = (
            f"a gradient of the first step is {apart['gradients']:.2g} times as far from "
            "float64's as rounding takes the baseline's, allowed is 2"
        )
        words["parameters"] = (
            f"the first update is {apart['parameters']:.2g} times as far from the optimiser's "
            "formula as rounding allows"
        )
        words["buffers"] = (
            f"what batch normalisation keeps after the first step is {apart['buffers']:.2g} times "
            "as far from float64's as rounding takes the baseline's, allowed is 2"
        )
        names = ", ".join(still(outputs, reference, weights)[:3])
        words["still"] = f"without a gradient or at rest: {names} ({apart['still']:.0f} in all)"
    return words


def _curves(outputs: Tensors, reference: Tensors) -> dict[str, list[float]]:
    """The loss of every step, float64's, and how far rounding leads astray."""
    told = {
        "loss": outputs["losses"],
        "reference": reference["losses"],
        "envelope": envelope(reference),
    }
    return {name: np.asarray(values, np.float64).tolist() for name, values in told.items()}
