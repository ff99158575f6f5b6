"""Numbers of blocks and samples against published power tables and simulated levels."""

import numpy as np
import pytest

from rmlbench_utils.judge.planning import LEAST_BLOCKS, blocks_needed, levels, upper_sd
from rmlbench_utils.protocol.record import Samples
from tests.judge.factory import make_record


def test_blocks_are_those_of_cohens_table() -> None:
    # Cohen (1988), one sample t: d = .50, power .80, two-sided .05 asks for 33.4 + position
    assert blocks_needed(np.log(1.05) / 0.5, 0.05) == 35


def test_a_table_of_many_rows_asks_for_more() -> None:
    assert blocks_needed(0.06, 0.05, family=24) > blocks_needed(0.06, 0.05)  # type: ignore[operator]


def test_extremes_are_answers_not_errors() -> None:
    assert blocks_needed(0.0, 0.05) == LEAST_BLOCKS
    assert blocks_needed(1e-4, 0.05) == LEAST_BLOCKS
    assert blocks_needed(3.0, 0.05) is None


def test_the_upper_limit_holds_the_truth_in_four_of_five_pilots() -> None:
    seen = np.random.default_rng(2).standard_normal((4000, 20)).std(axis=1, ddof=1)
    held = np.mean([upper_sd(float(sd), 19) >= 1 for sd in seen])
    assert held == pytest.approx(0.8, abs=3 * np.sqrt(0.16 / 4000))


def test_levels_are_found_again() -> None:
    random = np.random.default_rng(4)
    records = []
    for run in range(400):
        level = np.log(2e6) + 0.06 * random.standard_normal()
        ns = np.exp(level + 0.03 * random.standard_normal(22)).round().astype(int).tolist()
        samples = Samples(warmup=2, batch=1, ns=ns, rest_count=0, rest_ns=0)
        records.append(make_record(2e6, block=run, samples={"fit": samples}))
    found = levels(records)
    assert found is not None
    assert found.process == pytest.approx(0.06, rel=0.15)
    assert found.iteration == pytest.approx(0.03, rel=0.05)
    assert found.sample_s == pytest.approx(2e-3, rel=0.05)
    best = np.sqrt(found.run_s / found.sample_s) * 0.5
    assert found.samples(64) == pytest.approx(best, abs=1 + 0.2 * best)
