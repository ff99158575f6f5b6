"""Before the plan: which layout is fastest, how long warm-up takes, how long a call takes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmlbench_utils.measure import repeats
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.settings import Settings
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Layout, Repeat, Tier
from rmlbench_utils.protocol.record import PlannedContender, RunRecord

LAYOUTS: tuple[Layout, Layout] = ("c", "f")
ONCE = Repeat(warmup=0, samples=1)
THRICE = Repeat(warmup=0, samples=3)
TIE = 0.05  # layouts less apart are as fast, by one run of each
SLOW_S = 0.3  # a call this long is judged by three of them


@dataclass(frozen=True)
class Choice:
    """What the layout pilot fixed for a contender and algorithm."""

    layout: Layout
    warmup_s: float


def planned(contender: str, tier: Tier, layout: Layout) -> PlannedContender:
    """A contender before its repetitions are known."""
    return PlannedContender(
        contender=contender, tier=tier, worker=contender, layout=layout, repeat={}, estimate_s=0.0
    )


def choose_layout(
    stage: Stage, case: Case, contender: str, tier: Tier, settings: Settings
) -> tuple[Choice, list[dict[str, Any]]]:
    """Time the case's fit in C and in Fortran order; the faster is used for the algorithm.

    Returns the choice and the rows to publish. A contender that fails keeps C order, and one that
    is as fast in either.
    """
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for layout in LAYOUTS:
            run = planned(contender, tier, layout)
            first = _run(stage, case, run, {"fit": THRICE, "convert": ONCE}, Path(folder))
            if first.status != "ok":
                rows.append(_row(case, run, first, None, True))
                continue
            call_s = min(first.samples["fit"].ns) / 1e9
            if call_s > SLOW_S:
                rows.append(_row(case, run, first, settings.warmup_s, False))
                continue
            long = repeats.repeat(call_s, settings.pilot_s, 0.0, repeats.timer_ns())
            second = _run(stage, case, run, {"fit": long, "convert": ONCE}, Path(folder))
            rows.append(_row(case, run, second, *_warmup(second, settings)))
    best = fastest(rows)
    for row in rows:
        row["chosen"] = row is best
    if best is None:
        return Choice("c", settings.warmup_s), rows
    return Choice(best["layout"], best["warmup_s"]), rows


def fastest(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The row of least ``fit_ns``; the first of those within ``TIE`` of it; none if all failed."""
    timed = [row for row in rows if row["fit_ns"] is not None]
    least = min((row["fit_ns"] for row in timed), default=0.0)
    return next((row for row in timed if row["fit_ns"] <= (1 + TIE) * least), None)


def _run(
    stage: Stage, case: Case, run: PlannedContender, repeat: dict[str, Repeat], folder: Path
) -> RunRecord:
    task = stage.task(case, run, 0, folder / "out.safetensors", repeat)
    return run_once(task, Place(), folder)


def _warmup(record: RunRecord, settings: Settings) -> tuple[float | None, bool]:
    if record.status != "ok":
        return None, True
    return repeats.warmup_s(record.samples["fit"].ns, settings.warmup_s)


def _row(
    case: Case, run: PlannedContender, record: RunRecord, warmup_s: float | None, steady: bool
) -> dict[str, Any]:
    """One published line of the pilot; ``fit_ns`` is null where the contender failed."""
    fit_ns = convert_ns = None
    if record.status == "ok" and warmup_s is not None:
        sample = record.samples["fit"]
        later = sample.ns[len(sample.ns) // 2 :]
        fit_ns = sum(later) / len(later) / sample.batch
        convert_ns = record.samples["convert"].ns[0]
    return {
        "case": case.name,
        "algorithm": case.algorithm,
        "contender": run.contender,
        "tier": run.tier,
        "layout": run.layout,
        "fit_ns": fit_ns,
        "convert_ns": convert_ns,
        "warmup_s": warmup_s,
        "steady": steady,
        "status": record.status,
        "reason": record.reason,
    }


def prime(
    stage: Stage, case: Case, contender: str, tier: Tier, layout: Layout, store: Path
) -> RunRecord:
    """The quality run: warms the machine's caches, cross-validates, and tells call times.

    A contender that will not be timed works once: its outputs are all that is asked of it.
    """
    run = planned(contender, tier, layout)
    timed = case.timed(contender, tier)
    repeat = {} if case.served else {"fit": THRICE}
    if case.network:
        repeat = training(case, contender)
    if case.predicts:
        repeat |= {"predict": THRICE, "latency": Repeat(warmup=5, samples=20)}
    part = store / "part.safetensors"
    folds = timed and case.supervised and not case.served
    if case.network:
        folds = case.fits(contender)
    task = stage.task(case, run, 0, part, repeat if timed else once(case, contender), folds=folds)
    return run_once(task, Place("quality"), store)


def once(case: Case, contender: str) -> dict[str, Repeat]:
    """What is asked of a contender whose outputs alone matter: its work, once."""
    if case.network:
        return training(case, contender) or {"predict": ONCE}
    return {"predict" if case.served else "fit": ONCE}


def training(case: Case, contender: str) -> dict[str, Repeat]:
    """The steps of a network's training; none of a contender that is given the trained one."""
    if not case.fits(contender):
        return {}
    return {"fit": repeats.steps(int(case.params["steps"]))}
