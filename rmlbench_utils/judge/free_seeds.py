"""Parity of a case whose sides draw their own starts: the outcomes of all seeds, pair by pair.

A single run's outputs are held to each other only; what a pair reaches over its seeds decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from rmlbench_utils.judge.agreement import Answer, answer
from rmlbench_utils.judge.clustering.seeds import Outcomes, Scale, equivalent
from rmlbench_utils.judge.sides import Side
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine

OBJECTIVES: dict[str, tuple[str, Scale]] = {
    "kmeans": ("inertia", "ratio"),
    "gaussian_mixture": ("log_likelihood", "difference"),
}


def answers(
    case: Case, sides: tuple[Side | None, Side | None], lines: list[list[ParityLine]]
) -> list[Answer]:
    """Parity of a contender and of its baseline; what the pair lacks is said of the contender.

    An output that contradicts itself fails its side, whatever the others are.
    """
    alone = [answer(side, own) for side, own in zip(sides, lines, strict=True)]
    if any(found.parity == "fail" for found in alone):
        return alone
    reached = [outcomes(case, own, _asked(side)) for side, own in zip(sides, lines, strict=True)]
    found = compared(case, *reached)
    scores = [own[0].scores if own else {} for own in lines]
    return [Answer(found.parity, found.reason, scores[0]), Answer("pass", "", scores[1])]


def outcomes(case: Case, lines: Iterable[ParityLine], asked: Iterable[int]) -> list[float]:
    """The objective that each seed reached, by the harness's scores: one value a split.

    The mean where the runs of a seed reached several; NaN for a split of ``asked`` where a run
    told nothing.
    """
    name, _ = OBJECTIVES[case.algorithm]
    by_split: dict[int, list[float]] = defaultdict(list)
    for split in asked:
        by_split[split] = []
    for line in lines:
        by_split[line.split].append(line.scores.get(name, float("nan")))
    return [float(np.mean(found)) if found else float("nan") for found in by_split.values()]


def compared(case: Case, contender: list[float], baseline: list[float]) -> Outcomes:
    """Whether two samples of objectives are equivalent within the case's tolerance of them.

    Notes
    -----
    A ratio of objectives that are 0 does not exist, so a seed that reaches 0 has no outcome.
    """
    _, scale = OBJECTIVES[case.algorithm]
    both = [np.array(values, dtype=np.float64) for values in (contender, baseline)]
    if scale == "ratio":
        both = [np.where(values > 0, values, np.nan) for values in both]
    return equivalent(both[0], both[1], case.tolerance["objective"], scale)


def _asked(side: Side | None) -> list[int]:
    """The splits of a side's runs."""
    return sorted({record.split for record in side.records}) if side else []
