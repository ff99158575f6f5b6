"""A request, resolved to what it takes: data that can be had, libraries, tiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rmlbench_utils.datasets import Unavailable
from rmlbench_utils.measure import build
from rmlbench_utils.measure.plan import Planned, make_plan
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.root import project_root


@dataclass(frozen=True)
class Work:
    """A checked request with what it takes: data that can be had, libraries, tiers."""

    request: Request
    stage: Stage
    cases: list[Case]
    unavailable: dict[str, str]
    tiers: dict[str, list[Tier]]

    @classmethod
    def of(cls, request: Request) -> Work:
        """Resolve a request; data are prepared first, so that bad data costs no build."""
        asked = request.checked().cases()
        used = {name for case in asked for name in case.contenders}
        libraries = {name: lib for name, lib in request.libraries().items() if name in used}
        stage = Stage(libraries, project_root() / ".cache" / "data", request.seed)
        missing: dict[str, str] = {}
        for case in asked:
            try:
                for split in range(case.splits):
                    stage.data(case.dataset, split)
            except Unavailable as reason:
                missing[case.name] = str(reason)
        cases = [case for case in asked if case.name not in missing]
        if not cases:
            raise UsageError(f"nothing can be measured: {'; '.join(missing.values())}")
        tiers = {
            name: [t for t in lib.tiers if t in request.tiers] or [lib.tiers[0]]
            for name, lib in libraries.items()
        }
        return cls(request, stage, cases, missing, tiers)

    def build(self) -> None:
        """Build the workers of the contenders, in the tiers asked for."""
        wanted = {tier for each in self.tiers.values() for tier in each}
        build.build(self.stage.libraries.values(), wanted)

    def planned(self, store: Path, say: Callable[[str], None]) -> Planned:
        """Pilot, prime and plan."""
        request = self.request
        return make_plan(
            self.stage, self.cases, self.tiers, request.profile, request.budget_s, store, say
        )
