"""``rmlbench pilot``: blocks that are thrown away, from which a plan with numbers is made."""

from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from rmlbench_utils.judge.families import primary_column
from rmlbench_utils.judge.pairs import pairs, tabulate
from rmlbench_utils.judge.planning import MOST_BLOCKS, Levels, blocks_needed, levels, upper_sd
from rmlbench_utils.judge.sides import SideKey, sides
from rmlbench_utils.judge.statistics import paired
from rmlbench_utils.measure.blocks import estimate_s, measure
from rmlbench_utils.measure.progress import Display
from rmlbench_utils.measure.repeats import LISTED
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.session import manifest_of
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.record import Plan, PlannedCase, PlannedContender, RunRecord
from rmlbench_utils.store.writer import Writer

SPARE = 1.5  # of the estimated time, in which the planned blocks must fit

ENDLESS_S = 1e9


class PlanFile(Model):
    """A plan that ``rmlbench run --plan`` obeys, with what the pilot found."""

    plan: Plan
    plan_sha256: str
    found: list[dict[str, Any]]


def pilot(request: Request, blocks: int, minutes: float) -> PlanFile:
    """Measure ``blocks`` blocks of every case over at least ``minutes``; keep only the plan.

    Raises
    ------
    UsageError
        If the request is faulty, or ``blocks`` is too small to tell a spread.
    """
    if blocks < 3:
        raise UsageError(f"blocks is {blocks}: give at least 3, a spread needs them")
    work = Work.of(request)
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        display.say("building workers")
        work.build()
        place = Path(folder) / "pilot"
        store = place / "outputs"
        store.mkdir(parents=True)
        planned = work.planned(store, display.say)
        tried = planned.plan.model_copy(
            update={"cases": [_blocks(one, blocks) for one in planned.plan.cases], "null": None}
        )
        tried = tried.model_copy(update={"budget_s": ENDLESS_S})
        manifest = manifest_of(place, replace(planned, plan=tried), work)
        writer = Writer.begin(place, manifest)
        display.expect(tried, ())
        measure(work.stage, writer, _slowly(display.step, blocks, minutes))
    return _plan(planned.plan, writer.records)


def read(path: Path) -> Plan:
    """The plan in a file of `pilot`.

    Raises
    ------
    UsageError
        If the file is none, or its plan was changed.
    """
    try:
        file = PlanFile.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise UsageError(f"{path.name} is no plan: give one made by `rmlbench pilot`") from error
    if file.plan.sha256 != file.plan_sha256:
        raise UsageError(
            f"{path.name} has plan hash {file.plan_sha256[:12]} but its plan hashes to "
            f"{file.plan.sha256[:12]}: it was changed by hand; make it again"
        )
    return file.plan


def _blocks(planned: PlannedCase, blocks: int) -> PlannedCase:
    update = {"min_blocks": blocks, "max_blocks": blocks}
    return planned.model_copy(update={"case": planned.case.model_copy(update=update)})


def _slowly(step: Callable[..., None], blocks: int, minutes: float) -> Callable[..., None]:
    """The same, but each round waits for its share of the minutes."""
    begin = time.monotonic()

    def waiting(contender: PlannedContender, planned: PlannedCase, block: int) -> None:
        time.sleep(max(0.0, begin + 60 * minutes * block / (blocks - 1) - time.monotonic()))
        step(contender, planned, block)

    return waiting


def _plan(plan: Plan, records: list[RunRecord]) -> PlanFile:
    """The plan with the blocks and samples that the pilot's runs ask for."""
    rows = _needed(plan, records)
    runs: dict[SideKey, list[RunRecord]] = defaultdict(list)
    for record in records:
        if record.role == "run":
            runs[record.case, record.contender, record.tier].append(record)
    split = {key: levels(mine) for key, mine in runs.items()}
    cases = []
    for one in plan.cases:
        wanted = [int(row["blocks"]) for row in rows if row["case"] == one.case.name]
        sampled = [_sampled(one, contender, split) for contender in one.contenders]
        changed = one.model_copy(update={"contenders": sampled})
        cases.append(_blocks(changed, max(wanted, default=one.case.min_blocks)))
    least = min(one.case.min_blocks for one in cases)
    null = _blocks(plan.null, least) if plan.null else None
    whole = plan.model_copy(update={"cases": cases, "null": null})
    whole = whole.model_copy(update={"budget_s": SPARE * estimate_s(whole, ENDLESS_S)[1]})
    return PlanFile(plan=whole, plan_sha256=whole.sha256, found=rows + _split_rows(split))


def _needed(plan: Plan, records: list[RunRecord]) -> list[dict[str, Any]]:
    """A row for each primary pair with the blocks that its spread asks for."""
    found = [pair for pair in pairs(plan) if pair.primary]
    table = tabulate(found, sides(records))
    column = primary_column(found[0].planned.case) if found else 0
    fit = paired(table.log_ratio[:, column], table.position)
    rows = []
    for i, pair in enumerate(found):
        if fit.freedom[i] < 1:
            continue
        upper = upper_sd(float(fit.spread[i]), int(fit.freedom[i]))
        needed = blocks_needed(upper, pair.planned.case.margin, len(found), plan.alpha)
        rows.append(
            {
                "case": pair.case,
                "contender": pair.contender.contender,
                "tier": pair.contender.tier,
                "spread": float(fit.spread[i]),
                "spread_upper": upper,
                "blocks": needed or MOST_BLOCKS,
                "reason": None if needed else f"more than {MOST_BLOCKS} blocks would be needed",
            }
        )
    return rows


def _sampled(
    planned: PlannedCase, one: PlannedContender, split: dict[Any, Levels | None]
) -> PlannedContender:
    """The contender with as many samples of a fit as its variance split asks for."""
    known = split.get((planned.case.name, one.contender, one.tier))
    fit = one.repeat.get("fit")
    if known is None or fit is None or fit.samples < 2:
        return one
    samples = known.samples(LISTED - fit.warmup)
    repeat = {**one.repeat, "fit": fit.model_copy(update={"samples": samples})}
    estimate = known.run_s + samples * known.sample_s
    return one.model_copy(update={"repeat": repeat, "estimate_s": estimate})


def _split_rows(split: dict[Any, Levels | None]) -> list[dict[str, Any]]:
    return [
        {
            "case": case,
            "contender": contender,
            "tier": tier,
            "process_sd": known.process,
            "iteration_sd": known.iteration,
        }
        for (case, contender, tier), known in split.items()
        if known is not None
    ]
