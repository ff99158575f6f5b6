"""How often the interval holds the true ratio, by simulation: run times nobody has measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from rmlbench_utils.judge.failures import clopper_pearson
from rmlbench_utils.judge.statistics import Floats, interval, paired

Shape = tuple[int, int]
Draw = Callable[[np.random.Generator, Shape], tuple[Floats, float]]
POSITION = 0.05  # a run that comes second is this much slower, in logarithms


def simulate(
    draws: int = 10_000,
    blocks: Sequence[int] = (10, 20, 30, 60),
    alpha: float = 0.05,
    seed: int = 20261123,
) -> pd.DataFrame:
    """Coverage of the interval under three distributions of run times.

    Each draw is one recording of two contenders in balanced order whose second run is 5 %
    slower. ``normal``: times with a standard deviation of 10 %; ``log-normal``: of 10 % in
    logarithms; ``contaminated``: 3 % and 6 % in logarithms for the two sides, and a tenth of
    the runs slowed by an exponential of mean 10 % and 30 %.

    Returns
    -------
    DataFrame
        A row a distribution and number of blocks: ``distribution, blocks, draws, nominal,
        coverage`` with its Clopper-Pearson limits ``coverage_low, coverage_high``, and
        ``half_width``, the mean half-width of the interval as a ratio minus 1.
    """
    random = np.random.default_rng(seed)
    rows = []
    for name, draw in DISTRIBUTIONS.items():
        for n in blocks:
            log_ratio, truth = draw(random, (draws, n))
            position = np.resize([1.0, -1.0], n)
            low, high = interval(paired(log_ratio + POSITION * position, position), alpha)
            held = int(((low <= truth) & (truth <= high)).sum())
            below, above = clopper_pearson(held, draws)
            rows.append(
                {
                    "distribution": name,
                    "blocks": n,
                    "draws": draws,
                    "nominal": 1 - alpha,
                    "coverage": held / draws,
                    "coverage_low": below,
                    "coverage_high": above,
                    "half_width": float(np.expm1((high - low).mean() / 2)),
                }
            )
    return pd.DataFrame(rows)


def _normal(random: np.random.Generator, shape: Shape) -> tuple[Floats, float]:
    times = 1 + 0.1 * random.standard_normal((2, *shape))
    return np.log(times[0]) - np.log(times[1]), 0.0


def _log_normal(random: np.random.Generator, shape: Shape) -> tuple[Floats, float]:
    logs = 0.1 * random.standard_normal((2, *shape))
    return logs[0] - logs[1], 0.0


def _contaminated(random: np.random.Generator, shape: Shape) -> tuple[Floats, float]:
    spread, slowed = np.array([0.03, 0.06]), np.array([0.1, 0.3])
    logs = spread[:, None, None] * random.standard_normal((2, *shape))
    hit = random.random((2, *shape)) < 0.1
    logs += hit * random.exponential(1.0, (2, *shape)) * slowed[:, None, None]
    return logs[0] - logs[1], float(0.1 * (slowed[0] - slowed[1]))


DISTRIBUTIONS: dict[str, Draw] = {
    "normal": _normal,
    "log-normal": _log_normal,
    "contaminated": _contaminated,
}
