"""Parity alone: every contender of the cases once, against the reference solution."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rmlbench_utils.datasets import Unavailable
from rmlbench_utils.measure import build
from rmlbench_utils.measure.agree import Agreement
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.pilot import ONCE, planned
from rmlbench_utils.measure.progress import Display
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.protocol.root import project_root


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
    request.checked()
    cases = request.cases()
    used = {name for case in cases for name in case.contenders}
    libraries = {name: lib for name, lib in request.libraries().items() if name in used}
    stage = Stage(libraries, project_root() / ".cache" / "data", request.seed)
    found: list[Row] = []
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        display.say("building workers")
        build.build(libraries.values(), {t for lib in libraries.values() for t in lib.tiers})
        for case in cases:
            display.say(case.name)
            found += _case(stage, case, request, Path(folder))
    return found


def _case(stage: Stage, case: Case, request: Request, folder: Path) -> Iterator[Row]:
    agreement = Agreement(stage, folder)
    for contender in case.contenders:
        tiers = [t for t in stage.libraries[contender].tiers if t in request.tiers]
        for tier in tiers or stage.libraries[contender].tiers[:1]:
            yield _row(stage, agreement, case, contender, tier, folder)


def _row(
    stage: Stage, agreement: Agreement, case: Case, contender: str, tier: Tier, folder: Path
) -> Row:
    declared = case.known.get(contender)
    try:
        task = stage.task(case, planned(contender, tier, "c"), 0, folder / "part", {"fit": ONCE})
    except Unavailable as absent:
        return Row(case.name, contender, tier, "unchecked", None, None, str(absent), declared)
    record = run_once(task, Place(), folder)
    if record.outputs is None:
        reason = _failure(record)
        return Row(case.name, contender, tier, "fail", None, None, reason, declared)
    line = agreement.lines([case], [record], lambda _: None)[0]
    worst, limit = line.worst_difference, line.tolerance
    return Row(case.name, contender, tier, line.parity, worst, limit, line.reason, declared)


def _failure(record: RunRecord) -> str:
    return f"the run failed ({record.status}): {record.reason}"
