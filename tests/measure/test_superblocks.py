"""In profile full all sizes of a workload run back to back, as often as the hungriest needs."""

from collections import Counter
from itertools import groupby
from types import SimpleNamespace

import numpy as np
import pytest

from rmlbench_utils.measure.blocks import Schedule, superblocks
from rmlbench_utils.protocol.record import PlannedCase
from tests.judge.factory import make_case, make_manifest, make_record, planned

ONE = {"fit": {"warmup": 0, "samples": 1}}
LEAST = {"synthetic_linear_500x50": 4, "synthetic_linear_20000x50": 6, "diabetes": 3}


def steps(
    profile: str, budget_s: float = 1e6, least: dict[str, int] = LEAST
) -> list[tuple[str, int]]:
    """Case's dataset and block of every run, in order."""
    cases = [
        PlannedCase(
            case=make_case(dataset=dataset, min_blocks=blocks, max_blocks=blocks),
            contenders=[planned("sklearn", repeat=ONE), planned("linfa", repeat=ONE)],
        )
        for dataset, blocks in least.items()
    ]
    plan = make_manifest(cases, plan={"profile": profile, "budget_s": budget_s}).plan
    writer = SimpleNamespace(records=[])
    schedule = Schedule(plan, writer)  # type: ignore[arg-type]
    seen = []
    for step in schedule.steps():
        case = step.planned.case
        seen.append((case.dataset, step.place.block))
        record = make_record(
            case=case.name,
            contender=step.contender.contender,
            block=step.place.block,
            position=step.place.position,
        )
        writer.records.append(record)
        schedule.note(record)
    return seen


def test_the_sizes_of_a_block_follow_each_other() -> None:
    blocks = [key for key, _ in groupby(steps("full"))]
    sizes = [key for key in blocks if key[0] != "diabetes"]
    assert len(sizes) == 12
    for block in range(6):
        first, second = (i for i, key in enumerate(blocks) if key[1] == block and key in sizes)
        assert second == first + 1
    first_sizes = {blocks[i][0] for i in range(len(blocks)) if blocks[i] == (blocks[i][0], 0)}
    assert first_sizes == set(LEAST)


@pytest.mark.parametrize(("profile", "small"), [("full", 6), ("standard", 4)])
def test_a_workload_goes_on_until_every_size_has_enough(profile: str, small: int) -> None:
    runs = [dataset for dataset, _ in steps(profile)]
    assert runs.count("synthetic_linear_500x50") == 2 * small
    assert runs.count("synthetic_linear_20000x50") == 12
    assert runs.count("diabetes") == 6


@pytest.mark.parametrize("profile", ["standard", "full"])
def test_when_the_budget_ends_all_cases_have_as_many_blocks(profile: str) -> None:
    least = dict.fromkeys(LEAST, 6)
    made = []
    for budget_s in np.linspace(0.0, 30.0, 25):
        runs = Counter(dataset for dataset, _ in steps(profile, float(budget_s), least))
        assert len(set(runs.values())) <= 1
        made.append(max(runs.values(), default=0))
    assert made == sorted(made)
    assert {0, 12} <= set(made)
    assert len(set(made)) > 2


@pytest.mark.parametrize("profile", ["standard", "full"])
def test_the_tolerances_swept_of_a_problem_run_together(profile: str) -> None:
    def case(tol: float, dual: bool, **changes: object) -> PlannedCase:
        params = {"C": 1.0, "dual": dual, "tol": tol}
        named = {"named": ("C", "tol", "dual"), "level": "same quality", **changes}
        made = make_case(algorithm="linearsvc", params=params, **named)
        return PlannedCase(case=made, contenders=[planned("sklearn", repeat=ONE)])

    cases = [case(0.1, False), case(0.01, False), case(0.1, True), case(0.1, False, threads=2)]
    plan = make_manifest(cases, plan={"profile": profile}).plan
    assert [len(group) for group in superblocks(plan)] == [3, 1]
