"""Did a clustering run compute the case's answer? Its outputs against the reference."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.agreement import verb
from rmlbench_utils.judge.clustering.consistent import contradiction
from rmlbench_utils.judge.clustering.differences import differences
from rmlbench_utils.judge.clustering.gaussians import Mixture
from rmlbench_utils.judge.clustering.reference import FREE_SEEDS
from rmlbench_utils.judge.clustering.scores import classes_of, mixture_scores, scores
from rmlbench_utils.judge.clustering.shapes import malformed, wanted
from rmlbench_utils.judge.clustering.solution import Clustering, Floats
from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.line import Compared, line
from rmlbench_utils.judge.outputs import Tensors, convergence
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord

CAP = 1e-3  # no condition number makes a tolerance looser than this
SCALED = ("means", "covariances", "subspace")
SAID = {
    "labels": "1 - adjusted Rand index",
    "predictions": "share of test rows",
    "core": "rows on one side only",
    "noise": "rows on one side only",
    "n_iter": "iterations",
    "subspace": "sine of the largest principal angle",
}


def tolerances(case: Case, reference: Clustering) -> dict[str, float]:
    """Allowed difference of each output of the case.

    At ``same quality`` the objective's alone. With ``condition_scaled`` those of means,
    covariances and the space of the eigenvectors grow with the condition number, up to `CAP`.
    Predictions are allowed what labels are unless the case says otherwise; a row that is noise on
    one side only never is.
    """
    stated = dict(case.tolerance)
    if case.level == "same quality":
        return {"objective": stated["objective"]} if "objective" in stated else {}
    if "labels" in stated:
        stated.setdefault("predictions", stated["labels"])
        if case.algorithm == "dbscan":
            stated["noise"] = 0.0
    if case.condition_scaled:
        for name in SCALED:
            if name in stated:
                grown = stated[name] * max(reference.condition, 1.0)
                stated[name] = max(stated[name], min(grown, CAP))
    return stated


def check(
    case: Case,
    record: RunRecord,
    outputs: Tensors,
    reference: Clustering,
    train: Tensors,
    truth: Tensors,
) -> ParityLine:
    """Hold the outputs of one run against the reference solution of its split.

    Where the reference says that another answer may be as right, one that differs is
    ``unchecked``, with both said; one that agrees passes all the same. Where seeds are free one
    run shows nothing but that its outputs agree with each other: it is ``unchecked``, and
    ``judge.free_seeds`` compares the outcomes of all.

    Parameters
    ----------
    outputs
        What the worker wrote (book/protocol.md).
    train
        ``x_train`` [n, d] and ``y_train`` [n], the classes where there are any.
    truth
        ``rotation`` [K, m]: the test row of each prediction; ``x_test`` [m, d].
    """
    x, allowed = train["x_train"], tolerances(case, reference)
    windows = (int(truth["rotation"].shape[0]), int(truth["rotation"].shape[1]))
    wrong = malformed(outputs, wanted(case, len(x), x.shape[1], windows))
    if wrong:
        return line(case, record, reference.sha256, allowed, wrong=wrong)
    if case.free_seeds:
        wrong = contradiction(case, outputs, x, truth["x_test"], truth["rotation"])
    found = _scores(case, outputs, train)
    if case.free_seeds or not reference.answers:
        unknown = FREE_SEEDS if case.free_seeds else reference.doubt
        said = {"wrong": wrong} if wrong else {"unknown": unknown}
        return line(case, record, reference.sha256, allowed, Compared({}, found), **said)
    apart = differences(case, outputs, reference, x, truth["rotation"])
    compared = Compared(apart, found, _words(apart, allowed))
    return line(case, record, reference.sha256, allowed, compared, doubt=reference.doubt)


def _words(apart: dict[str, float], allowed: dict[str, float]) -> dict[str, str]:
    return {
        name: f"{name} {verb(name)} by {apart[name]:.2g} ({what}) from the reference, "
        f"allowed is {allowed[name]:.2g}"
        for name, what in SAID.items()
        if name in apart and name in allowed
    }


def _scores(case: Case, outputs: Tensors, train: Tensors) -> dict[str, float]:
    x: Floats = train["x_train"]
    classes = classes_of(train["y_train"]) if "y_train" in train else None
    found = scores(x, outputs["labels"], classes) | convergence(outputs)
    if case.algorithm == "gaussian_mixture":
        try:
            found |= mixture_scores(x, mixture(case, outputs))
        except NotVerified:
            return found  # no likelihood under what is no covariance
    return {name: value for name, value in found.items() if np.isfinite(value)}


def mixture(case: Case, outputs: Tensors) -> Mixture:
    """The mixture of a worker's outputs."""
    kind = str(case.params["covariance_type"])
    return Mixture(kind, outputs["weights"], outputs["means"], outputs["covariances"])
