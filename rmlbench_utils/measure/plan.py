"""The plan: cases, contenders, layouts and repetitions, fixed before the first run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmlbench_utils.judge.samples import latency_quantile
from rmlbench_utils.measure import pilot, repeats
from rmlbench_utils.measure.settings import PROFILES, Settings
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case, Profile
from rmlbench_utils.protocol.job import Repeat, Tier
from rmlbench_utils.protocol.record import (
    Plan,
    PlannedCase,
    PlannedContender,
    RunRecord,
    Stopping,
)

Report = Callable[[str], None]


@dataclass(frozen=True)
class Planned:
    """A plan, the quality runs that informed it, and the layout pilot's rows."""

    plan: Plan
    quality: list[RunRecord]
    layout_pilot: list[dict[str, Any]]


def make_plan(
    stage: Stage,
    cases: list[Case],
    null: Case | None,
    tiers: dict[str, list[Tier]],
    profile: Profile,
    budget_s: float | None,
    store: Path,
    report: Report,
) -> Planned:
    """Pilot and prime every contender of every case, then fix the plan.

    ``tiers`` maps a contender to the tiers measured; ``null`` is planned like a case.
    Contenders whose quality run fails stay in the plan with single samples: a failure is a
    result.
    """
    settings = PROFILES[profile]
    every = cases + ([null] if null else [])
    chosen, rows = _layouts(stage, every, tiers, settings, report)
    resolution = repeats.timer_ns()
    quality: list[RunRecord] = []
    planned_cases: list[PlannedCase] = []
    for case in every:
        report(f"priming {case.name}")
        primed = {
            (contender, tier): pilot.prime(
                stage, case, contender, tier, _choice(chosen, case, contender, tier).layout, store
            )
            for contender in case.contenders
            for tier in tiers[contender]
        }
        quality += primed.values()
        base = primed[case.baseline, tiers[case.baseline][0]]
        contenders = [
            _contender(case, record, base, _choice(chosen, case, c, t), settings, resolution)
            for (c, t), record in primed.items()
        ]
        planned_cases.append(PlannedCase(case=case, contenders=contenders))
    first = min(case.min_blocks for case in cases)
    plan = Plan(
        profile=profile,
        seed=stage.seed,
        budget_s=budget_s or settings.budget_s,
        stopping=Stopping(first=first),
        cases=planned_cases[: len(cases)],
        null=planned_cases[-1] if null else None,
    )
    return Planned(plan, quality, rows)


def prime(stage: Stage, plan: Plan, store: Path, report: Report) -> list[RunRecord]:
    """The quality runs of a plan that is fixed already."""
    found = []
    for planned in plan.every:
        report(f"priming {planned.case.name}")
        for one in planned.contenders:
            where = (one.contender, one.tier, one.layout)
            found.append(pilot.prime(stage, planned.case, *where, store))
    return found


def _layouts(
    stage: Stage,
    cases: list[Case],
    tiers: dict[str, list[Tier]],
    settings: Settings,
    report: Report,
) -> tuple[dict[tuple[str, Tier, str], pilot.Choice], list[dict[str, Any]]]:
    """One layout pilot for each contender, tier and algorithm, on its largest case."""
    chosen: dict[tuple[str, Tier, str], pilot.Choice] = {}
    rows: list[dict[str, Any]] = []
    if not settings.pilot_s:
        return chosen, rows
    for algorithm in dict.fromkeys(case.algorithm for case in cases):
        mine = [c for c in cases if c.algorithm == algorithm and not (c.served or c.network)]
        for contender in dict.fromkeys(c for case in mine for c in case.contenders):
            for tier in tiers[contender]:
                timed = [m for m in mine if contender in m.contenders and m.timed(contender, tier)]
                if not timed:
                    continue
                case = max(timed, key=lambda m: _size(stage, m))
                report(f"layout pilot {contender} {tier} {algorithm}")
                choice, found = pilot.choose_layout(stage, case, contender, tier, settings)
                chosen[contender, tier, algorithm] = choice
                rows += found
    return chosen, rows


def _choice(
    chosen: dict[tuple[str, Tier, str], pilot.Choice], case: Case, contender: str, tier: Tier
) -> pilot.Choice:
    """The pilot's layout; C order, as the files are, for what was never piloted, and where
    no fit is timed.

    Warm-up is the longest that any contender of the algorithm needs: where each had its own,
    one program under several names differed from itself by half a per cent.
    """
    if case.served:
        return pilot.Choice("c", 0.0)
    longest = max((c.warmup_s for key, c in chosen.items() if key[2] == case.algorithm), default=0)
    found = chosen.get((contender, tier, case.algorithm))
    return pilot.Choice(found.layout if found else "c", longest)


def _size(stage: Stage, case: Case) -> int:
    data = stage.data(case.dataset, 0)
    return data.rows * data.columns


def _contender(
    case: Case,
    record: RunRecord,
    base: RunRecord,
    choice: pilot.Choice,
    settings: Settings,
    resolution: int,
) -> PlannedContender:
    """Repetitions of a contender from its quality run."""
    repeat, seconds = {case.primary.phase: repeats.single()}, case.limit_s
    if case.network:
        repeat = pilot.once(case, record.contender)
    if not case.timed(record.contender, record.tier):
        repeat, seconds = {}, 0.0
    elif record.status == "ok":
        repeat = _fit(case, record, base, choice, settings, resolution)
        repeat |= _predict(record, settings, resolution)
        if record.layout != "c":
            repeat["convert"] = pilot.ONCE
        calls = {name: _call_s(record, name) for name in ("fit", "predict") if name in repeat}
        seconds = _rest_s(record) + sum(
            calls[n] * r.batch * (r.warmup + r.samples) for n, r in repeat.items() if n in calls
        )
    return PlannedContender(
        contender=record.contender,
        tier=record.tier,
        worker=record.contender,
        layout=choice.layout,
        repeat=repeat,
        estimate_s=seconds,
    )


def _fit(
    case: Case,
    record: RunRecord,
    base: RunRecord,
    choice: pilot.Choice,
    settings: Settings,
    resolution: int,
) -> dict[str, Repeat]:
    if case.network:
        return pilot.training(case, record.contender)
    if case.served:
        return {}
    fit = _call_s(record, "fit")
    slow = base.status == "ok" and fit > repeats.SLOW * max(_call_s(base, "fit"), 1e-3)
    if slow:
        return {"fit": repeats.single()}
    return {"fit": repeats.repeat(fit, settings.fit_s, choice.warmup_s, resolution)}


def _predict(record: RunRecord, settings: Settings, resolution: int) -> dict[str, Repeat]:
    if not settings.predict_s or record.latency is None:
        return {}
    predict, steady = _call_s(record, "predict"), settings.predict_s
    row = latency_quantile(record.latency, 0.5) / 1e9
    return {
        "predict": repeats.repeat(predict, steady, steady, resolution),
        "latency": repeats.latency(row, settings, resolution),
    }


def _call_s(record: RunRecord, phase: str) -> float:
    """Seconds of a call, from the fastest of the quality run's samples."""
    return max(min(record.samples[phase].ns), 20) / 1e9


def _rest_s(record: RunRecord) -> float:
    """Start-up and load of the quality run, in seconds."""
    return sum(record.phases[name].harness_ns for name in ("startup", "load")) / 1e9 + 0.05
