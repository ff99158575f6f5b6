"""Gaussians of the four covariance types: log densities, moments and free parameters.

One set of formulas for the reference and for the scores of every contender (scikit-learn user
guide, "Gaussian mixture models"; Bishop, Pattern Recognition and Machine Learning, section 9.2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from rmlbench_utils.judge.clustering.solution import Floats
from rmlbench_utils.judge.exact import NotVerified

SHAPES = {"full": "k x d x d", "tied": "d x d", "diag": "k x d", "spherical": "k"}
TEN_ULPS = 10.0 * float(np.finfo(np.float64).eps)  # what scikit-learn adds to every count


@dataclass(frozen=True)
class Mixture:
    """Weights [k], means [k, d] and covariances in the shape of their ``kind``."""

    kind: str
    weights: Floats
    means: Floats
    covariances: Floats

    def covariance(self, component: int) -> Floats:
        """A component's covariance as a matrix [d, d]."""
        d = self.means.shape[1]
        match self.kind:
            case "full":
                return np.asarray(self.covariances[component])
            case "tied":
                return self.covariances
            case "diag":
                return np.diag(self.covariances[component])
            case _:
                return np.eye(d) * float(self.covariances[component])

    @property
    def condition(self) -> float:
        """The largest condition number of a covariance."""
        matrices = 1 if self.kind == "tied" else len(self.weights)
        return max(float(np.linalg.cond(self.covariance(j))) for j in range(matrices))

    @property
    def parameters(self) -> int:
        """Free parameters: means, covariances, and weights that sum to one."""
        k, d = self.means.shape
        each = d * (d + 1) // 2
        covariances = {"full": k * each, "tied": each, "diag": k * d, "spherical": k}
        return int(covariances[self.kind] + k * d + k - 1)

    def log_joint(self, x: Floats) -> Floats:
        """``ln w_j + ln N(x | j)`` of the rows, shape ``[n, k]``.

        Raises
        ------
        NotVerified
            If a covariance is not positive definite.
        """
        n, d = x.shape
        out = np.empty((n, len(self.weights)))
        factor: Floats | None = None
        for j, mean in enumerate(self.means):
            if factor is None or self.kind != "tied":
                factor = _factor(self.covariance(j))
            y = solve_triangular(factor, (x - mean).T, lower=True, check_finite=False)
            squared = np.einsum("dn,dn->n", y, y)
            constant = d * np.log(2 * np.pi) / 2 + np.log(factor.diagonal()).sum()
            with np.errstate(divide="ignore", invalid="ignore"):
                out[:, j] = np.log(self.weights[j]) - constant - squared / 2
        return out

    def log_likelihood(self, x: Floats) -> float:
        """Mean over the rows of ``ln sum_j w_j N(x | j)``."""
        return float(log_sums(self.log_joint(x)).mean())


def log_sums(joint: Floats) -> Floats:
    """``ln sum_j exp(joint_ij)``, relative to the greatest term, shape ``[n]``."""
    greatest = joint.max(axis=1)
    sums = np.exp(joint - greatest[:, None]).sum(axis=1)
    return np.asarray(greatest + np.log(sums))


def maximised(kind: str, x: Floats, resp: Floats, reg_covar: float) -> Mixture:
    """The M-step: moments of the rows [n, d] under responsibilities [n, k].

    ``n_j = sum_i r_ij`` and ten ulps, as in scikit-learn; ``reg_covar`` is added to variances.
    """
    counts = resp.sum(axis=0) + TEN_ULPS
    means = (resp.T @ x) / counts[:, None]
    d = x.shape[1]
    total = np.zeros((d, d))
    covariances = []
    for j, mean in enumerate(means):
        off = x - mean
        if kind in ("full", "tied"):
            scatter = (resp[:, j, None] * off).T @ off
            total += scatter
            covariances.append(scatter / counts[j] + reg_covar * np.eye(d))
        else:
            covariances.append(resp[:, j] @ (off * off) / counts[j] + reg_covar)
    shaped = np.stack(covariances)
    if kind == "tied":
        shaped = total / counts.sum() + reg_covar * np.eye(d)
    elif kind == "spherical":
        shaped = shaped.mean(axis=1)
    return Mixture(kind, counts / counts.sum(), means, shaped)


def _factor(covariance: Floats) -> Floats:
    try:
        return np.asarray(cholesky(covariance, lower=True, check_finite=False))
    except LinAlgError as error:
        raise NotVerified(
            f"a component's covariance is not positive definite ({error}): "
            "raise reg_covar or lower n_components"
        ) from error
