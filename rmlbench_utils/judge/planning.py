"""How many blocks and samples a recording needs, from what a pilot saw."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from rmlbench_utils.protocol.record import RunRecord

MOST_BLOCKS = 200
LEAST_BLOCKS = 10
LEAST_SAMPLES = 3


def upper_sd(spread: float, freedom: int, level: float = 0.8) -> float:
    """Upper ``level`` limit of a standard deviation seen with ``freedom`` degrees of freedom.

    A pilot's own deviation is too small in about half of all pilots (Browne 1995, Stat. Med.
    14, 1933, who proposed this limit).
    """
    return spread * math.sqrt(freedom / float(stats.chi2.ppf(1 - level, freedom)))


def blocks_needed(
    spread: float, margin: float, family: int = 1, alpha: float = 0.05, power: float = 0.8
) -> int | None:
    """Blocks with which a true ratio of ``1 + margin`` is called different; None: over the most.

    Parameters
    ----------
    spread
        Standard deviation of the log ratios.
    family
        Number of primary rows: the first step of Holm is at ``alpha / family``.
    """
    if spread <= 0:
        return LEAST_BLOCKS
    import pingouin  # 2 s, which every command would wait for

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin warns where its search has no end
        effect = math.log1p(margin) / spread
        found = pingouin.power_ttest(
            d=effect, power=power, alpha=alpha / family, contrast="paired", alternative="two-sided"
        )
    if math.isnan(found):  # so large an effect that the search ends below two blocks
        return LEAST_BLOCKS if effect > 1 else None
    needed = max(LEAST_BLOCKS, math.ceil(found) + 1)  # position costs a degree of freedom
    return needed if needed <= MOST_BLOCKS else None


@dataclass(frozen=True)
class Levels:
    """How the times of one contender's fits vary, and what a run of it costs.

    Attributes
    ----------
    process, iteration
        Standard deviations of log times between runs, and between samples of a run.
    run_s, sample_s
        Seconds of a run without its samples (start, load, warm-up, other phases), and of one
        sample.
    """

    process: float
    iteration: float
    run_s: float
    sample_s: float

    def samples(self, most: int) -> int:
        """Samples a run that give the narrowest interval for the time spent.

        Notes
        -----
        Kalibera and Jones (2013), Rigorous benchmarking in reasonable time, section 6.
        """
        if self.process <= 0:
            return most
        best = math.sqrt(self.run_s / self.sample_s) * self.iteration / self.process
        return min(max(math.ceil(best), LEAST_SAMPLES), most)


def levels(records: Iterable[RunRecord]) -> Levels | None:
    """Split the variance of one contender's fits of one case; None below two runs.

    One-way analysis of variance by moments, runs weighted alike (Searle, Casella and McCulloch
    1992, Variance Components, ch. 3). Samples of a run are taken as independent: what lasts
    longer than a sample inside a run counts as between runs.
    """
    good = [r for r in records if r.status == "ok" and "fit" in r.samples]
    steady = [np.array(_steady(r), float) for r in good if _steady(r)]
    if len(steady) < 2:
        return None
    inside = [np.log(times).var(ddof=1) for times in steady if len(times) > 1]
    within = float(np.mean(inside)) if inside else 0.0
    share = float(np.mean([1 / len(times) for times in steady]))
    means = [np.log(times).mean() for times in steady]
    between = float(np.var(means, ddof=1)) - within * share
    sampled = sum(float(times.sum()) for times in steady) / 1e9
    spent = sum(_seconds(r) for r in good if _steady(r)) - sampled
    return Levels(
        process=math.sqrt(max(between, 0.0)),
        iteration=math.sqrt(within),
        run_s=spent / len(steady),
        sample_s=sampled / sum(len(times) for times in steady),
    )


def _steady(record: RunRecord) -> list[int]:
    return record.samples["fit"].ns[record.samples["fit"].warmup :]


def _seconds(record: RunRecord) -> float:
    """All that a run took, the harness's own cost included."""
    phases = sum(phase.harness_ns for phase in record.phases.values())
    return (phases + (record.overhead_ns or 0)) / 1e9
