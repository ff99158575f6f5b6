"""How far the outputs of a clustering run are from the reference, output by output."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.clustering.gaussians import Mixture
from rmlbench_utils.judge.clustering.kmeans import inertia
from rmlbench_utils.judge.clustering.match import matching, rand_difference, settled, translated
from rmlbench_utils.judge.clustering.nearest import nearest
from rmlbench_utils.judge.clustering.solution import Answers, Clustering, Floats, Whole
from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.outputs import Tensors, unrotated
from rmlbench_utils.judge.parity import LARGEST, relative_difference
from rmlbench_utils.protocol.case import Case

BY_COMPONENT = {"kmeans": ("centres",), "gaussian_mixture": ("weights", "means")}


def differences(
    case: Case, outputs: Tensors, reference: Clustering, x: Floats, rotation: Whole
) -> dict[str, float]:
    """Differences by output, of what the worker tells.

    Returns
    -------
    dict
        ``labels``: 1 less the adjusted Rand index, rows of undetermined label taken as given
        where the label is among the allowed ones. ``noise``, ``core``: rows that are so on one side
        only. ``centres``, ``weights``, ``means``, ``covariances``, ``inertia``, ``heights``:
        largest difference relative to the largest value, clusters matched; of the first three the
        rows' standard deviation where that is more. ``eigenvalues``:
        absolute, since the normalised Laplacian's lie between 0 and 2. ``log_likelihood``:
        absolute up to 1, then relative; ``log_likelihoods`` the largest of every iteration's.
        ``n_iter``: iterations. ``predictions``: share of test
        rows, over the worst window. ``subspace``: sine of the largest principal angle.
        ``objective``: how far above the reference's, relative; of a mixture in nats a row.
    """
    answers = reference.answers
    named = translated(outputs["labels"], answers["labels"])
    allowed = settled(named, answers["labels"], answers["free"])
    found = {"labels": rand_difference(outputs["labels"], allowed)}
    match case.algorithm:
        case "kmeans" | "gaussian_mixture":
            found |= _predicting(case, outputs, answers, x, rotation)
            found["objective"] = objective_gap(case, outputs, answers, x)
        case "dbscan":
            found["noise"] = float(((outputs["labels"] < 0) != (allowed < 0)).sum())
            if "core" in outputs:
                found["core"] = float(len(np.setxor1d(outputs["core"], answers["core"])))
        case "agglomerative":
            if "heights" in outputs:
                found["heights"] = relative_difference(outputs["heights"], answers["heights"])
        case "spectral":
            found |= _spectral(outputs, answers)
    return found


def _predicting(
    case: Case, outputs: Tensors, answers: Answers, x: Floats, rotation: Whole
) -> dict[str, float]:
    """Of k-means and the mixture, whose clusters have places."""
    names = BY_COMPONENT[case.algorithm]
    k = len(answers[names[-1]])
    stands = matching(outputs["labels"], answers["labels"], k)
    found = {
        name: relative_difference(outputs[name][stands], answers[name], _size(answers[name], x))
        for name in names
    }
    found["predictions"] = _predictions(outputs, answers, stands, rotation)
    if case.algorithm == "gaussian_mixture":
        tied = case.params["covariance_type"] == "tied"
        given = outputs["covariances"] if tied else outputs["covariances"][stands]
        found["covariances"] = relative_difference(given, answers["covariances"])
    found |= _numbers(outputs, answers, x)
    return found


def _size(values: Floats, x: Floats) -> float:
    """The largest value, but at least the rows' spread: the mean of all of them is rounding."""
    return max(float(np.abs(values).max(initial=0.0)), float(x.std()))


def _numbers(outputs: Tensors, answers: Answers, x: Floats) -> dict[str, float]:
    """Single values that a worker may tell."""
    found: dict[str, float] = {}
    if "n_iter" in outputs:
        found["n_iter"] = float(abs(int(outputs["n_iter"][0]) - int(answers["n_iter"][0])))
    if "inertia" in outputs and "inertia" in answers:
        scale = _inertia_scale(answers, x)
        found["inertia"] = relative_difference(outputs["inertia"], answers["inertia"], scale)
    if "log_likelihood" in outputs and "log_likelihood" in answers:
        mean = answers["log_likelihood"]
        scale = max(1.0, abs(float(mean[0])))
        found["log_likelihood"] = relative_difference(outputs["log_likelihood"], mean, scale)
        if "objective" in outputs:
            bounds = answers["objective"]
            found["log_likelihoods"] = _iterations(outputs["objective"], bounds, scale)
    return found


def _iterations(given: Floats, reference: Floats, scale: float) -> float:
    """The largest difference at any iteration that both made; ``n_iter`` counts the others."""
    both = min(len(given), len(reference))
    return relative_difference(given[:both], reference[:both], scale)


def _predictions(outputs: Tensors, answers: Answers, stands: Whole, rotation: Whole) -> float:
    """The share of test rows with another cluster, in the window where it is greatest."""
    name = np.empty_like(stands)
    name[stands] = np.arange(len(stands))
    windows = unrotated(outputs["predictions"], rotation)
    whole = windows.astype(np.int64)
    worst = 0.0
    for window, exact in zip(whole, windows == whole, strict=True):
        given = name[window]
        allowed = settled(given, answers["predictions"], answers["free_predictions"])
        worst = max(worst, float(((given != allowed) | ~exact).mean()))
    return worst


def objective_gap(case: Case, outputs: Tensors, answers: Answers, x: Floats) -> float:
    """How far the objective lies above the reference's, both by the harness; 0 where below.

    Of k-means the inertia of the given centres, relative to the reference's; of a mixture the
    mean log-likelihood of a row under the given parameters, in nats.
    """
    scale = _inertia_scale(answers, x) if case.algorithm == "kmeans" else 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        gap = _above(case, outputs, answers, x)
        share = gap / scale if scale > 0 else gap
    return float(np.nan_to_num(share, nan=LARGEST, posinf=LARGEST))


def _inertia_scale(answers: Answers, x: Floats) -> float:
    """The reference's inertia; where that is rounding, 1e-12 of that of a single cluster."""
    whole = float(((x - x.mean(axis=0)) ** 2).sum())
    return max(float(answers["inertia"][0]), 1e-12 * whole)


def _above(case: Case, outputs: Tensors, answers: Answers, x: Floats) -> float:
    """The reached objective less the reference's, at least 0; NaN where there is none."""
    if case.algorithm == "kmeans":
        centres: Floats = outputs["centres"]
        reached = inertia(x, centres, nearest(x, centres)[0])
        above = reached - float(answers["inertia"][0])
    else:
        kind = str(case.params["covariance_type"])
        model = Mixture(kind, outputs["weights"], outputs["means"], outputs["covariances"])
        try:
            above = float(answers["log_likelihood"][0]) - model.log_likelihood(x)
        except NotVerified:
            return float("nan")  # what is no covariance has no likelihood
    return 0.0 if above < 0 else above


def _spectral(outputs: Tensors, answers: Answers) -> dict[str, float]:
    found: dict[str, float] = {}
    if "eigenvalues" in outputs:
        found["eigenvalues"] = relative_difference(
            outputs["eigenvalues"], answers["eigenvalues"], 1.0
        )
    if "embedding" in outputs:
        with np.errstate(over="ignore"):
            given = outputs["embedding"] * answers["roots"][:, None]
        found["subspace"] = sine(given, answers["vectors"])
    return found


def sine(given: NDArray[np.float64], reference: NDArray[np.float64]) -> float:
    """Sine of the largest principal angle between the columns' spaces, both ``[n, k]``.

    ``reference`` is orthonormal; Bjorck and Golub, "Numerical methods for computing angles
    between linear subspaces", Mathematics of Computation 27 (1973) 579-594. 1 where the given
    columns are linearly dependent.
    """
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(given, axis=0)
    if not ((lengths > 0) & np.isfinite(lengths)).all():
        return 1.0
    basis, triangle = np.linalg.qr(given / lengths)
    if np.abs(triangle.diagonal()).min() <= 1e-12:
        return 1.0
    outside = basis - reference @ (reference.T @ basis)
    return min(float(np.linalg.norm(outside, 2)), 1.0)
