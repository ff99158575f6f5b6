"""Parity of a case whose sides draw their own starts: the outcomes of all seeds, pair by pair.

A single run's outputs are held to each other only; what a pair reaches over its seeds decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rmlbench_utils.judge.agreement import Answer, answer
from rmlbench_utils.judge.clustering.seeds import Outcomes, Scale, equivalent
from rmlbench_utils.judge.sides import Side
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine


class Objective(NamedTuple):
    """An outcome by its score's name, how two samples of it are compared, and how far apart they
    may be."""

    name: str
    scale: Scale
    margin: float


def objectives(case: Case) -> tuple[Objective, ...]:
    """The outcomes that must be alike: of a network the steps it takes and what it then knows."""
    if case.network:
        return (
            Objective("steps_to_target", "ratio", case.tolerance["steps_to_target"]),
            Objective("accuracy", "difference", case.tolerance["accuracy"]),
        )
    margin = case.tolerance["objective"]
    if case.algorithm == "kmeans":
        return (Objective("inertia", "ratio", margin),)
    return (Objective("log_likelihood", "difference", margin),)


def answers(
    case: Case, sides: tuple[Side | None, Side | None], lines: list[list[ParityLine]]
) -> list[Answer]:
    """Parity of a contender and of its baseline; what the pair lacks is said of the contender.

    An output that contradicts itself fails its side, whatever the others are.
    """
    alone = [answer(side, own) for side, own in zip(sides, lines, strict=True)]
    if any(found.parity == "fail" for found in alone):
        return alone
    both = list(zip(lines, map(_asked, sides), strict=True))
    found = worst(
        [
            compared(one, *(outcomes(one, own, asked) for own, asked in both))
            for one in objectives(case)
        ]
    )
    scores = [own[0].scores if own else {} for own in lines]
    return [Answer(found.parity, found.reason, scores[0]), Answer("pass", "", scores[1])]


def worst(found: list[Outcomes]) -> Outcomes:
    """The first outcome that is not alike, else the first."""
    return next((one for one in found if one.parity != "pass"), found[0])


def outcomes(
    objective: Objective, lines: Iterable[ParityLine], asked: Iterable[int]
) -> list[float]:
    """The objective that each seed reached, by the harness's scores: one value a split.

    The mean where the runs of a seed reached several; NaN for a split of ``asked`` where a run
    told nothing.
    """
    by_split: dict[int, list[float]] = defaultdict(list)
    for split in asked:
        by_split[split] = []
    for line in lines:
        by_split[line.split].append(line.scores.get(objective.name, float("nan")))
    return [float(np.mean(found)) if found else float("nan") for found in by_split.values()]


def compared(objective: Objective, contender: list[float], baseline: list[float]) -> Outcomes:
    """Whether two samples of an objective are equivalent within its margin.

    Notes
    -----
    A ratio of objectives that are 0 does not exist, so a seed that reaches 0 has no outcome.
    """
    both = [np.array(values, dtype=np.float64) for values in (contender, baseline)]
    if objective.scale == "ratio":
        both = [np.where(values > 0, values, np.nan) for values in both]
    return equivalent(both[0], both[1], objective.margin, objective.scale)


def _asked(side: Side | None) -> list[int]:
    """The splits of a side's runs."""
    return sorted({record.split for record in side.records}) if side else []
