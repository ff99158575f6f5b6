"""Known answers: a recording made for each verdict."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.protocol.record import Latency, PhaseTime, PlannedCase, Samples
from tests.judge.factory import Synthetic, make_case, make_line, make_manifest, planned
from tests.judge.judging import fit_row, judge, two


@pytest.mark.parametrize(
    ("ratio", "noise", "verdict"),
    [
        (0.5, 0.01, "faster"),
        (0.93, 0.01, "faster"),
        (2.0, 0.01, "slower"),
        (1.0, 0.01, "equivalent"),
        (1.03, 0.005, "equivalent"),
        (1.0, 0.3, "inconclusive"),
    ],
)
def test_each_verdict(ratio: float, noise: float, verdict: str) -> None:
    row = fit_row(judge(two(ratio, noise=noise)))
    assert row["verdict"] == verdict
    assert row["ratio"] == pytest.approx(ratio, rel=3 * noise)
    assert row["ci_low"] <= row["ratio"] <= row["ci_high"]
    assert row["reason"]


def test_the_columns_and_their_order() -> None:
    assert list(judge(two(0.5)).columns) == COLUMNS


def test_values_are_steady_state_means_and_their_ratio() -> None:
    row = fit_row(judge(two(0.5, noise=1e-4)))
    assert row["baseline_value"] == pytest.approx(2e7, rel=1e-3)
    assert row["contender_value"] == pytest.approx(1e7, rel=1e-3)
    assert row["ratio"] == pytest.approx(row["contender_value"] / row["baseline_value"])
    assert (row["unit"], row["n_runs"], row["n_blocks"]) == ("ns", 20, 20)


def test_equivalent_says_the_direction_where_the_interval_excludes_one() -> None:
    row = fit_row(judge(two(1.03, noise=0.005)))
    assert row["ci_low"] > 1
    assert "longer" in row["reason"]


@pytest.mark.parametrize(("blocks", "verdict"), [(9, "inconclusive"), (10, "faster")])
def test_ten_blocks_are_needed(blocks: int, verdict: str) -> None:
    assert fit_row(judge(two(0.5, blocks=blocks)))["verdict"] == verdict


def test_profile_check_is_always_inconclusive() -> None:
    synthetic = Synthetic(make_manifest(plan={"profile": "check"}), times={"linfa": 1e7})
    table = judge(synthetic)
    assert set(table["verdict"]) == {"inconclusive"}


def test_no_parity_shows_no_number() -> None:
    lines = [
        make_line("sklearn"),
        make_line("linfa", parity="fail", worst_difference=0.2, reason="predictions differs by .2"),
    ]
    table = judge(two(0.5), parity=lines)
    assert set(table["verdict"]) == {"not comparable"}
    assert set(table["parity"]) == {"fail"}
    numbers = ["baseline_value", "contender_value", "ratio", "ci_low", "ci_high", "p_adjusted"]
    assert table[numbers].isna().all().all()
    assert "predictions differs by .2" in fit_row(table)["reason"]


def test_the_baseline_can_fail_parity_too() -> None:
    lines = [make_line("sklearn", parity="fail", reason="wrong"), make_line("linfa")]
    row = fit_row(judge(two(0.5), parity=lines))
    assert row["verdict"] == "not comparable"
    assert "sklearn fails parity" in row["reason"]


def test_one_unchecked_output_among_many_is_enough() -> None:
    synthetic = two(0.5)
    records = synthetic.records()
    records[-1] = records[-1].model_copy(update={"outputs": "c" * 64})
    row = fit_row(judge(synthetic, records=records))
    assert (row["parity"], row["verdict"]) == ("unchecked", "not comparable")


def test_one_failing_output_among_many_is_enough() -> None:
    synthetic = two(0.5)
    lines = [*synthetic.lines(), make_line("linfa", outputs="c" * 64, parity="fail")]
    row = fit_row(judge(synthetic, parity=lines))
    assert (row["parity"], row["verdict"]) == ("fail", "not comparable")


statuses = st.sampled_from(["pass", "fail", "unchecked", "missing"])


@settings(max_examples=40, deadline=None)
@given(statuses, statuses, st.floats(0.2, 5))
def test_no_parity_never_yields_a_verdict(contender: str, baseline: str, ratio: float) -> None:
    lines = [
        make_line(name, parity=parity)
        for name, parity in (("linfa", contender), ("sklearn", baseline))
        if parity != "missing"
    ]
    table = judge(two(ratio, blocks=10), parity=lines)
    if (contender, baseline) == ("pass", "pass"):
        assert "not comparable" not in set(table["verdict"])
    else:
        assert set(table["verdict"]) == {"not comparable"}
        assert table["ratio"].isna().all()


def test_depends_on_layout() -> None:
    synthetic = two(0.5)
    convert = Samples(warmup=0, batch=1, ns=[30_000_000], rest_count=0, rest_ns=0)
    time = PhaseTime(wall_ns=30_000_000, cpu_ns=30_000_000, peak_rss=None, harness_ns=30_000_000)
    records = [
        record.model_copy(
            update={
                "layout": "f",
                "samples": {**record.samples, "convert": convert},
                "phases": {**record.phases, "convert": time},
            }
        )
        if record.contender == "linfa"
        else record
        for record in synthetic.records()
    ]
    row = fit_row(judge(synthetic, records=records))
    assert (row["verdict"], row["convert_verdict"]) == ("faster", "slower")
    assert "depends on layout" in row["reason"]
    assert "layout: f / c" in row["differs"]
    assert row["fairness"] == "disclosed"


def test_same_layout_has_the_same_two_verdicts() -> None:
    row = fit_row(judge(two(0.5)))
    assert row["convert_verdict"] == row["verdict"]
    assert "depends on layout" not in row["reason"]


def test_a_batched_latency_has_no_p99() -> None:
    synthetic = two(1.0)
    batched = Latency(batch=10, bins=[(1000, 50)])
    records = [r.model_copy(update={"latency": batched}) for r in synthetic.records()]
    metrics = set(judge(synthetic, records=records)["metric"])
    assert "latency_p50" in metrics
    assert "latency_p99" not in metrics


def test_scale_does_not_matter() -> None:
    one = Synthetic(make_manifest(), times={"linfa": 3e7, "sklearn": 4e7})
    thousand = Synthetic(make_manifest(), times={"linfa": 3e10, "sklearn": 4e10})
    a, b = fit_row(judge(one)), fit_row(judge(thousand))
    assert a["ratio"] == pytest.approx(b["ratio"], rel=1e-6)
    assert a["ci_high"] == pytest.approx(b["ci_high"], rel=1e-6)


def test_the_order_of_records_does_not_matter() -> None:
    synthetic = two(0.7)
    records = synthetic.records()
    pd.testing.assert_frame_equal(
        judge(synthetic, records=records), judge(synthetic, records=records[::-1])
    )


def test_quality_runs_are_never_timed() -> None:
    synthetic = two(0.5)
    records = synthetic.records()
    extra = [r.model_copy(update={"role": "quality", "block": 99}) for r in records[:2]]
    assert fit_row(judge(synthetic, records=[*records, *extra]))["n_blocks"] == 20


def test_a_family_is_as_large_as_the_plan() -> None:
    names = ("sklearn", "linfa", "smartcore")
    cases = [PlannedCase(case=make_case(), contenders=[planned(n) for n in names])]
    synthetic = Synthetic(make_manifest(cases), times={"linfa": 2e7 * 0.985}, noise=0.02)
    lines = [make_line("sklearn"), make_line("linfa"), make_line("smartcore", parity="fail")]
    row = fit_row(judge(synthetic, parity=lines))
    assert row["p_adjusted"] == pytest.approx(2 * row["p_value"])
    assert row["ci_low_simultaneous"] < row["ci_low"]


def test_different_alone_but_not_among_many_is_inconclusive() -> None:
    names = ("sklearn", "linfa", *(f"other{i}" for i in range(20)))
    cases = [PlannedCase(case=make_case(), contenders=[planned(n) for n in names])]
    synthetic = Synthetic(make_manifest(cases), times={"linfa": 2e7 * 1.06}, noise=0.06, seed=5)
    row = fit_row(judge(synthetic, parity=[make_line("sklearn"), make_line("linfa")]))
    assert row["p_value"] < 0.05 < row["p_adjusted"]
    assert row["ci_low"] > 1 > row["ci_low_simultaneous"]
    assert row["verdict"] == "inconclusive"
    assert "not among 21 rows" in row["reason"]
    assert row["convert_verdict"] == "inconclusive"  # the same data, so the same verdict


def test_a_smoke_recording_warns_of_exaggeration() -> None:
    synthetic = two(0.955, blocks=10, noise=0.035, seed=9)
    row = fit_row(judge(synthetic))
    assert row["verdict"] == "faster"
    assert "exaggerates" in row["reason"]


def test_an_unknown_primary_is_named() -> None:
    case = make_case(primary={"phase": "fit", "metric": "energy"})
    cases = [PlannedCase(case=case, contenders=[planned("sklearn"), planned("linfa")])]
    with pytest.raises(ValueError, match="fit energy"):
        judge(Synthetic(make_manifest(cases)))


def test_same_quality_is_marked() -> None:
    case = make_case(level="same quality", tolerance={"objective": 1e-6})
    cases = [PlannedCase(case=case, contenders=[planned("sklearn"), planned("linfa")])]
    row = fit_row(judge(Synthetic(make_manifest(cases), times={"linfa": 1e7})))
    assert row["level"] == "same quality"
    assert "same quality" in row["reason"]
