"""A recording's plan, run again here."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.datasets import Unavailable
from rmlbench_utils.measure import counted, session
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording


def reproduce(original: Recording, out: Path | None = None) -> Recording:
    """Run the plan of a recording again: the same cases, layouts and repetitions, to the letter.

    Raises
    ------
    UsageError
        If a contender or a dataset of the plan cannot be had here.
    """
    plan = original.manifest.plan
    tiers: dict[str, list[Tier]] = {}
    for one in (c for planned in plan.every for c in planned.contenders):
        if one.tier not in tiers.setdefault(one.contender, []):
            tiers[one.contender].append(one.tier)
    known = {**libraries(), **counted.null_libraries()}
    if lacking := sorted(set(tiers) - set(known)):
        raise UsageError(
            f"{original.name} was measured with {', '.join(lacking)}, unknown here: "
            "a user's own workers cannot be had from a recording"
        )
    used = {name: known[name] for name in tiers}
    stage = Stage(used, project_root() / ".cache" / "data", plan.seed)
    cases = [planned.case for planned in plan.cases]
    try:
        for case in cases:
            for split in range(case.splits):
                stage.data(case.dataset, split)
    except Unavailable as reason:
        raise UsageError(f"{original.name} cannot be reproduced here: {reason}") from reason
    request = Request((), plan.profile, seed=plan.seed, budget_s=plan.budget_s)
    null = plan.null.case if plan.null else None
    work = Work(request, stage, cases, {}, tiers, null, fixed=plan)
    place = out or project_root() / "recordings" / f"{original.name}-again"
    return session.measured(work, place)
