"""Tests and effect sizes for readers who expect them; they decide nothing."""

from __future__ import annotations

import numpy as np
import pingouin as pg
from numpy.typing import ArrayLike

from rmlbench_utils.judge.pairs import Pair, side_by_side
from rmlbench_utils.judge.sides import MEASURES, Measure, Side, SideKey
from rmlbench_utils.judge.statistics import Floats


def paired_values(
    pair: Pair, sides: dict[SideKey, Side], measure: Measure
) -> tuple[Floats, Floats, Floats]:
    """Values of contender and baseline and their position difference, ``[n]`` each.

    Only blocks in which both have the measure.
    """
    contender, baseline, position = side_by_side(*(sides.get(key) for key in pair.keys))
    column = MEASURES.index(measure)
    a, b = contender[:, column], baseline[:, column]
    both = (a > 0) & (b > 0)
    return a[both], b[both], position[both]


def describe(contender: ArrayLike, baseline: ArrayLike) -> dict[str, float]:
    """The customary battery on paired values, ``[n]`` each, in logarithms where paired.

    Returns
    -------
    dict
        ``shapiro_w, shapiro_p`` (log ratios), ``wilcoxon_w, wilcoxon_p`` (log ratios, two
        sided), ``mann_whitney_u, mann_whitney_p``, ``cohen_d, hedges_g`` (of the logarithms,
        pooled standard deviation), ``cliff_delta`` (P(contender larger) - P(smaller)) and
        ``cles`` (P(contender larger), ties half), all by pingouin. What is not defined for
        these values (a test on equal values) is left out.
    """
    a, b = np.log(np.asarray(contender, float)), np.log(np.asarray(baseline, float))
    found: dict[str, float] = {}
    if len(a) >= 3 and np.ptp(a - b) > 0:
        normality = pg.normality(a - b)
        found["shapiro_w"] = float(normality["W"].iloc[0])
        found["shapiro_p"] = float(normality["pval"].iloc[0])
    if np.any(a != b):
        signed = pg.wilcoxon(a, b)
        found["wilcoxon_w"] = float(signed["W_val"].iloc[0])
        found["wilcoxon_p"] = float(signed["p_val"].iloc[0])
    ranks = pg.mwu(a, b)
    found["mann_whitney_u"] = float(ranks["U_val"].iloc[0])
    found["mann_whitney_p"] = float(ranks["p_val"].iloc[0])
    found |= effect_sizes(a, b)
    return found


def effect_sizes(a: ArrayLike, b: ArrayLike) -> dict[str, float]:
    """``cohen_d, hedges_g, cles, cliff_delta`` of two independent samples, by pingouin.

    Cliff's delta is ``2 * cles - 1`` (Vargha and Delaney 2000, J. Educ. Behav. Stat. 25, 101).
    """
    x, y = np.asarray(a, float), np.asarray(b, float)
    cles = float(pg.compute_effsize(x, y, eftype="CLES"))
    found = {"cles": cles, "cliff_delta": 2 * cles - 1}
    if np.ptp(x) > 0 or np.ptp(y) > 0:
        found["cohen_d"] = float(pg.compute_effsize(x, y, eftype="cohen"))
        found["hedges_g"] = float(pg.compute_effsize(x, y, eftype="hedges"))
    return found
