"""Are a worker's outputs what the protocol asks for: there, shaped, of their type, finite?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Tensors = dict[str, NDArray[Any]]
NAMED = 12  # of what is there, where something is missing


def malformed(
    outputs: Tensors, shapes: dict[str, tuple[int, ...]], kind: DTypeLike = np.float64
) -> str | None:
    """The first thing wrong with the tensors, in words; None if nothing is.

    ``shapes`` maps every wanted tensor to its shape; ``cv_predictions`` may be absent.
    """
    for name, shape in shapes.items():
        if name not in outputs:
            if name == "cv_predictions":
                continue
            there = ", ".join(sorted(outputs)[:NAMED]) or "nothing"
            return f"{name} is missing, the outputs hold {there}"
        tensor = outputs[name]
        if tensor.dtype != kind:
            return f"{name} is {tensor.dtype}, it must be {np.dtype(kind)}"
        if tensor.shape != shape:
            return f"{name} has shape {list(tensor.shape)}, it must be {list(shape)}"
        wrong = int((~np.isfinite(tensor)).sum())
        if wrong:
            return f"{name} has {wrong} of {tensor.size} values that are not finite"
    return None


def unrotated(predictions: NDArray[np.float64], rotation: NDArray[np.int64]) -> NDArray[np.float64]:
    """Answers of each window in test-row order.

    Parameters
    ----------
    predictions, rotation
        Shape ``[K, m]``; answer i of window k is about test row ``rotation[k, i]``.
    """
    ordered = np.empty_like(predictions)
    np.put_along_axis(ordered, rotation, predictions, axis=1)
    return ordered


def convergence(outputs: Tensors) -> dict[str, float]:
    """``n_iter``, ``dual_gap`` and the objective after iterations 1, 2, 4, 8 ... and the last.

    Left out where a worker does not report them or the value is not finite.
    """
    found: dict[str, float] = {}
    for name in ("n_iter", "dual_gap"):
        if name in outputs and outputs[name].size == 1:
            found[name] = float(outputs[name].ravel()[0])
    curve = np.asarray(outputs.get("objective", np.empty(0)), dtype=np.float64).ravel()
    steps = sorted({2**k for k in range(64) if 2**k <= len(curve)} | {len(curve)} - {0})
    found.update({f"objective_at_{step}": float(curve[step - 1]) for step in steps})
    return {name: value for name, value in found.items() if np.isfinite(value)}


def traced(outputs: Tensors) -> dict[str, float]:
    """``objective_at_STEP`` of ``trace_steps`` and ``trace_objective``, where both are reported.

    Left out where the value is not finite.
    """
    told = [outputs.get(name, np.empty(0)).ravel() for name in ("trace_steps", "trace_objective")]
    if len(told[0]) != len(told[1]):
        return {}
    pairs = zip(told[0].tolist(), told[1].tolist(), strict=True)
    return {f"objective_at_{step:.0f}": float(value) for step, value in pairs if np.isfinite(value)}
