"""Work that obeys a plan that exists already: one from a pilot, or that of a recording."""

from __future__ import annotations

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.datasets import Unavailable
from rmlbench_utils.measure import counted
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import Plan
from rmlbench_utils.protocol.root import project_root


def work_of(plan: Plan, whose: str) -> Work:
    """What it takes to run a plan to the letter: cases, layouts and repetitions as they are.

    Parameters
    ----------
    whose
        What the plan is of, for messages.

    Raises
    ------
    UsageError
        If a contender or a dataset of the plan cannot be had here.
    """
    tiers: dict[str, list[Tier]] = {}
    for one in (c for planned in plan.every for c in planned.contenders):
        if one.tier not in tiers.setdefault(one.contender, []):
            tiers[one.contender].append(one.tier)
    known = {**libraries(), **counted.null_libraries()}
    if lacking := sorted(set(tiers) - set(known)):
        raise UsageError(
            f"{whose} has the contenders {', '.join(lacking)}, unknown here: "
            "a user's own workers cannot be had from a plan"
        )
    used = {name: known[name] for name in tiers}
    stage = Stage(used, project_root() / ".cache" / "data", plan.seed)
    cases = [planned.case for planned in plan.cases]
    try:
        for case in cases:
            for split in range(case.splits):
                stage.data(case.dataset, split)
    except Unavailable as reason:
        raise UsageError(f"{whose} cannot be run here: {reason}") from reason
    request = Request((), plan.profile, seed=plan.seed, budget_s=plan.budget_s)
    null = plan.null.case if plan.null else None
    return Work(request, stage, cases, {}, tiers, null, fixed=plan)
