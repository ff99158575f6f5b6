"""Did a run compute the case's answer? Its outputs against the reference solution."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.line import Compared, line
from rmlbench_utils.judge.metrics import cross_validated, score, sparsity
from rmlbench_utils.judge.outputs import Tensors, convergence, malformed, unrotated
from rmlbench_utils.judge.reference import objective
from rmlbench_utils.judge.solution import Reference
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord

Floats = NDArray[np.float64]
CAP = 1e-3  # no condition number makes a tolerance looser than this
LARGEST = float(np.finfo(np.float64).max)


def relative_difference(given: Floats, reference: Floats, scale: float | None = None) -> float:
    """``max|a-b| / max|b|``; the absolute difference where the reference is all zero.

    ``scale`` replaces ``max|b|``.
    """
    largest = float(np.abs(reference).max(initial=0.0)) if scale is None else scale
    with np.errstate(over="ignore"):
        furthest = float(np.abs(given - reference).max(initial=0.0))
        return min(furthest / largest if largest > 0 else furthest, LARGEST)


def tolerances(case: Case, reference: Reference) -> dict[str, float]:
    """Allowed relative difference of each output of the case.

    At ``same quality`` the objective's alone. With ``condition_scaled`` that of the
    coefficients grows with the condition number, up to `CAP`. The intercept is a prediction
    (of the all-zero row) and is allowed what predictions are unless the case says otherwise.
    A zero in place of a nonzero coefficient, or the reverse, is never allowed.
    """
    stated = dict(case.tolerance)
    if case.level == "same quality":
        return {"objective": stated["objective"]} if "objective" in stated else {}
    if "predictions" in stated:
        stated.setdefault("intercept", stated["predictions"])
    if case.condition_scaled and "coefficients" in stated:
        plain = stated["coefficients"]
        condition = reference.condition if np.isfinite(reference.condition) else LARGEST
        stated["coefficients"] = max(plain, min(plain * max(condition, 1.0), CAP))
    if reference.nonzero is not None:
        stated["nonzero"] = 0.0
    return stated


def check(
    case: Case,
    record: RunRecord,
    outputs: Tensors,
    reference: Reference,
    train: Tensors,
    truth: Tensors,
) -> ParityLine:
    """Hold the outputs of one run against the reference solution of its split.

    Parameters
    ----------
    outputs
        What the worker wrote: ``predictions [K, m]``, ``coefficients [d]``, ``intercept [1]``;
        ``cv_predictions [n]`` where folds were asked for. Of a contender that is served its
        model the predictions are all there is, and all that is held against the reference.
    train
        ``x_train [n, d]``, ``y_train [n]``, ``fold [n]``.
    truth
        ``y [m]`` in test-row order, ``rotation [K, m]``: the test row of each answer.
    """
    served = not case.fits(record.contender)
    shapes: dict[str, tuple[int, ...]] = {"predictions": tuple(truth["rotation"].shape)}
    fitted: dict[str, tuple[int, ...]] = {
        "coefficients": tuple(reference.coefficients.shape),
        "intercept": (1,),
        "cv_predictions": tuple(train["y_train"].shape),
    }
    wrong = malformed(outputs, shapes if served else shapes | fitted)
    allowed = tolerances(case, reference)
    if wrong:
        return line(case, record, reference.sha256, allowed, wrong=wrong)
    windows = unrotated(outputs["predictions"], truth["rotation"])
    if served:
        scale = float(np.abs(reference.predictions).max(initial=0.0))
        off = relative_difference(windows, reference.predictions[None, :], scale)
        found = Compared(
            {"predictions": off},
            score(truth["y"], windows[0]),
            correlation=_correlation(windows[0], reference.predictions),
        )
        stated = {name: limit for name, limit in allowed.items() if name == "predictions"}
        return line(case, record, reference.sha256, stated, found)
    differences = _differences(case, outputs, windows, reference, train)
    compared = Compared(
        differences,
        _scores(outputs, windows, differences["objective"], train, truth),
        _words(differences, outputs, reference),
        _correlation(windows[0], reference.predictions),
    )
    return line(case, record, reference.sha256, allowed, compared)


def _differences(
    case: Case, outputs: Tensors, windows: Floats, reference: Reference, train: Tensors
) -> dict[str, float]:
    scale = float(np.abs(reference.predictions).max(initial=0.0))
    found = {
        "predictions": relative_difference(windows, reference.predictions[None, :], scale),
        "coefficients": relative_difference(outputs["coefficients"], reference.coefficients),
        "intercept": relative_difference(
            outputs["intercept"],
            reference.intercept,
            max(scale, abs(float(reference.intercept[0]))),
        ),
    }
    if reference.nonzero is not None:
        found["nonzero"] = float(((outputs["coefficients"] != 0) != reference.nonzero).sum())
    found["objective"] = objective_gap(case, outputs, reference, train)
    return found


def objective_gap(case: Case, outputs: Tensors, reference: Reference, train: Tensors) -> float:
    """How far the objective lies above the reference's, relative to it; 0 where below.

    Where the reference fits the data to rounding, the objective of the mean, times 1e-12,
    stands in for one that is nothing but rounding error.
    """
    x, y = train["x_train"], train["y_train"]
    with np.errstate(over="ignore", invalid="ignore"):
        reached = objective(case, x, y, outputs["coefficients"], float(outputs["intercept"][0]))
        scale = abs(reference.objective)
        if scale <= 1e-9 * float(np.var(y)):
            nothing = objective(case, x, y, np.zeros_like(reference.coefficients), float(y.mean()))
            scale = max(scale, 1e-12 * abs(nothing))
        above = max(reached - reference.objective, 0.0)
        share = above / scale if scale > 0 else above
    return float(np.nan_to_num(share, nan=LARGEST, posinf=LARGEST))


def _words(differences: dict[str, float], outputs: Tensors, reference: Reference) -> dict[str, str]:
    if reference.nonzero is None:
        return {}
    given = int(np.count_nonzero(outputs["coefficients"]))
    return {
        "nonzero": f"{differences['nonzero']:.0f} coefficients are zero on one side only: "
        f"{given} nonzero, the reference has {int(reference.nonzero.sum())}"
    }


def _correlation(given: Floats, reference: Floats) -> float | None:
    with np.errstate(all="ignore"):
        if len(given) < 2 or not (np.ptp(given) > 0 and np.ptp(reference) > 0):
            return None
        value = float(np.corrcoef(given, reference)[0, 1])
    return value if np.isfinite(value) else None


def _scores(
    outputs: Tensors, windows: Floats, objective_gap: float, train: Tensors, truth: Tensors
) -> dict[str, float]:
    found = score(truth["y"], windows[0]) | sparsity(outputs["coefficients"])
    found |= convergence(outputs) | {"objective_gap": objective_gap}
    if "cv_predictions" in outputs:
        found |= cross_validated(train["y_train"], outputs["cv_predictions"], train["fold"])
    return found
