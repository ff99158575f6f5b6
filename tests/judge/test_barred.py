"""Who gets no verdict, who may not be favoured, and who meets whom."""

import math

import pytest

from rmlbench_utils.protocol.record import PlannedCase, RunRecord
from tests.judge.factory import Synthetic, failed, make_case, make_line, make_manifest, planned
from tests.judge.judging import fit_row, judge, two


def test_unequal_terms_bar_a_verdict() -> None:
    manifest = make_manifest()
    facts = dict(manifest.workers["linfa:shipped"]["facts"], debug_assertions=True)
    manifest = make_manifest(workers={**manifest.workers, "linfa:shipped": {"facts": facts}})
    row = fit_row(judge(Synthetic(manifest, times={"linfa": 1e7})))
    assert (row["fairness"], row["verdict"]) == ("unequal", "not comparable")
    assert "debug assertions" in row["reason"]
    assert math.isnan(row["ratio"])


def spoil(synthetic: Synthetic, contender: str, status: str, count: int = 1) -> list[RunRecord]:
    records = synthetic.records()
    mine = [i for i, record in enumerate(records) if record.contender == contender]
    for i in mine[:count]:
        records[i] = failed(records[i], status)
    return records


@pytest.mark.parametrize(
    ("ratio", "who", "status", "verdict"),
    [
        (0.5, "linfa", "exit", "inconclusive"),  # no "faster" for the side that failed
        (1.0, "linfa", "exit", "inconclusive"),  # no "equivalent" either
        (1.0, "sklearn", "exit", "inconclusive"),
        (2.0, "linfa", "timeout", "slower"),  # holds with the time-out at the limit
        (2.0, "sklearn", "exit", "inconclusive"),  # "slower" would favour the baseline
        (0.5, "sklearn", "timeout", "faster"),
        (0.5, "linfa", "digest_mismatch", "not comparable"),
        (0.5, "linfa", "clock_mismatch", "inconclusive"),  # one may be the machine's doing
        (0.5, "sklearn", "threads_mismatch", "not comparable"),
    ],
)
def test_failures_never_favour_who_failed(
    ratio: float, who: str, status: str, verdict: str
) -> None:
    synthetic = two(ratio)
    row = fit_row(judge(synthetic, records=spoil(synthetic, who, status)))
    assert row["verdict"] == verdict
    assert f"{who} 1 of 20 (0.1 to 24.9 %)" in row["failures"]
    if verdict != "not comparable":
        assert "given success" in row["reason"]
        assert row["n_runs"] == 19


def test_a_clock_that_disagrees_more_than_rarely_is_not_believed() -> None:
    synthetic = two(0.5)
    records = spoil(synthetic, "linfa", "clock_mismatch", count=2)
    row = fit_row(judge(synthetic, records=records))
    assert row["verdict"] == "not comparable"
    assert "clock mismatch" in row["reason"]


def test_slower_falls_where_time_outs_at_the_limit_drown_it() -> None:
    synthetic = Synthetic(make_manifest(), times={"linfa": 2e7 * 1.2}, noise=0.001)
    records = spoil(synthetic, "linfa", "timeout", count=1)
    row = fit_row(judge(synthetic, records=records))
    # One run at 120 s among 19 at 24 ms: the interval is so wide that it holds 1 again.
    assert row["verdict"] == "inconclusive"
    assert "set to the limit" in row["reason"]


def test_a_contender_that_always_fails_keeps_its_row() -> None:
    synthetic = two(1.0)
    records = spoil(synthetic, "linfa", "signal", count=20)
    row = fit_row(judge(synthetic, records=records, parity=[make_line("sklearn")]))
    assert row["verdict"] == "not comparable"
    assert "every run of linfa failed: signal" in row["reason"]


def test_headlines_need_ten_milliseconds_and_libraries() -> None:
    names = ("sklearn", "linfa", "own", "own-python")
    cases = [PlannedCase(case=make_case(), contenders=[planned(n) for n in names])]
    slow = judge(Synthetic(make_manifest(cases), times={"linfa": 1e7}))
    assert fit_row(slow)["headline"]
    assert not fit_row(slow, "own", baseline="sklearn")["headline"]
    fast = judge(Synthetic(make_manifest(cases), times={"linfa": 1e7, "sklearn": 9e6}))
    assert not fit_row(fast)["headline"]


def test_own_meets_own_python_in_the_secondary_family() -> None:
    names = ("sklearn", "own", "own-python")
    cases = [PlannedCase(case=make_case(), contenders=[planned(n) for n in names])]
    table = judge(Synthetic(make_manifest(cases), times={"own": 1e7}))
    row = fit_row(table, "own", baseline="own-python")
    assert (row["family"], row["verdict"]) == ("secondary", "faster")
    assert fit_row(table, "own", baseline="sklearn")["family"] == "primary"


def test_equal_tiers_meet_and_one_tier_counts_as_both() -> None:
    contenders = [planned("sklearn"), planned("sklearn", "tuned"), planned("linfa")]
    cases = [PlannedCase(case=make_case(), contenders=contenders)]
    times = {"sklearn:shipped": 2e7, "sklearn:tuned": 1e7, "linfa:shipped": 1e7}
    table = judge(Synthetic(make_manifest(cases), times=times))
    assert fit_row(table, tier="shipped")["verdict"] == "faster"
    assert fit_row(table, tier="tuned")["verdict"] == "equivalent"


def test_a_comparison_shown_in_two_tiers_is_one_member_of_the_family() -> None:
    both = [planned("sklearn"), planned("linfa"), planned("own"), planned("own", "tuned")]
    table = judge(
        Synthetic(make_manifest([PlannedCase(case=make_case(), contenders=both)]), noise=0.05)
    )
    linfa = table[(table["contender"] == "linfa") & (table["family"] == "primary")]
    assert list(linfa["tier"]) == ["shipped", "tuned"]
    assert linfa["p_value"].nunique() == 1
    primary = table[(table["family"] == "primary")].drop_duplicates(["contender", "p_value"])
    assert len(primary) == 3
    smallest = primary["p_value"].min()
    assert primary["p_adjusted"].min() == pytest.approx(min(3 * smallest, 1.0))
