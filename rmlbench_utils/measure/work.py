"""A request, resolved to what it takes: data that can be had, libraries, tiers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rmlbench_utils.contenders.registry import TIERS
from rmlbench_utils.datasets import Unavailable
from rmlbench_utils.datasets.pretrained import weights_file
from rmlbench_utils.measure import allowed, build, builds, counted
from rmlbench_utils.measure.plan import Planned, make_plan, prime
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import Plan
from rmlbench_utils.protocol.root import project_root

CARRY_NULL = ("smoke", "standard", "full")  # profiles whose recordings carry a null case


@dataclass(frozen=True)
class Work:
    """A checked request with what it takes: data that can be had, libraries, tiers.

    ``null`` is the null case the recording carries; ``fixed`` a plan to be run as it is.
    """

    request: Request
    stage: Stage
    cases: list[Case]
    unavailable: dict[str, str]
    tiers: dict[str, list[Tier]]
    null: Case | None
    fixed: Plan | None = None

    @classmethod
    def of(cls, request: Request) -> Work:
        """Resolve a request; data are prepared first, so that bad data costs no build."""
        asked = request.checked().cases()
        used = {name for case in asked for name in case.contenders}
        libraries = {name: lib for name, lib in request.libraries().items() if name in used}
        carried = request.profile in CARRY_NULL
        libraries |= counted.null_libraries() if carried else {}
        stage = Stage(libraries, project_root() / ".cache" / "data", request.seed)
        missing: dict[str, str] = {}
        for case in asked:
            try:
                for split in range(case.splits):
                    data = stage.data(case.dataset, split)
                    allowed.check(case, data)
                    weights_file(case.algorithm, data)
            except Unavailable as reason:
                missing[case.name] = str(reason)
        cases = [case for case in asked if case.name not in missing]
        if not cases:
            raise UsageError(f"nothing can be measured: {'; '.join(missing.values())}")
        tiers = {
            name: [t for t in lib.tiers if t in request.tiers] or [lib.tiers[0]]
            for name, lib in libraries.items()
        }
        least = min(case.min_blocks for case in cases)
        null = counted.null_case(least) if carried else None
        return cls(request, stage, cases, missing, tiers, null)

    def build(self) -> None:
        """Build the workers of the contenders, each in its own tiers alone."""
        for tier in TIERS:
            named = [name for name, tiers in self.tiers.items() if tier in tiers]
            build.build([self.stage.libraries[name] for name in named], [tier])
        if self.null is not None:
            builds.usual()

    def planned(self, store: Path, say: Callable[[str], None]) -> Planned:
        """Pilot, prime and plan."""
        request = self.request
        if self.fixed is not None:
            return Planned(self.fixed, prime(self.stage, self.fixed, store, say), [])
        return make_plan(
            self.stage,
            self.cases,
            self.null,
            self.tiers,
            request.profile,
            request.budget_s,
            store,
            say,
        )
