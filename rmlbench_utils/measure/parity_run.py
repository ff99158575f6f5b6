"""Parity alone: every contender of the cases once, against the reference solution.

Where seeds are free, once a seed, and against the baseline's outcomes.
"""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rmlbench_utils.judge import free_seeds
from rmlbench_utils.measure.agree import Agreement
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.pilot import once, planned
from rmlbench_utils.measure.progress import Display
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import ParityLine


@dataclass(frozen=True)
class Row:
    """Parity of a contender on a case; ``declared`` is the reason it is known to fail."""

    case: str
    contender: str
    tier: str
    parity: str
    worst_difference: float | None
    tolerance: float | None
    reason: str | None
    declared: str | None

    @property
    def surprising(self) -> str | None:
        """ "fails" or "passes" where the case file says otherwise."""
        if self.parity == "fail" and self.declared is None:
            return "fails"
        if self.parity == "pass" and self.declared is not None:
            return "passes"
        return None

    def plain(self) -> dict[str, Any]:
        """The row as JSON values."""
        return asdict(self)


def rows(request: Request) -> list[Row]:
    """Run every contender of the cases asked for and check its outputs."""
    work = Work.of(request)
    asked = {case.name: case.contenders for case in request.checked().cases()}
    found = [
        Row(name, contender, "", "unchecked", None, None, reason, None)
        for name, reason in work.unavailable.items()
        for contender in asked[name]
    ]
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        display.say("building workers")
        work.build()
        for case in work.cases:
            display.say(case.name)
            agreement = Agreement(work.stage, Path(folder))
            if case.free_seeds:
                found += _over_seeds(work.stage, agreement, case, work.tiers, Path(folder))
                continue
            found += [
                _row(work.stage, agreement, case, contender, tier, Path(folder))
                for contender in case.contenders
                for tier in work.tiers[contender]
            ]
    return found


def _row(
    stage: Stage, agreement: Agreement, case: Case, contender: str, tier: Tier, folder: Path
) -> Row:
    found = _checked(stage, agreement, case, contender, tier, folder)
    return _said(case, contender, tier, found)


def _said(case: Case, contender: str, tier: Tier, found: ParityLine | str) -> Row:
    declared = case.declared(contender, tier)
    if isinstance(found, str):
        return Row(case.name, contender, tier, "fail", None, None, found, declared)
    worst, limit = found.worst_difference, found.tolerance
    return Row(case.name, contender, tier, found.parity, worst, limit, found.reason, declared)


def _over_seeds(
    stage: Stage, agreement: Agreement, case: Case, tiers: dict[str, list[Tier]], folder: Path
) -> list[Row]:
    """Every seed of every side, then each side's outcomes beside the baseline's of its tier."""
    who = [(name, tier) for name in case.contenders for tier in tiers[name]]
    seeds = range(case.splits)
    found = {
        side: [_checked(stage, agreement, case, *side, folder, split) for split in seeds]
        for side in who
    }
    lines = {
        side: [one for one in all_ if not isinstance(one, str)] for side, all_ in found.items()
    }
    rows = []
    for name, tier in who:
        other = (case.baseline, tier if tier in tiers[case.baseline] else tiers[case.baseline][0])
        contradicted = [line for line in lines[name, tier] if line.parity == "fail"]
        if contradicted:
            rows.append(_said(case, name, tier, contradicted[0]))
            continue
        result = free_seeds.worst(
            [
                free_seeds.compared(
                    one,
                    free_seeds.outcomes(one, lines[name, tier], seeds),
                    free_seeds.outcomes(one, lines[other], seeds),
                )
                for one in free_seeds.objectives(case)
            ]
        )
        failed = next((one for one in found[name, tier] if isinstance(one, str)), "")
        reason = "; ".join(text for text in (result.reason, failed) if text) or None
        limit = free_seeds.objectives(case)[0].margin
        known = case.declared(name, tier)
        parity, worst = result.parity, result.furthest
        rows.append(Row(case.name, name, tier, parity, worst, limit, reason, known))
    return rows


def _checked(
    stage: Stage,
    agreement: Agreement,
    case: Case,
    contender: str,
    tier: Tier,
    folder: Path,
    split: int = 0,
) -> ParityLine | str:
    """Run a contender once on a split: the line of its outputs, or why it has none."""
    one, part = planned(contender, tier, "c"), folder / "part"
    folds = case.network and case.fits(contender)
    task = stage.task(case, one, split, part, once(case, contender), folds=folds)
    record = run_once(task, Place("quality", split=split), folder)
    if record.outputs is None:
        return f"the run failed ({record.status}): {record.reason}"
    return agreement.lines([case], [record], lambda _: None)[0]
