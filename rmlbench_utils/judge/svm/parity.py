"""Did a run solve the case's machines? Its outputs against the reference solution."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge import classification, metrics
from rmlbench_utils.judge.line import Compared, line
from rmlbench_utils.judge.outputs import Tensors, malformed, traced, unrotated
from rmlbench_utils.judge.parity import relative_difference
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.judge.svm import platt
from rmlbench_utils.judge.svm.coefficients import confidence, votes
from rmlbench_utils.judge.svm.machines import CLASSIFIERS, LINEAR, Machine
from rmlbench_utils.judge.svm.reached import of_duals, of_primal
from rmlbench_utils.judge.svm.reference import Reference
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord

CONSISTENT = 1e-6  # relative difference between what must be one number
NEAR_TIE = 1e-6  # of the largest decision value: nearer to 0 than this may be either class


def check(
    case: Case,
    record: RunRecord,
    outputs: Tensors,
    reference: Reference,
    machines: list[Machine],
    train: Tensors,
    truth: Tensors,
) -> ParityLine:
    """Hold the outputs of one run against the reference solution of its split.

    Parameters
    ----------
    outputs
        What the worker wrote (book/protocol.md, SVM). Of a contender that is served its model
        the predictions, and of classifiers the decisions, are all there is: they are held
        against the reference, and each against the other.
    machines
        The case's problems on this split.
    train, truth
        The files of the split.
    """
    wrong = malformed(outputs, _shapes(truth, train))
    served = not case.fits(record.contender)
    wrong = wrong or _contradiction(case, outputs, reference, train, truth, served)
    if wrong:
        return line(case, record, reference.sha256, case.tolerance, wrong=wrong)
    windows = unrotated(outputs["predictions"], truth["rotation"])
    found = _answers(case, outputs, windows, reference, truth)
    allowed = _tolerances(case)
    if served:
        allowed = {name: limit for name, limit in allowed.items() if name in found}
    else:
        found |= _optimum(case, outputs, reference, machines, train)
    return line(
        case,
        record,
        reference.sha256,
        allowed,
        Compared(
            found,
            _scores(case, outputs, windows, found, train, truth),
            _words(found),
            _correlation(outputs, reference, truth),
        ),
    )


def _correlation(outputs: Tensors, reference: Reference, truth: Tensors) -> float | None:
    """Of the probabilities, where there are any; shown, never a gate."""
    if reference.probabilities is None:
        return None
    given = unrotated_rows(outputs["probabilities"], truth["rotation"][0])
    return platt.correlation(given, reference.probabilities)


def _words(differences: dict[str, float]) -> dict[str, str]:
    unlike = differences.get("labels", 0.0)
    return {"labels": f"{unlike:.0f} rows have another label than the reference"}


def _tolerances(case: Case) -> dict[str, float]:
    """What is allowed: at ``same quality`` of the objective alone.

    Labels may differ from the reference's nowhere but where its decision is as near to 0 as
    decisions may differ.
    """
    stated = dict(case.tolerance)
    if case.level == "same quality":
        return {"objective": stated["objective"]} if "objective" in stated else {}
    if case.algorithm in CLASSIFIERS:
        stated["labels"] = 0.0
    return stated


def _shapes(truth: Tensors, train: Tensors) -> dict[str, tuple[int, ...]]:
    return {
        "predictions": tuple(truth["rotation"].shape),
        "cv_predictions": tuple(train["y_train"].shape),
    }


def _contradiction(
    case: Case,
    outputs: Tensors,
    reference: Reference,
    train: Tensors,
    truth: Tensors,
    served: bool,
) -> str | None:
    """What makes outputs unbelievable by themselves: classes there are not, predictions or
    decisions that their own decisions or coefficients do not give, rows there are not."""
    n, (m, p) = len(train["y_train"]), reference.decision.shape
    if case.algorithm not in CLASSIFIERS:
        return None if served else _linear(case, outputs, truth, 1) or _vectors(outputs, n, 1)
    classes = int(train["y_train"].max()) + 1
    known = np.isin(outputs["predictions"], np.arange(classes))
    if not known.all():
        bad = outputs["predictions"][~known][0]
        return f"predictions hold {bad:g}, classes are 0 to {classes - 1}"
    wrong = _misshapen(outputs, "decision", (m, p))
    if reference.probabilities is not None:
        wrong = wrong or platt.contradiction(outputs, (m, classes))
    else:
        wrong = wrong or _unlike(case, outputs, classes)
    if served:
        return wrong
    return wrong or _linear(case, outputs, truth, p) or _vectors(outputs, n, classes - 1)


def _linear(case: Case, outputs: Tensors, truth: Tensors, machines: int) -> str | None:
    """What is wrong with the coefficients of the linear forms, which decide everything."""
    if case.algorithm not in LINEAR:
        return None
    x = truth["x_test"][truth["rotation"][0]]
    several = case.algorithm == "linearsvc"
    shape = (machines, x.shape[1]) if several else (x.shape[1],)
    wrong = _misshapen(outputs, "coefficients", shape)
    wrong = wrong or _misshapen(outputs, "intercept", (machines,))
    if wrong:
        return wrong
    own = x @ np.atleast_2d(outputs["coefficients"]).T + outputs["intercept"]
    name = "decision" if several else "predictions"
    given = outputs["decision"] if several else outputs["predictions"][0][:, None]
    off = relative_difference(given, own)
    return f"{name} are {off:.2g} off what their coefficients give" if off > CONSISTENT else None


def _misshapen(outputs: Tensors, name: str, shape: tuple[int, ...]) -> str | None:
    return malformed({k: v for k, v in outputs.items() if k == name}, {name: shape})


def _unlike(case: Case, outputs: Tensors, classes: int) -> str | None:
    """Whether the labels of window 0 are those of the decisions, but for ties."""
    decision, given = outputs["decision"], outputs["predictions"][0]
    tied = (np.abs(decision) <= NEAR_TIE * np.abs(decision).max(initial=0.0)).any(axis=1)
    if case.algorithm == "linearsvc":
        own = decision[:, 0] > 0 if classes == 2 else decision.argmax(axis=1)
    else:
        own = votes(decision, classes)
    unlike = int(((own != given) & ~tied).sum())
    return f"{unlike} predictions are not what their own decisions say" if unlike else None


def _vectors(outputs: Tensors, n: int, lines: int) -> str | None:
    """What is wrong with support vectors and their coefficients, where they are given."""
    if "support" not in outputs and "dual" not in outputs:
        return None
    support = outputs.get("support", np.empty(0))
    if support.dtype != np.int64 or support.ndim != 1:
        return f"support is {support.dtype} {list(support.shape)}, it must be int64 of one axis"
    if len(support) and not (support.min() >= 0 and support.max() < n):
        return f"support holds {support.min()} to {support.max()}, rows are 0 to {n - 1}"
    if len(np.unique(support)) < len(support):
        return "support holds a row twice"
    return _misshapen(outputs, "dual", (lines, len(support)))


def _answers(
    case: Case, outputs: Tensors, windows: Floats, reference: Reference, truth: Tensors
) -> dict[str, float]:
    """How far what is said of the test rows is from the reference."""
    found: dict[str, float] = {}
    if case.algorithm in CLASSIFIERS:
        scale = float(np.abs(reference.decision).max(initial=0.0))
        given = unrotated_rows(outputs["decision"], truth["rotation"][0])
        found["decision"] = relative_difference(given, reference.decision, scale)
        allowed = case.tolerance.get("decision", NEAR_TIE) * scale
        near = (np.abs(reference.decision) <= allowed).any(axis=1)
        if reference.probabilities is not None:
            given = unrotated_rows(outputs["probabilities"], truth["rotation"][0])
            near, off = platt.compared(
                case, given, reference.probabilities, reference.decision, allowed
            )
            found["probabilities"] = off
        unlike = (windows != reference.predictions[None, :]).any(axis=0)
        found["labels"] = float((unlike & ~near).sum())
    else:
        scale = float(np.abs(reference.predictions).max(initial=0.0))
        found["predictions"] = relative_difference(windows, reference.predictions[None, :], scale)
    return found


def _optimum(
    case: Case,
    outputs: Tensors,
    reference: Reference,
    machines: list[Machine],
    train: Tensors,
) -> dict[str, float]:
    """How far what was fitted is from the optimum."""
    x, y = train["x_train"], train["y_train"]
    found: dict[str, float] = {}
    if case.algorithm in LINEAR:
        found["objective"] = of_primal(reference, case, outputs, x, y)
    elif "dual" in outputs:
        found["support"] = float(len(np.setxor1d(outputs["support"], reference.support)))
        reached = of_duals(machines, reference, case, outputs, x, y)
        found["objective"] = reached.objective
        found["violation"] = reached.violation
        found["infeasibility"] = reached.infeasibility
    return found


def unrotated_rows(values: Floats, order: np.ndarray) -> Floats:
    """Rows in test-row order; row i of ``values`` is about test row ``order[i]``."""
    ordered = np.empty_like(values)
    ordered[order] = values
    return ordered


def _scores(
    case: Case,
    outputs: Tensors,
    windows: Floats,
    differences: dict[str, float],
    train: Tensors,
    truth: Tensors,
) -> dict[str, float]:
    found: dict[str, float] = {}
    if case.algorithm in CLASSIFIERS:
        y, labels = truth["y"].astype(np.int64), windows[0].astype(np.int64)
        shares = outputs.get("probabilities")
        shares = None if shares is None else unrotated_rows(shares, truth["rotation"][0])
        values = _confidence(case, outputs, train, truth) if shares is None else shares
        found |= classification.score(y, labels, values, shares)
        if "cv_predictions" in outputs:
            held = (train["y_train"], outputs["cv_predictions"], train["fold"])
            found |= classification.cross_validated(*(part.astype(np.int64) for part in held))
    else:
        found |= metrics.score(truth["y"], windows[0])
        if "cv_predictions" in outputs:
            held = (train["y_train"], outputs["cv_predictions"], train["fold"])
            found |= metrics.cross_validated(*held)
    if "support" in outputs:
        found["support_vectors"] = float(len(outputs["support"]))
    if "n_iter" in outputs:
        found["n_iter"] = float(outputs["n_iter"].sum())
    found |= traced(outputs)
    if "objective" in differences:
        found["objective_gap"] = differences["objective"]
    return found


def _confidence(case: Case, outputs: Tensors, train: Tensors, truth: Tensors) -> Floats:
    decision = unrotated_rows(outputs["decision"], truth["rotation"][0])
    classes = int(train["y_train"].max()) + 1
    if case.algorithm != "linearsvc":
        return confidence(decision, classes)
    return np.column_stack([-decision, decision]) if classes == 2 else decision
