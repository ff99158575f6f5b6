"""Drives a recording: rounds of blocks over the cases, resumable at any run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rmlbench_utils.judge.series import AXES, family
from rmlbench_utils.judge.svm.gaps import by_gap, problem_of
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.order import orders
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.stopping import enough
from rmlbench_utils.protocol.case import Case, Profile
from rmlbench_utils.protocol.record import Plan, PlannedCase, PlannedContender, RunRecord
from rmlbench_utils.store.writer import Writer

Progress = Callable[[PlannedContender, PlannedCase, int], None]


@dataclass(frozen=True)
class Step:
    """One run still to be made."""

    planned: PlannedCase
    contender: PlannedContender
    place: Place


class Schedule:
    """What to run next, from the plan and the records alone, so that a resumed recording
    goes on exactly where it was."""

    def __init__(self, plan: Plan, writer: Writer) -> None:
        self.plan, self.writer = plan, writer
        self._groups = superblocks(plan)
        self._orders = {
            planned.case.name: orders(
                [c.id for c in planned.timed],
                max(max(one.case.max_blocks, one.case.min_blocks) for one in group),
                plan.seed,
                planned.case.name,
            )
            for group in self._groups
            for planned in group
        }
        self._done: Counter[tuple[str, int]] = Counter()
        self._keys: set[tuple[str, int, str]] = set()
        self._spent = 0.0
        for record in writer.records:
            self.note(record)
        self._interrupted = {key for key, n in self._done.items() if n < self._width(key[0])}

    def note(self, record: RunRecord) -> None:
        """Count a record that has been written."""
        if record.role == "run":
            self._done[record.case, record.block] += 1
            self._keys.add((record.case, record.block, f"{record.contender}:{record.tier}"))
        self._spent += sum(phase.harness_ns for phase in record.phases.values()) / 1e9 + 0.02

    def steps(self) -> Iterator[Step]:
        """Runs in order: in each round one block of every group that goes on, in random order.

        A group goes on until every case of it has enough, or the budget is spent. A round that
        begins is finished, so that no case has fewer blocks for its place in the order.
        """
        running, stopped, number = list(self._groups), set[str](), 0
        while running:
            chooser = random.Random(f"{self.plan.seed}/round/{number}")
            order = list(running)
            chooser.shuffle(order)
            if not self._affordable(order, number):
                return
            for group in order:
                for planned in chooser.sample(group, len(group)):
                    yield from self._block(planned, number)
            number += 1
            for planned in (p for group in running for p in group):
                if self._stopped(planned, number):
                    stopped.add(planned.case.name)
            running = [g for g in running if {p.case.name for p in g} - stopped]

    def _block(self, planned: PlannedCase, number: int) -> Iterator[Step]:
        case, before = planned.case, None
        by_id = {contender.id: contender for contender in planned.timed}
        for position, name in enumerate(self._orders[case.name][number]):
            if (case.name, number, name) not in self._keys:
                resumed = (case.name, number) in self._interrupted
                split = number % case.splits
                place = Place("run", number, position, before, resumed, split)
                yield Step(planned, by_id[name], place)
            before = name

    def _stopped(self, planned: PlannedCase, blocks: int) -> bool:
        return enough(self.plan, planned, self.writer.records, blocks)

    def _affordable(self, groups: list[list[PlannedCase]], number: int) -> bool:
        """Whether half of another round or more fits the budget; one that has begun does."""
        planned = [one for group in groups for one in group]
        if any(self._done[one.case.name, number] for one in planned):
            return True
        round_s = sum(c.estimate_s for one in planned for c in one.contenders)
        return self._spent + round_s / 2 <= self.plan.budget_s

    def _width(self, case: str) -> int:
        return next(len(p.timed) for p in self.plan.every if p.case.name == case)


def superblocks(plan: Plan) -> list[list[PlannedCase]]:
    """What runs back to back: all tolerances of one problem; in profile ``full`` all sizes of a
    workload; else single cases."""
    found: dict[object, list[PlannedCase]] = {}
    for planned in plan.every:
        if planned.timed:
            found.setdefault(_together(planned.case, plan.profile), []).append(planned)
    return list(found.values())


def _together(case: Case, profile: Profile) -> object:
    if by_gap(case):
        return ("gap", *problem_of(case))
    return family(case, *AXES) if profile == "full" else case.name


def measure(stage: Stage, writer: Writer, progress: Progress) -> None:
    """Make every run the plan still asks for; each is on disk before the next begins."""
    plan = writer.manifest.plan
    schedule = Schedule(plan, writer)
    store = writer.path / "outputs"
    for step in schedule.steps():
        progress(step.contender, step.planned, step.place.block)
        task = stage.task(
            step.planned.case,
            step.contender,
            step.place.split,
            store / "part.safetensors",
            step.contender.repeat,
        )
        record = run_once(task, step.place, store)
        writer.append(record)
        schedule.note(record)


def estimate_s(plan: Plan, budget_s: float | None = None) -> tuple[float, float]:
    """Seconds of the plan at its fewest and its most blocks, within its budget or another."""
    low = high = 0.0
    for planned in plan.every:
        block_s = sum(contender.estimate_s for contender in planned.contenders)
        low += block_s * planned.case.min_blocks
        high += block_s * max(planned.case.max_blocks, planned.case.min_blocks)
    most = plan.budget_s if budget_s is None else budget_s
    return min(low, most), min(high, most)
