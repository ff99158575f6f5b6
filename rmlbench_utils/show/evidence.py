"""Tables about the measuring itself: one-sided limits, harness cost, quietness."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from rmlbench_utils.contenders.registry import TIERS
from rmlbench_utils.judge.limits import upper_limits
from rmlbench_utils.judge.tuning import tuned_ratios
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.show.agreement import barred, comparable, worst
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.provenance import day, machine
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.tables import Table, cut
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import interval, known, listed, short

WORKLOAD = ["algorithm", "threads"]


def limits(views: list[View], contender: str) -> Table | Note:
    """Upper one-sided 95 % limits of a contender's fit ratio, of all these recordings.

    ``allowed`` is 1 + the case's margin. Where no ratio may be shown the last column says why.
    """
    found = _every(views, contender)
    if isinstance(found, Note):
        return found
    return Table(found.drop(columns=[*WORKLOAD, "training rows"]), f"limits of {contender}")


def largest(views: list[View], contender: str) -> Table | Note:
    """The same, of the most training rows alone that were measured of an algorithm, number of
    threads and tier: whether the implementation keeps up as data grow."""
    found = _every(views, contender)
    if isinstance(found, Note):
        return found
    told = found[found["at most allowed"].isin(["yes", "no"])]
    if told.empty:
        return Note(f"No limit of {contender} can be shown.")
    most = told.groupby([*WORKLOAD, "tier"])["training rows"].transform("max")
    chosen = told[told["training rows"] == most].drop(columns=WORKLOAD)
    return Table(chosen, f"limits of {contender} at most rows")


def _every(views: list[View], contender: str) -> pd.DataFrame | Note:
    found = [table for table in (_limits(view, contender) for view in views) if len(table)]
    if found:
        return pd.concat(found, ignore_index=True)
    names = listed(view.name for view in views)
    return Note(f"Recording {names} holds nothing of {contender} to compare.")


def _limits(view: View, contender: str) -> pd.DataFrame:
    rows = view.primary[view.primary["contender"] == contender]
    barred_ones = {
        (row["case"], row["tier"]): barred(view, row)
        for _, row in rows.iterrows()
        if not comparable(row)
    }
    found = upper_limits(view.manifest, view.records, contender)
    found = where(found, (not view.cases[case].served for case in found["case"]))
    effects = {(row["case"], row["tier"]): row["effect"] for _, row in rows.iterrows()}
    keys = [(one["case"], one["tier"]) for _, one in found.iterrows()]
    return pd.DataFrame(
        _limit(view, one, effects.get(key, ""), barred_ones.get(key))
        for key, (_, one) in zip(keys, found.iterrows(), strict=True)
    )


def _limit(view: View, one: pd.Series, effect: str, why: str | None) -> dict[str, str | int]:
    """The cells of one case and tier; ``why`` it may not be shown, if so."""
    case = view.cases[one["case"]]
    allowed = 1 + case.margin
    why = why or (None if known(one["upper"]) else "too few blocks")
    held = f"cannot tell: {why}" if why else "yes" if one["upper"] <= allowed else "no"
    return {
        "algorithm": case.algorithm,
        "threads": case.threads,
        "training rows": int(view.manifest.datasets.get(case.dataset, {}).get("train_rows", 0)),
        "case": short(one["case"]),
        "tier": one["tier"],
        "effect": effect,
        "ratio": "" if why else cut(one["ratio"], 3),
        "at most (95 %)": "" if why else cut(one["upper"], 3),
        "allowed": cut(allowed, 3),
        "at most allowed": held,
        "blocks": int(one["blocks"]),
        "recording": view.name,
        "machine and day": f"{machine(view)}, {day(view)}",
    }


def tuning(view: View) -> Note:
    """Where the baseline's tuned tier takes more time than the shipped one, so that the shipped
    ratio is the one to read; of the cases whose baseline passes parity in both."""
    able = {
        case
        for case in view.cases
        if all(_passes(view, case, view.cases[case].baseline, tier) for tier in TIERS)
    }
    found = tuned_ratios(view.manifest, view.records)
    found = where(found, (case in able for case in found["case"]))
    if found.empty:
        return Note(f"Recording {view.name} has no baseline with parity in both tiers.")
    slower = where(found, found["ci_low"] > 1).sort_values("ratio")
    quicker = int((found["ci_high"] < 1).sum())
    name = listed(dict.fromkeys(found["baseline"]))
    said = f"{name} tuned takes less time than shipped in {quicker} of {len(found)} cases"
    if slower.empty:
        return Note(f"{said}, more in none.")
    least, most = interval(slower.iloc[0]), interval(slower.iloc[-1])
    of = (view.cases[case].algorithm for case in slower["case"])
    counts = listed(f"{algorithm} in {n}" for algorithm, n in Counter(of).most_common())
    return Note(
        f"{said}, more in {len(slower)} ({counts}), from {least} to {most} times as long, by the "
        "95 % interval of each case. There the tuned ratio flatters its contender, and the shipped "
        "one is the one to read."
    )


def _passes(view: View, case: str, contender: str, tier: Tier) -> bool:
    line = worst(view, case, contender, tier)
    return line is not None and line.parity == "pass"


def beside_baseline(views: list[View], contenders: tuple[str, ...]) -> Table | Note:
    """Kernel machines pair by pair with the baseline, of all these recordings: in how many cases
    both have as many support vectors, and how far apart at most the objectives lie that they
    reach, relative to the optimum's."""
    sides = [(name, tier) for tier in TIERS for name in contenders]
    rows = [row for side in sides if (row := _beside(views, *side))]
    if not rows:
        names = listed(view.name for view in views)
        return Note(f"Recording {names} holds no support vectors to compare.")
    return Table(pd.DataFrame(rows), "support vectors beside the baseline")


def _beside(views: list[View], contender: str, tier: Tier) -> dict[str, str] | None:
    """The row of a contender and tier; None where nothing was compared."""
    cases: dict[str, bool] = {}
    apart = 0.0
    for view in views:
        for line, base in _paired(view, contender, tier):
            alike = line.scores["support_vectors"] == base.scores["support_vectors"]
            cases[line.case] = cases.get(line.case, True) and alike
            apart = max(apart, abs(line.scores["objective_gap"] - base.scores["objective_gap"]))
    if not cases:
        return None
    unlike = [short(case) for case, alike in cases.items() if not alike]
    return {
        "contender": contender,
        "tier": tier,
        "as many support vectors": f"{len(cases) - len(unlike)} of {len(cases)} cases",
        "not in": "; ".join(unlike) or "none",
        "objectives apart by at most": f"{apart:.1g}",
    }


def _paired(view: View, contender: str, tier: Tier) -> Iterator[tuple[ParityLine, ParityLine]]:
    """Every output of a contender with each of the baseline's, where both tell of their machine."""
    told = [
        line for line in view.parity if {"support_vectors", "objective_gap"} <= set(line.scores)
    ]
    for line in told:
        if (line.contender, line.tier) == (contender, tier):
            side = (line.case, view.cases[line.case].baseline, line.tier, line.split)
            for base in told:
                if (base.case, base.contender, base.tier, base.split) == side:
                    yield line, base


def harness(view: View) -> Table | Note:
    """What the harness costs a run and how quiet the machine was: median and extremes."""
    runs = [record for record in view.records if record.role == "run"]
    series = {
        "harness cost, ms": [r.overhead_ns / 1e6 for r in runs if r.overhead_ns is not None],
        "reference probe, ms": [r.probe_ns / 1e6 for r in runs if r.probe_ns is not None],
        "steal, %": [100 * r.steal for r in runs if r.steal is not None],
        "foreign processor time, %": [100 * r.foreign for r in runs if r.foreign is not None],
    }
    known_ones = {name: np.asarray(values) for name, values in series.items() if values}
    if not known_ones:
        return Note(f"Recording {view.name} holds no run.")
    rows = [
        {
            "what": name,
            "median": cut(float(np.median(values)), 3),
            "mean": cut(float(values.mean()), 3),
            "largest": cut(float(values.max()), 3),
            "runs": len(values),
        }
        for name, values in known_ones.items()
    ]
    return Table(pd.DataFrame(rows), "harness")
