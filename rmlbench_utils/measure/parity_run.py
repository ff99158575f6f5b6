"""Parity alone: every contender of the cases once, against the reference solution."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rmlbench_utils.measure.agree import Agreement
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.pilot import once, planned
from rmlbench_utils.measure.progress import Display
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import RunRecord


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
    """Run every contender of the cases asked for once and check its outputs."""
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
            found += [
                _row(work.stage, agreement, case, contender, tier, Path(folder))
                for contender in case.contenders
                for tier in work.tiers[contender]
            ]
    return found


def _row(
    stage: Stage, agreement: Agreement, case: Case, contender: str, tier: Tier, folder: Path
) -> Row:
    declared = case.known.get(contender)
    task = stage.task(case, planned(contender, tier, "c"), 0, folder / "part", once(case))
    record = run_once(task, Place("quality"), folder)
    if record.outputs is None:
        reason = _failure(record)
        return Row(case.name, contender, tier, "fail", None, None, reason, declared)
    line = agreement.lines([case], [record], lambda _: None)[0]
    worst, limit = line.worst_difference, line.tolerance
    return Row(case.name, contender, tier, line.parity, worst, limit, line.reason, declared)


def _failure(record: RunRecord) -> str:
    return f"the run failed ({record.status}): {record.reason}"
