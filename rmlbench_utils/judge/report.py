"""The report of `rmlbench trends`: a row a series of one machine."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from rmlbench_utils.judge.combine import ROW
from rmlbench_utils.judge.explanations import explanations
from rmlbench_utils.judge.trends import SHORTEST, Change, changes
from rmlbench_utils.protocol.record import Manifest

ALPHA = 0.05
COLUMNS = ["machine", *ROW, "recordings", "before", "at", "change", "p", "said", "explanations"]
Judged = tuple[Manifest, pd.DataFrame]


def trends(judged: Sequence[Judged], seed: int = 0) -> pd.DataFrame:
    """Judge the series of many recordings, those of each machine for themselves.

    Parameters
    ----------
    judged
        Manifests with their tables of verdicts, in any order; a recording given twice counts
        once, and one of profile ``check`` measures nothing.

    Returns
    -------
    DataFrame
        ``COLUMNS``: ``before`` names the last recording of the earlier level, ``at`` the first of
        the later, ``change`` is the ratio of the later level to the earlier, ``said`` is
        ``regression``, ``improvement``, ``no change seen`` or ``too few recordings``.
    """
    ordered = sorted(judged, key=lambda one: one[0].created)
    distinct = {(made.created, made.plan_sha256): (made, table) for made, table in ordered}
    machines: dict[str, list[Judged]] = {}
    for made, table in distinct.values():
        if made.plan.profile == "check":
            continue
        for machine in table["machine"].unique()[:1]:
            machines.setdefault(str(machine), []).append((made, table))
    rows = [row for name, mine in machines.items() for row in _machine(name, mine, seed)]
    return pd.DataFrame(rows, columns=COLUMNS)


def _machine(machine: str, mine: list[Judged], seed: int) -> list[dict[str, object]]:
    columns: dict[tuple[str, ...], dict[int, float]] = {}
    for place, (_, table) in enumerate(mine):
        known = table[(table["family"] == "primary") & (table["ratio"] > 0)]
        for key, ratio in zip(known[ROW].itertuples(index=False), known["ratio"], strict=True):
            columns.setdefault(tuple(key), {})[place] = math.log(ratio)
    keys = list(columns)
    series = pd.DataFrame(
        {str(k): pd.Series(columns[key]) for k, key in enumerate(keys)}, index=range(len(mine))
    )
    found = changes(series, seed)
    return [
        _row(machine, key, series[str(k)].dropna(), found[str(k)], mine)
        for k, key in enumerate(keys)
    ]


def _row(
    machine: str,
    key: tuple[str, ...],
    values: pd.Series[float],
    change: Change,
    mine: list[Judged],
) -> dict[str, object]:
    named = dict(zip(ROW, key, strict=True))
    row: dict[str, object] = {"machine": machine, **named, "recordings": len(values)}
    if change.p is None:
        nothing = dict.fromkeys(("before", "at", "change", "p"))
        said = f"too few recordings: {len(values)} of {SHORTEST}"
        return {**row, **nothing, "said": said, "explanations": []}
    alarm = change.p < ALPHA
    before = int(values.index[values.index < change.at].max())
    why = explanations(
        mine[before][0],
        mine[change.at][0],
        named["contender"],
        named["baseline"],
        named["tier"],
    )
    return {
        **row,
        "before": mine[before][0].name,
        "at": mine[change.at][0].name,
        "change": float(np.exp(change.change)),
        "p": change.p,
        "said": _said(change) if alarm else "no change seen",
        "explanations": why if alarm else [],
    }


def _said(change: Change) -> str:
    return "regression" if change.change > 0 else "improvement"
