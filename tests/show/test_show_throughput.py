"""Speeds of networks in their field's units, of who has parity alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from scipy import stats

from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.protocol.record import Latency, PlannedCase
from rmlbench_utils.show import throughput
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from tests.judge.factory import make_line, make_manifest, make_record, planned
from tests.show.test_show_curves import trained

CASE = trained("lenet").model_copy(update={"contenders": ("torch", "tch", "burn")})
STEP_S = {"torch": 0.02, "tch": 0.01, "burn": 0.05}
FACTS = {CASE.dataset: {"rows": 500, "train_rows": 400, "test_rows": 100, "columns": 64}}


def recorded(view: View, name: str = "seen", latency: Any = None, **parity: str) -> View:
    """Three blocks; a step takes `STEP_S`, and quarters of 100 test rows as long."""
    records, lines = [], []
    for who, seconds in STEP_S.items():
        lines.append(make_line(who, case=CASE.name, parity=parity.get(who, "pass")))
        for block in range(3):
            run: Any = make_record(1e9 * seconds, case=CASE.name, contender=who, block=block)
            both = {"fit": run.samples["fit"], "predict": run.samples["fit"]}
            changes = {"samples": both, "latency": latency or run.latency}
            records.append(run.model_copy(update=changes))
    cases = [PlannedCase(case=CASE, contenders=[planned(who) for who in STEP_S])]
    manifest = make_manifest(cases, datasets=FACTS, name=name)
    judged = verdict_table(manifest, records, lines)
    return replace(
        view, name=name, manifest=manifest, records=records, parity=lines, verdicts=judged
    )


def test_speeds_follow_from_the_time_of_a_step(view: View) -> None:
    made = throughput.table([recorded(view), recorded(view, "other")])
    assert isinstance(made, Table)
    torch, tch, burn = made.frame.to_dict("records")
    assert torch["a step, ms"] == "20.0 [20.0, 20.0]"
    assert torch["an epoch, s"] == "1.00 [1.00, 1.00]"  # 400 rows by 8
    assert burn["an epoch, s"] == "2.50 [2.50, 2.50]"
    assert tch["trained on a second"] == "800 [800, 800]"
    assert torch["answered a second"] == "1250 [1250, 1250]"
    assert {row["recording"] for row in (torch, tch, burn)} == {"seen"}


def test_percentiles_of_one_example_are_the_records(view: View) -> None:
    made = throughput.table([recorded(view)])
    assert isinstance(made, Table)
    row = made.frame.iloc[0]
    middle = [1.01**bin_ / 1e6 for bin_ in (1000.5, 1100.5, 1100.5)]
    told = [row[f"one example, p{p}, ms"].partition(" [")[0] for p in (50, 95, 99)]
    assert [float(value) for value in told] == pytest.approx(middle, rel=5e-3)


def test_runs_that_differ_have_an_interval(view: View) -> None:
    one = recorded(view)
    slow = [
        run.model_copy(update={"samples": make_record(0.0206e9).samples}) if run.block == 0 else run
        for run in one.records
    ]
    made = throughput.table([replace(one, records=slow)])
    assert isinstance(made, Table)
    said = stats.ttest_1samp([0.0206, 0.02, 0.02], 0.0).confidence_interval(0.95)
    row = made.frame.iloc[0]
    assert row["a step, ms"] == f"20.2 [{1e3 * said.low:.1f}, {1e3 * said.high:.1f}]"
    assert row["trained on a second"] == f"396 [{8 / said.high:.0f}, {8 / said.low:.0f}]"


@pytest.mark.parametrize(
    ("batch", "count", "told"), [(1, 100, 3), (1, 99, 2), (1, 20, 2), (1, 3, 1), (2, 100, 2)]
)
def test_few_or_batched_calls_tell_no_high_percentile(
    view: View, batch: int, count: int, told: int
) -> None:
    made = throughput.table([recorded(view, latency=Latency(batch=batch, bins=[(1000, count)]))])
    assert isinstance(made, Table)
    assert sum(name.startswith("one example") for name in made.frame) == told


def test_who_has_no_parity_has_no_speed(view: View) -> None:
    made = throughput.table([recorded(view, burn="fail")])
    assert isinstance(made, Table)
    assert made.frame["contender"].tolist() == ["torch", "tch"]


def test_gpus_have_columns_where_nvml_answered(view: View) -> None:
    one = recorded(view)
    held = [run.model_copy(update={"gpu_memory": 3_000_000, "gpu_use": 0.5}) for run in one.records]
    asked = throughput.table([replace(one, records=held)])
    plain = throughput.table([one])
    assert isinstance(asked, Table)
    assert isinstance(plain, Table)
    row = asked.frame.iloc[0]
    assert row["memory on GPUs, MB"] == "3.00 [3.00, 3.00]"
    assert row["use of GPUs, %"] == "50.0 [50.0, 50.0]"
    assert not [name for name in plain.frame if "GPU" in name]


def test_without_networks_there_is_a_sentence(view: View) -> None:
    assert isinstance(throughput.table([view]), Note)
