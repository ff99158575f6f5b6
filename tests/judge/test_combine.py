"""Several recordings: combined by random effects, or held against each other."""

import numpy as np
import pytest

from rmlbench_utils.judge.combine import combine, compare, random_effects
from tests.judge.judging import judge, two
from tests.judge.test_days import recording

# Log relative risks and variances of 13 trials of BCG vaccine: Colditz et al. (1994), as in
# metafor's dat.bcg, whose documentation prints what is expected below.
EFFECTS = [
    -0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713,
    -0.3394, 0.4459, -0.0173,
]  # fmt: skip
VARIANCES = [
    0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124,
    0.5325, 0.0714,
]  # fmt: skip


def test_the_published_meta_analysis_is_found_again() -> None:
    found = random_effects(EFFECTS, np.sqrt(VARIANCES))
    # metafor: rma(yi, vi, method="PM"): tau^2 = 0.3181, estimate -0.7150, se 0.1807
    assert found.estimate == pytest.approx(-0.7150, abs=5e-4)
    assert found.between_sd**2 == pytest.approx(0.3181, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((-1.1086, -0.3214), abs=5e-3)


def test_recordings_that_agree_by_chance_do_not_shrink_the_interval() -> None:
    found = random_effects([0.1, 0.1], [0.02, 0.02])
    assert found.between_sd == 0
    assert found.high - found.low > 2 * 1.96 * 0.02 / np.sqrt(2)


def test_machines_are_never_pooled() -> None:
    tables = [judge(two(0.5, seed=seed)) for seed in range(3)]
    apart = combine([*tables[:2], tables[2].assign(machine="another")])
    assert sorted(apart["recordings"]) == [1, 2]
    whole = combine(tables)
    assert list(whole["recordings"]) == [3]
    assert whole["ratio"].iloc[0] == pytest.approx(0.5, rel=0.02)
    assert whole["ci_low"].iloc[0] < whole["ratio"].iloc[0] < whole["ci_high"].iloc[0]


@pytest.mark.parametrize(("ratio", "said"), [(0.5, "agrees"), (0.52, "agrees"), (0.6, "differs")])
def test_a_reproduction_agrees_within_noise_or_margin(ratio: float, said: str) -> None:
    table = compare(judge(two(0.5)), judge(two(ratio, seed=4)))
    assert list(table["agrees"]) == [said]


def test_a_reproduction_without_a_ratio_differs_and_says_why() -> None:
    again = judge(two(0.5), parity=[])
    (row,) = compare(judge(two(0.5)), again).to_dict("records")
    assert row["agrees"] == "differs"
    assert "unchecked" in row["reason"]


def test_many_equal_rows_seldom_differ() -> None:
    wide = recording(1, noise=0.15), recording(2, noise=0.15)
    table = compare(judge(wide[0]), judge(wide[1]), margin=0.0)
    assert len(table) == 30
    assert (table["agrees"] == "differs").sum() <= 1


def test_another_machine_neither_agrees_nor_differs() -> None:
    table = compare(judge(two(0.5)), judge(two(0.9)).assign(machine="another"))
    assert list(table["agrees"]) == ["other machine class"]
