"""Do the outputs of a run agree with each other? All that one run of free seeds can show."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.clustering.gaussians import Mixture
from rmlbench_utils.judge.clustering.match import settled
from rmlbench_utils.judge.clustering.nearest import nearest, pairs
from rmlbench_utils.judge.clustering.solution import Floats, Whole
from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.outputs import Tensors, unrotated
from rmlbench_utils.protocol.case import Case

TIE = 1e-9  # of two log densities of a row, relative to the larger


def contradiction(
    case: Case, outputs: Tensors, x: Floats, x_test: Floats, rotation: Whole
) -> str | None:
    """What of a k-means or mixture contradicts itself, in words; None if nothing does.

    A row's label must be its nearest centre or its likeliest component by the model that was
    told, the same for predictions of the rows ``x_test`` [m, d].
    """
    try:
        labels, free = assigned(case, outputs, x)
        expected, free_test = assigned(case, outputs, x_test)
    except NotVerified as error:
        return str(error)
    what = "nearest centre" if case.algorithm == "kmeans" else "likeliest component"
    off = int((outputs["labels"] != settled(outputs["labels"], labels, free)).sum())
    if off:
        return f"labels contradict the model: {off} of {len(x)} rows are not of their {what}"
    for window in unrotated(outputs["predictions"], rotation):
        whole = window.astype(np.int64)
        wrong = (whole != window) | (whole != settled(whole, expected, free_test))
        if wrong.any():
            return (
                f"predictions contradict the model: {int(wrong.sum())} of {len(x_test)} rows "
                f"are not of their {what}"
            )
    return None


def assigned(case: Case, outputs: Tensors, x: Floats) -> tuple[Whole, Whole]:
    """Labels of the rows by the told model, and (row, other label) where rounding decides.

    Raises
    ------
    NotVerified
        If a covariance of a mixture is not positive definite.
    """
    if case.algorithm == "kmeans":
        return nearest(x, outputs["centres"])
    kind = str(case.params["covariance_type"])
    model = Mixture(kind, outputs["weights"], outputs["means"], outputs["covariances"])
    joint = model.log_joint(x)
    labels = joint.argmax(axis=1).astype(np.int64)
    best = joint.max(axis=1)[:, None]
    tied = joint >= best - TIE * np.maximum(np.abs(best), 1.0)
    tied[np.arange(len(x)), labels] = False
    return labels, pairs([np.argwhere(tied).astype(np.int64)])
