"""The reference of a Gaussian mixture: plain expectation maximisation from given rows.

Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM algorithm",
Journal of the Royal Statistical Society B 39 (1977) 1-38.
"""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.clustering.gaussians import Mixture, log_sums, maximised
from rmlbench_utils.judge.clustering.nearest import nearest
from rmlbench_utils.judge.clustering.solution import Clustering, Floats, Whole, made

RECIPE = (
    "plain EM in float64 with log-sum-exp, covariances about their means, from responsibilities "
    "of 1 for the nearest of the given rows; ends where the mean log-likelihood of the E-step "
    "changes by less than tol, or after max_iter iterations"
)
AT_THE_LIMIT = 1e-9  # a change this near to tol is decided by rounding
ROUNDING = 1e-14  # of a log density, times the condition number
Free = tuple[Whole, Whole]


def solve(
    x: Floats,
    start: Whole,
    n_components: int,
    covariance_type: str,
    tol: float,
    reg_covar: float,
    max_iter: int,
    x_test: Floats,
) -> Clustering:
    """EM from the rows ``start[:n_components]`` of ``x`` [n, d]: first an M-step.

    Raises
    ------
    NotVerified
        If a covariance is not positive definite.
    """
    hard, free = nearest(x, x[start[:n_components]])
    doubt = _doubt_of_start(free)
    resp = np.zeros((len(x), n_components))
    resp[np.arange(len(x)), hard] = 1.0
    model = maximised(covariance_type, x, resp, reg_covar)
    bounds: list[float] = []
    for n_iter in range(1, max_iter + 1):
        joint = model.log_joint(x)
        sums = log_sums(joint)
        model = maximised(covariance_type, x, np.exp(joint - sums[:, None]), reg_covar)
        bounds.append(float(sums.mean()))
        if n_iter == 1:
            continue
        change = abs(bounds[-1] - bounds[-2])
        if not doubt and abs(change - tol) <= AT_THE_LIMIT:
            doubt = [f"the change of iteration {n_iter} is tol to within rounding"]
        if change < tol:
            break
    condition = model.condition
    labels, free = _most_probable(model, x, condition)
    predictions, free_predictions = _most_probable(model, x_test, condition)
    answers = {
        "labels": labels,
        "weights": model.weights,
        "means": model.means,
        "covariances": model.covariances,
        "n_iter": np.array([n_iter], np.int64),
        "log_likelihood": np.array([model.log_likelihood(x)]),
        "objective": np.array(bounds),
        "predictions": predictions,
        "free": free,
        "free_predictions": free_predictions,
    }
    return made(answers, doubt, RECIPE, condition)


def _doubt_of_start(free: Whole) -> list[str]:
    rows = len(np.unique(free[:, 0]))
    if not rows:
        return []
    return [f"{rows} {'row is' if rows == 1 else 'rows are'} equally near to two starting rows"]


def _most_probable(model: Mixture, x: Floats, condition: float) -> Free:
    """Labels of the rows, and (row, other component) where rounding decides."""
    joint = model.log_joint(x)
    labels = joint.argmax(axis=1).astype(np.int64)
    size = 1.0 + np.abs(joint.max(axis=1))
    tied = joint >= (joint.max(axis=1) - ROUNDING * max(condition, 1.0) * size)[:, None]
    tied[np.arange(len(x)), labels] = False
    return labels, np.argwhere(tied).astype(np.int64)
