"""What a calibration recording says of the judge: false alarms, truth held, effects found.

The contenders' names say what is true of them: ``same-*`` is one binary under many names,
``plus-K`` does K % more counted work than ``same-*``, ``build-*`` are builds of one source,
``steady`` and ``ragged`` do the same work in arithmetic mean, ``light-*`` share their blocks
with something heavy, ``python-*`` is one Python contender under many names, ``turn-*`` are
one binary that does more work in every second of its processes, and ``loss-E`` is off by the
relative error E.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd

from rmlbench_utils.judge.decision import called
from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.multiplicity import adjusted
from rmlbench_utils.judge.pairs import Pair, tabulate
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.statistics import equivalence_p, interval, p_value, paired
from rmlbench_utils.protocol.record import (
    Manifest,
    ParityLine,
    PlannedCase,
    PlannedContender,
    RunRecord,
)

RARE, RAGGED_USUAL, RAGGED_RARE, STEADY = 0.1, 100, 140, 104
LATE = 110  # of 100: what `turn-*` do in every second process, that is, at one of two places
NULLS = {
    "identical": ("same", "same"),
    "builds": ("build", "build"),
    "spread": ("steady", "ragged"),
    "beside heavy": ("light", "light"),
    "python": ("python", "python"),
    "position": ("turn", "turn"),
}
COLUMNS = (
    "experiment",
    "set",
    "contender",
    "baseline",
    "truth",
    "ratio",
    "low",
    "high",
    "p",
    "p_holm",
    "verdict",
    "blocks",
    "slope",
    "low_plain",
    "high_plain",
)


def comparisons(manifest: Manifest, records: list[RunRecord], alpha: float = 0.05) -> pd.DataFrame:
    """Judge every pair of a calibration recording whose true ratio is known, each for itself.

    Returns
    -------
    DataFrame
        ``experiment`` (a key of ``NULLS``, or ``effect``), ``set`` (the case), ``contender``,
        ``baseline``, ``truth`` (the true ratio of geometric means), ``ratio`` with its
        ``1 - alpha`` interval ``low`` to ``high``, ``p``, ``p_holm`` (over the set's pairs of
        that experiment), ``verdict``, ``blocks``, ``slope`` (of the log ratio by position) and
        ``low_plain`` to ``high_plain``, the interval without position as covariate.
    """
    found = [
        (experiment, truth, pair)
        for planned in manifest.plan.cases
        for experiment, truth, pair in _known(planned)
    ]
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    table = tabulate([pair for *_, pair in found], sides(records))
    column = primary_column(found[0][2].planned.case)
    margin = np.array([pair.planned.case.margin for *_, pair in found])
    fit = paired(table.log_ratio[:, column], table.position)
    low_plain, high_plain = interval(paired(table.log_ratio[:, column]), alpha)
    p, equivalence = p_value(fit, margin), equivalence_p(fit, margin)
    low, high = interval(fit, alpha)
    rows = pd.DataFrame(
        {
            "experiment": [experiment for experiment, *_ in found],
            "set": [pair.case for *_, pair in found],
            "contender": [pair.contender.contender for *_, pair in found],
            "baseline": [pair.baseline.contender for *_, pair in found],
            "truth": [truth for _, truth, _ in found],
            "ratio": np.exp(fit.estimate),
            "low": np.exp(low),
            "high": np.exp(high),
            "p": p,
            "verdict": [
                called(*one, alpha)
                for one in zip(np.exp(fit.estimate), p, equivalence, strict=True)
            ],
            "blocks": fit.pairs,
            "slope": fit.slope,
            "low_plain": np.exp(low_plain),
            "high_plain": np.exp(high_plain),
        }
    )
    rows = rows[rows["p"].notna()].reset_index(drop=True)  # too few blocks say nothing
    grouped = rows.groupby(["experiment", "set"], sort=False)["p"]
    rows["p_holm"] = grouped.transform(lambda values: adjusted(values.to_numpy(), "holm"))
    return rows[list(COLUMNS)]


def caught(parity: list[ParityLine]) -> dict[str, dict[str, float]]:
    """How many outputs with each injected loss were refused parity; ``0`` is without loss."""
    found: dict[str, list[bool]] = {}
    for line in parity:
        kind, _, loss = line.contender.partition("-")
        if kind in ("same", "loss"):
            found.setdefault(loss if kind == "loss" else "0", []).append(line.parity == "fail")
    return {
        loss: {"outputs": len(failed), "refused": sum(failed)}
        for loss, failed in sorted(found.items(), key=lambda pair: float(pair[0]))
    }


def _known(planned: PlannedCase) -> list[tuple[str, float, Pair]]:
    """Pairs of a case of which the true ratio is known, each once."""
    found = []
    for first, second in itertools.combinations(planned.contenders, 2):
        for baseline, contender in ((first, second), (second, first)):
            known = _experiment(contender.contender, baseline.contender)
            if known is not None and _alike(known[0], contender, baseline):
                found.append((*known, Pair(planned, contender, baseline, ("shipped",), True)))
                break
    return found


def _alike(experiment: str, contender: PlannedContender, baseline: PlannedContender) -> bool:
    """Whether two names are one program: the pilot may have given a Python one two layouts."""
    return experiment != "python" or contender.layout == baseline.layout


def _experiment(contender: str, baseline: str) -> tuple[str, float] | None:
    kinds = (baseline.partition("-")[0], contender.partition("-")[0])
    if kinds == ("same", "plus"):
        return "effect", 1 + int(contender.partition("-")[2]) / 100
    for name, expected in NULLS.items():
        if kinds == expected:
            return name, _ragged() if name == "spread" else 1.0
    return None


def _ragged() -> float:
    """Ratio of the geometric means of ``ragged`` and ``steady``; their arithmetic ones agree."""
    logs = (1 - RARE) * math.log(RAGGED_USUAL) + RARE * math.log(RAGGED_RARE)
    return math.exp(logs) / STEADY
