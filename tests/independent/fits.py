"""Student's t on log ratios with position as covariate, by statsmodels and SciPy."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from scipy import stats

NAN = float("nan")


class Fit(NamedTuple):
    """Log ratio at equal position: estimate, standard error, degrees of freedom, pairs."""

    estimate: float = NAN
    error: float = NAN
    freedom: int = 0
    pairs: int = 0
    constant: bool = False

    def between(self, alpha: float) -> tuple[float, float]:
        if self.freedom < 1:
            return NAN, NAN
        reach = float(stats.t.ppf(1 - alpha / 2, self.freedom)) * self.error
        return self.estimate - reach, self.estimate + reach


def regress(logs: list[float], places: list[float]) -> Fit:
    """Ordinary least squares of the log ratio on the difference in position."""
    n = len(logs)
    if n == 0:
        return Fit()
    columns = [np.ones(n)] + ([np.array(places)] if len(set(places)) > 1 else [])
    freedom = n - len(columns)
    model = sm.OLS(np.array(logs), np.column_stack(columns)).fit()
    if freedom < 1:
        return Fit(float(model.params[0]), NAN, 0, n)
    spread = float(np.sqrt((model.resid**2).sum() / freedom))
    return Fit(float(model.params[0]), float(model.bse[0]), freedom, n, spread <= 1e-12)


def different(fit: Fit, margin: float) -> float:
    """Two-sided p of "the ratio is 1"; without variation the margin decides."""
    if fit.freedom < 1:
        return NAN
    if fit.constant:
        return 1.0 if abs(fit.estimate) <= np.log(1 + margin) else 0.0
    return float(2 * stats.t.cdf(-abs(fit.estimate) / fit.error, fit.freedom))


def inside(fit: Fit, margin: float) -> float:
    """p of the two one-sided tests: the larger."""
    bound = np.log(1 + margin)
    if fit.freedom < 1:
        return NAN
    if fit.constant:
        return 0.0 if abs(fit.estimate) <= bound else 1.0
    t = stats.t(fit.freedom)
    above, below = fit.estimate - bound, -bound - fit.estimate
    return float(max(t.cdf(above / fit.error), t.cdf(below / fit.error)))
