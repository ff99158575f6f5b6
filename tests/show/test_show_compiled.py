"""What compiling costs once, and the calls that make it good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.protocol.record import PhaseTime, PlannedCase, RunRecord, Samples
from rmlbench_utils.show import compiled
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from tests.judge.factory import make_line, make_manifest, make_record, planned
from tests.show.test_show_curves import trained

SIDES = ("torch", "torch-compile")
CASE = trained("lenet").model_copy(update={"contenders": SIDES})
LOAD_S, EAGER_S, COMPILING_S = 0.5, 0.02, 5.0


def run(who: str, block: int, step_s: float) -> RunRecord:
    """A run whose first step compiles, if it is not torch's; torch loads in no time."""
    once = COMPILING_S if who != "torch" else 0.0
    first, step = round(1e9 * (once + step_s)), round(1e9 * step_s)
    made = make_record(1e9 * step_s, case=CASE.name, contender=who, block=block)
    load = round(1e9 * LOAD_S) if who != "torch" else 0
    phase = PhaseTime(wall_ns=load, cpu_ns=load, peak_rss=None, harness_ns=load)
    samples = Samples(warmup=1, batch=1, ns=[first, *[step] * 5], rest_count=0, rest_ns=0)
    changes = {"samples": {"fit": samples}, "phases": {**made.phases, "load": phase}}
    return made.model_copy(update=changes)


def recorded(view: View, step_s: float, blocks: int = 10, parity: str = "pass") -> View:
    """Blocks in which a compiled step takes so long."""
    steps = dict(zip(SIDES, (EAGER_S, step_s), strict=True))
    runs = [run(who, block, steps[who]) for who in SIDES for block in range(blocks)]
    lines = [make_line(who, case=CASE.name, parity=parity) for who in SIDES]
    manifest = make_manifest([PlannedCase(case=CASE, contenders=[planned(who) for who in SIDES])])
    judged = verdict_table(manifest, runs, lines)
    return replace(view, manifest=manifest, records=runs, parity=lines, verdicts=judged)


@pytest.mark.parametrize(
    ("step_s", "calls"),
    [(0.01, "550 [550, 550]"), (0.03, "none: it costs more throughout")],
)
def test_the_calls_that_make_it_good_follow_from_both_costs(
    view: View, step_s: float, calls: str
) -> None:
    made = compiled.table([recorded(view, step_s)], "torch-compile")
    assert isinstance(made, Table)
    row = made.frame.iloc[0]
    assert row["calls that make it good"] == calls  # (5 s + .5 s) / (20 ms - 10 ms)
    assert row["paid once more"] == "5.50 s [5.50, 5.50]"
    step = f"{1e3 * step_s:.1f}"
    assert row["compiled"] == f"{step} ms [{step}, {step}]"
    assert row["not compiled"] == "20.0 ms [20.0, 20.0]"


def test_nothing_is_told_of_few_blocks_or_without_parity(view: View) -> None:
    few, other = recorded(view, 0.01, blocks=9), recorded(view, 0.01, parity="fail")
    assert isinstance(compiled.table([few, other], "torch-compile"), Note)
