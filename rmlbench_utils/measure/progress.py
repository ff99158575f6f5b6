"""A progress bar with an estimate of the end, on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from rmlbench_utils.measure.blocks import estimate_s
from rmlbench_utils.protocol.record import Plan, PlannedCase, PlannedContender, RunRecord


class Display:
    """What is being done, and how much of the plan's longest estimate is left."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            TextColumn("at most"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,  # a refreshing thread would make the harness stamp late
        )
        self._task = self._progress.add_task("starting", total=None)
        self._next = 0.0

    def __enter__(self) -> Display:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def say(self, text: str) -> None:
        """Name the step."""
        self._progress.update(self._task, description=text, refresh=True)

    def expect(self, plan: Plan, done: Iterable[RunRecord]) -> None:
        """Set the total to the plan's longest estimate, less what is recorded already."""
        cost = {(p.case.name, c.id): c.estimate_s for p in plan.every for c in p.contenders}
        spent = sum(cost[r.case, f"{r.contender}:{r.tier}"] for r in done if r.role == "run")
        low, high = estimate_s(plan)
        self._progress.console.print(
            f"{len(plan.cases)} cases, {low / 60:.0f} to {high / 60:.0f} minutes by the estimate"
        )
        self._progress.update(self._task, total=high, completed=spent)

    def step(self, contender: PlannedContender, planned: PlannedCase, block: int) -> None:
        """Before a run."""
        self._progress.update(
            self._task,
            advance=self._next,
            description=f"block {block} {planned.case.name} {contender.id}",
            refresh=True,
        )
        self._next = contender.estimate_s
