"""Free seeds: do two contenders reach the same outcomes? By equivalence over seeds.

Where the random numbers of two sides cannot be made equal, runs cannot be compared one by one;
their outcomes are two samples. They are equivalent where the 90 % interval of the difference
lies inside the margin (two one-sided tests at 5 %: Schuirmann 1987, Journal of Pharmacokinetics
and Biopharmaceutics 15, 657); the absence of a significant difference shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Scale = Literal["ratio", "difference"]
LEAST_SEEDS = 20
LEVEL = 0.90


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of a contender's seeds beside a baseline's.

    Attributes
    ----------
    parity
        ``pass`` where the interval lies inside the margin, else ``unchecked``: that outcomes
        are unlike is never shown by too few seeds.
    estimate, low, high
        Contender / baseline (geometric means) or contender - baseline (means), and its 90 %
        interval; NaN where there are too few seeds.
    allowed
        The margin as an interval of the same kind.
    seeds, missing
        Of the contender and of the baseline: how many outcomes, how many seeds without one.
    reason
        One sentence; "" for ``pass``.
    """

    parity: Literal["pass", "unchecked"]
    estimate: float
    low: float
    high: float
    allowed: tuple[float, float]
    seeds: tuple[int, int]
    missing: tuple[int, int]
    reason: str

    @property
    def furthest(self) -> float | None:
        """How far the interval reaches from equal, on the scale of the margin; None without it."""
        if np.isnan(self.low):
            return None
        if self.allowed[0] > 0:
            return max(self.high, 1 / self.low) - 1
        return max(self.high, -self.low)


def equivalent(
    contender: ArrayLike, baseline: ArrayLike, margin: float, scale: Scale = "ratio"
) -> Outcomes:
    """Compare two samples of objectives, one value a seed, NaN for a seed without one.

    Parameters
    ----------
    contender, baseline
        Shapes ``[a]`` and ``[b]``; at least 20 finite values each. Seeds of the two sides are
        not paired: equal numbers do not make equal random numbers.
    margin
        Above 0. Of a ratio (objectives above 0, such as inertia): from 1 / (1 + margin) to
        1 + margin. Of a difference (such as log-likelihood): from -margin to margin.

    Raises
    ------
    ValueError
        If ``margin`` is not above 0, or a ratio is asked of values that are not.

    Notes
    -----
    Welch's t interval (Welch 1947, Biometrika 34, 28), of logarithms for a ratio. Without any
    spread on either side the difference itself decides. A seed without an outcome is a failed
    run, counted and shown; with any there is no ``pass``, since what it would have reached is
    not known.
    """
    if not margin > 0:
        raise ValueError(f"margin is {margin}: it must be above 0")
    sides = [np.asarray(values, dtype=np.float64).ravel() for values in (contender, baseline)]
    kept = [values[np.isfinite(values)] for values in sides]
    seeds = (len(kept[0]), len(kept[1]))
    missing = (len(sides[0]) - seeds[0], len(sides[1]) - seeds[1])
    if scale == "ratio":
        _refuse_not_positive(kept)
        kept = [np.log(values) for values in kept]
    bound = float(np.log1p(margin)) if scale == "ratio" else margin
    allowed = (_shown(-bound, scale), _shown(bound, scale))
    if min(seeds) < LEAST_SEEDS:
        nan = float("nan")
        few = f"{seeds[0]} and {seeds[1]} seeds have an outcome: at least {LEAST_SEEDS} are needed"
        return Outcomes("unchecked", nan, nan, nan, allowed, seeds, missing, few)
    estimate, half = _welch(kept[0], kept[1])
    low, high = estimate - half, estimate + half
    values = (_shown(estimate, scale), _shown(low, scale), _shown(high, scale))
    inside = -bound <= low and high <= bound
    reason = _reason(inside, values, allowed, missing, scale)
    return Outcomes("unchecked" if reason else "pass", *values, allowed, seeds, missing, reason)


def _refuse_not_positive(kept: list[NDArray[np.float64]]) -> None:
    for values in kept:
        if (values <= 0).any():
            least = float(values.min())
            raise ValueError(f"an objective is {least:g}: a ratio needs values above 0")


def _welch(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[float, float]:
    """Difference of the means and half the width of its 90 % interval."""
    shares = [float(values.var(ddof=1)) / len(values) for values in (a, b)]
    difference, variance = float(a.mean() - b.mean()), sum(shares)
    if variance == 0:
        return difference, 0.0
    freedom = variance**2 / sum(s**2 / (len(v) - 1) for s, v in zip(shares, (a, b), strict=True))
    quantile = float(stats.t.isf((1 - LEVEL) / 2, freedom))
    return difference, quantile * float(np.sqrt(variance))


def _shown(value: float, scale: Scale) -> float:
    return float(np.exp(value)) if scale == "ratio" else value


def _reason(
    inside: bool,
    values: tuple[float, float, float],
    allowed: tuple[float, float],
    missing: tuple[int, int],
    scale: Scale,
) -> str:
    if any(missing):
        return f"{missing[0]} and {missing[1]} seeds have no outcome: none may be missing"
    if inside:
        return ""
    estimate, low, high = values
    return (
        f"the {scale} of the outcomes is {estimate:.4g}, its 90 % interval {low:.4g} to "
        f"{high:.4g}, which is not inside {allowed[0]:.4g} to {allowed[1]:.4g}"
    )
