"""One-sided limits agree with the two-sided interval at twice the alpha."""

from __future__ import annotations

import numpy as np
from scipy import stats

from rmlbench_utils.judge.limits import upper_limits
from tests.judge import factory


def test_the_limit_is_that_of_a_one_sided_t_test() -> None:
    made = factory.Synthetic(factory.make_manifest(), blocks=30, times={"linfa": 1e7})
    records = made.records()
    (row,) = upper_limits(made.manifest, records, "linfa").to_dict("records")
    fit = {(r.contender, r.block): r.samples["fit"].ns[-1] for r in records if r.status == "ok"}
    logs = np.log([fit["linfa", b] / fit["sklearn", b] for b in range(30)])
    place = np.array([1.0 if b % 2 == 0 else -1.0 for b in range(30)])
    line = stats.linregress(place, logs)
    limit = line.intercept + stats.t.isf(0.05, 28) * line.intercept_stderr
    assert row["blocks"] == 30
    assert np.isclose(np.log(row["ratio"]), line.intercept)
    assert np.isclose(np.log(row["upper"]), limit)


def test_a_contender_that_is_not_there_has_no_row() -> None:
    made = factory.Synthetic(factory.make_manifest(), blocks=3)
    assert upper_limits(made.manifest, made.records(), "own").empty
