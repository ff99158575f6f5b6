"""How far a training is from the one that was asked for, level by level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.networks.first_step import clipped, updated
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.parity import LARGEST
from rmlbench_utils.protocol.case import Case

Floats = NDArray[np.float64]
GRADIENT, FIRST = "gradient.", "first."
ULPS = 8.0  # floor of an envelope, in units in the last place of float32
WIDE = 0.1  # a share of the first loss: where an envelope is wider it shows nothing
SHARE = 1e-3  # of a deviation, which a mean beside it is measured by at least
NOTHING = 1e-12  # of the largest gradient: what float64's rounding leaves of one that is 0
UNIT = float(np.finfo(np.float32).eps)


def differences(
    case: Case, outputs: Tensors, reference: Tensors, weights: Tensors
) -> dict[str, float]:
    """Differences by output.

    Returns
    -------
    dict
        ``logits``: largest difference before any step, relative to the largest logit where that
        is above 1. ``trajectory``: largest distance of a loss from float64's, in units of the
        envelope. ``answers``: largest distance of what the trained network says from what
        float64's does, in units of how far torch's strays under other roundings, where every step
        tells. With the evidence of a first step also ``gradients``: largest relative
        difference of a parameter's gradient from float64's, in units of what rounding alone does
        to it; ``parameters``: largest distance from what the optimiser's formula makes of the
        worker's own gradients, in units of what rounding allows; ``buffers``: largest difference
        of what batch normalisation keeps from float64's, in units of what rounding alone does to
        it; ``still``: parameters that had no gradient or did not move, though the reference's do.
    """
    found = {
        "logits": largest(outputs["initial_logits"], reference["initial_logits"]),
        "trajectory": _trajectory(outputs, reference),
    }
    if telling(reference) == len(reference["losses"]):
        found["answers"] = _answers(outputs, reference)
    if any(name.startswith(GRADIENT) for name in outputs):
        found["gradients"] = _gradients(outputs, reference)
        found["parameters"] = _parameters(case, outputs, weights)
        found["buffers"] = _buffers(outputs, reference)
        found["still"] = float(len(still(outputs, reference, weights)))
    return found


def largest(logits: NDArray[np.float32], known: Floats) -> float:
    """Largest difference of logits, relative to the largest of ``known`` where that is above 1."""
    scale = max(1.0, float(np.abs(known).max()))
    return _bounded(float(np.abs(logits - known).max()) / scale)


def envelope(reference: Tensors) -> Floats:
    """How far any of the baseline's trainings had strayed from float64's loss up to a step.

    ``[steps]``; at least `ULPS` units in the last place of float32.
    """
    known = reference["losses"]
    strays = np.abs(reference["float32_losses"] - known).max(axis=0)
    return np.asarray(np.maximum.accumulate(np.maximum(strays, ULPS * UNIT * np.abs(known))))


def telling(reference: Tensors) -> int:
    """How many steps come before the envelope is too wide to show anything."""
    wide = envelope(reference) > WIDE * abs(float(reference["losses"][0]))
    return int(np.argmax(wide)) if wide.any() else len(wide)


def _trajectory(outputs: Tensors, reference: Tensors) -> float:
    steps = telling(reference)
    apart = np.abs(outputs["losses"].astype(np.float64) - reference["losses"])[:steps]
    return _bounded(float((apart / envelope(reference)[:steps]).max(initial=0.0)))


def _answers(outputs: Tensors, reference: Tensors) -> float:
    known = reference["logits"]
    floor = ULPS * UNIT * max(1.0, float(np.abs(known).max()))
    allowed = max(float(reference["float32_answers"].max()), floor)
    return _bounded(float(np.abs(outputs["logits"] - known).max()) / allowed)


def _names(tensors: Tensors, prefix: str = GRADIENT) -> list[str]:
    """The names of the gradients or buffers, in the order that the reference's strays have."""
    return sorted(name for name in tensors if name.startswith(prefix))


def _gradients(outputs: Tensors, reference: Tensors) -> float:
    allowed = np.maximum(reference["float32_strays"].max(axis=0), ULPS * UNIT)
    worst = 0.0
    for name, limit in zip(_names(reference), allowed, strict=True):
        known = reference[name].ravel()
        size = float(np.abs(known).max())
        apart = float(np.abs(outputs[name].astype(np.float64) - known).max())
        worst = max(worst, (apart / size if size > 0 else apart) / float(limit))
    return _bounded(worst)


def _parameters(case: Case, outputs: Tensors, weights: Tensors) -> float:
    gradients = {
        name.removeprefix(GRADIENT): outputs[name].astype(np.float64) for name in _names(outputs)
    }
    rate, worst = float(weights["plan.rate"][0]), 0.0
    for name, gradient in clipped(gradients, float(case.params["clip_norm"])).items():
        before = weights[name].astype(np.float64).ravel()
        wanted = updated(before, gradient, case.params, rate)
        # The update's own arithmetic, and the rounding of the sum.
        allowed = 1e-3 * np.abs(wanted - before).max() + 2 * UNIT * np.abs(before).max()
        apart = float(np.abs(outputs[FIRST + name] - wanted).max())
        worst = max(worst, _units(apart, float(allowed)))
    return _bounded(worst)


def _buffers(outputs: Tensors, reference: Tensors) -> float:
    """A mean that is 0 but for rounding has no size of its own: the deviation beside it has."""
    worst = 0.0
    strays = reference["float32_buffers"].max(axis=0)
    for name, stray in zip(_names(reference, FIRST), strays, strict=True):
        known, found = reference[name].ravel(), outputs[name].astype(np.float64)
        size = float(np.abs(known).max())
        if name.endswith("running_mean"):
            spread = reference[name.replace("running_mean", "running_var")]
            size = max(size, SHARE * float(np.sqrt(np.abs(spread).max())))
        allowed = max(float(stray), ULPS * UNIT * size)
        apart = float(np.abs(found - known).max())
        worst = max(worst, _units(apart, allowed))
    return _bounded(worst)


def still(outputs: Tensors, reference: Tensors, weights: Tensors) -> list[str]:
    """The parameters without a gradient, or that did not move, though the reference has one."""
    found = []
    sizes = {name: float(np.abs(reference[name]).max()) for name in _names(reference)}
    # Ahead of batch normalisation a bias has none, but for what rounding leaves of it.
    least = NOTHING * max(sizes.values(), default=0.0)
    for name, size in sizes.items():
        plain = name.removeprefix(GRADIENT)
        moved = outputs[FIRST + plain] != weights[plain].ravel()
        if size > least and not (np.any(outputs[name]) and np.any(moved)):
            found.append(plain)
    return found


def _units(apart: float, allowed: float) -> float:
    """Where nothing is allowed, anything is too far."""
    if allowed > 0:
        return apart / allowed
    return LARGEST if apart else 0.0


def _bounded(value: float) -> float:
    return min(float(np.nan_to_num(value, nan=LARGEST, posinf=LARGEST)), LARGEST)
