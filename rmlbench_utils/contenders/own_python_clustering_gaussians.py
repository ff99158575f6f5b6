"""Gaussians of the four covariance types: densities, moments, factors of precisions.

The twins of density.rs, moments.rs and precision.rs in rust/cluster/src.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from rmlbench_utils.contenders.clustering_start import TEN_ULPS
from rmlbench_utils.worker.channel import Fault

ROWS = 2048  # taken at once: what is made of them stays in the second-level cache


@dataclass(frozen=True)
class Gaussians:
    """Weights [k], means [k, d] and factors of the precisions of a mixture.

    Factors are upper triangular ``U`` with ``U U' = covariance^-1``, scikit-learn's
    ``precisions_cholesky_``, or reciprocal standard deviations.
    """

    kind: str
    weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray

    def expect(self, x: np.ndarray, responsibilities: np.ndarray) -> float:
        """Write the responsibilities [n, k]; the sum over the rows of ``ln sum_k w_k N(x | k)``.

        Sums are taken relative to the greatest term, so that rows far from all stay finite.
        """
        constants, centres = self._constants(), self._centres()
        total = 0.0
        for rows in chunks(len(x)):
            out = responsibilities[rows]
            self._log_densities(x[rows], constants, centres, out)
            greatest = out.max(axis=1)
            out -= greatest[:, None]
            np.exp(out, out=out)
            sums = out.sum(axis=1)
            out /= sums[:, None]
            total += float((greatest + np.log(sums)).sum())
        return total

    def _constants(self) -> np.ndarray:
        """``ln w_k + ln det U_k - d ln(2 pi) / 2``."""
        k, d = self.means.shape
        match self.kind:
            case "full":
                log_det = np.log(np.diagonal(self.factors, axis1=1, axis2=2)).sum(axis=1)
            case "tied":
                log_det = np.full(k, np.log(self.factors.diagonal()).sum())
            case "diag":
                log_det = np.log(self.factors).sum(axis=1)
            case _:
                log_det = d * np.log(self.factors)
        return np.log(self.weights) + log_det - d * np.log(2 * np.pi) / 2

    def _centres(self) -> np.ndarray:
        """The means in the coordinates that differences are taken in, ``[k, d]``."""
        match self.kind:
            case "full":
                return np.einsum("kd,kde->ke", self.means, self.factors)
            case "tied":
                return self.means @ self.factors
            case _:
                return self.means

    def _log_densities(
        self, x: np.ndarray, constants: np.ndarray, centres: np.ndarray, out: np.ndarray
    ) -> None:
        """``ln w_k + ln N(x | k)`` of some rows."""
        turned = x @ self.factors if self.kind == "tied" else x
        for j, (constant, centre) in enumerate(zip(constants, centres, strict=True)):
            y = x @ self.factors[j] if self.kind == "full" else turned
            y = y - centre
            if self.kind in ("diag", "spherical"):
                y *= self.factors[j]
            squared = np.einsum("ij,ij->i", y, y)
            squared *= -0.5
            squared += constant
            out[:, j] = squared


class Estimator:
    """M-steps on the same rows: counts, means and covariances under responsibilities."""

    def __init__(self, x: np.ndarray, kind: str, reg_covar: float) -> None:
        self.x, self.kind, self.reg_covar = x, kind, reg_covar
        self.gram = x.T @ x if kind == "tied" else None

    def estimate(self, responsibilities: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """``n_k``, the means and the covariances about them, ``reg_covar`` on variances."""
        counts = responsibilities.sum(axis=0) + TEN_ULPS
        means = responsibilities.T @ self.x
        means /= counts[:, None]
        match self.kind:
            case "full":
                return counts, means, self._full(responsibilities, counts, means)
            case "tied":
                return counts, means, self._tied(counts, means)
            case "diag":
                return counts, means, self._diag(responsibilities, counts, means)
            case _:
                variances = self._diag(responsibilities, counts, means)
                return counts, means, variances.mean(axis=1)

    def _full(
        self, responsibilities: np.ndarray, counts: np.ndarray, means: np.ndarray
    ) -> np.ndarray:
        k, d = means.shape
        scatter = np.zeros((k, d, d))
        for rows in chunks(len(self.x)):
            part, roots = self.x[rows], np.sqrt(responsibilities[rows])
            for j in range(k):
                off = part - means[j]
                off *= roots[:, j, None]
                scatter[j] += off.T @ off
        scatter /= counts[:, None, None]
        scatter[:, range(d), range(d)] += self.reg_covar
        return scatter

    def _tied(self, counts: np.ndarray, means: np.ndarray) -> np.ndarray:
        """``(X'X - sum_k n_k m_k m_k') / sum_k n_k``, as scikit-learn."""
        scatter = (self.gram - (counts * means.T) @ means) / counts.sum()
        scatter.flat[:: len(scatter) + 1] += self.reg_covar
        return scatter

    def _diag(
        self, responsibilities: np.ndarray, counts: np.ndarray, means: np.ndarray
    ) -> np.ndarray:
        sums = np.zeros_like(means)
        for rows in chunks(len(self.x)):
            part, weights = self.x[rows], responsibilities[rows]
            for j, mean in enumerate(means):
                off = part - mean
                off *= off
                sums[j] += weights[:, j] @ off
        return sums / counts[:, None] + self.reg_covar


def chunks(n: int) -> Iterator[slice]:
    """Runs of rows."""
    return (slice(begin, min(begin + ROWS, n)) for begin in range(0, n, ROWS))


def from_covariances(kind: str, covariances: np.ndarray, reg_covar: float) -> np.ndarray:
    """Factors of the precisions: with ``C = L L'`` the factor is ``L^-T``."""
    if kind in ("diag", "spherical"):
        if not (covariances > 0).all():
            raise _ill_defined(reg_covar)
        return 1.0 / np.sqrt(covariances)
    if kind == "tied":
        return _inverted(covariances, reg_covar)
    return np.stack([_inverted(covariance, reg_covar) for covariance in covariances])


def from_precisions(kind: str, precisions: np.ndarray) -> np.ndarray:
    """Factors from precisions: with ``J`` reversing the order, ``J P J = L L'``, ``U = J L J``."""
    if kind in ("diag", "spherical"):
        return np.sqrt(precisions)
    if kind == "tied":
        return cholesky(precisions[::-1, ::-1], lower=True)[::-1, ::-1]
    return np.stack([from_precisions("tied", precision) for precision in precisions])


def _inverted(covariance: np.ndarray, reg_covar: float) -> np.ndarray:
    try:
        lower = cholesky(covariance, lower=True, check_finite=False)
    except LinAlgError as error:
        raise _ill_defined(reg_covar) from error
    return solve_triangular(lower, np.eye(len(lower)), lower=True, check_finite=False).T


def _ill_defined(reg_covar: float) -> Fault:
    return Fault(
        "numerical",
        "reg_covar",
        reg_covar,
        "a component's covariance is not positive definite (collapsed or too few rows): "
        "raise reg_covar, lower n_components or scale the data",
    )
