"""The test that a recording carries of itself."""

import numpy as np
import pytest

from rmlbench_utils.judge.null_test import null_test
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.protocol.record import PlannedCase
from tests.judge.factory import Synthetic, make_case, make_manifest, planned
from tests.judge.judging import fit_row, judge

NAMES = tuple(f"same-{name}" for name in "abcd")


def recording(seed: int = 3, lie: float = 1.0, blocks: int = 20, noise: float = 0.02) -> Synthetic:
    """linfa takes half of sklearn's time; ``lie`` is how much longer one of four equals takes."""
    case = make_case(params={"alpha": 9.0}, contenders=NAMES, baseline=NAMES[0], known={})
    null = PlannedCase(case=case, contenders=[planned(name, repeat=ONE) for name in NAMES])
    manifest = make_manifest()
    plan = manifest.plan.model_copy(update={"null": null})
    with_null = manifest.model_copy(update={"plan": plan, "plan_sha256": plan.sha256})
    times = dict.fromkeys(NAMES, 2e6) | {"linfa": 1e7, "same-d": 2e6 * lie}
    return Synthetic(with_null, blocks=blocks, seed=seed, noise=noise, times=times)


ONE = {"fit": {"warmup": 0, "samples": 1}}


def test_names_that_mean_nothing_rarely_make_a_recording_void() -> None:
    found = [null_test(made.manifest, sides(made.records())) for made in map(recording, range(100))]
    p = np.array([one.p for one in found if one is not None])
    assert len(p) == 100
    assert np.count_nonzero(p < 0.2) <= 32  # of 100 at .2: more than 32 in 1 of 1,000
    assert sum(one.void for one in found if one is not None) <= 4


def test_a_void_recording_gives_no_verdict_and_says_why() -> None:
    made = recording(lie=1.1)
    row = fit_row(judge(made))
    assert row["verdict"] == "not comparable"
    assert "void" in row["reason"]
    assert "4 names" in row["reason"]
    assert np.isnan(row["ratio"])


def test_a_recording_that_is_not_void_is_judged_as_ever() -> None:
    made = recording()
    row = fit_row(judge(made))
    assert row["verdict"] == "faster"
    assert row["ratio"] == pytest.approx(0.5, rel=0.02)
    assert set(judge(made)["case"]) == {"regression/ridge/diabetes/alpha=1,threads=1"}


def test_nothing_is_said_without_a_null_case_and_no_p_without_whole_blocks() -> None:
    plain = Synthetic(make_manifest())
    assert null_test(plain.manifest, sides(plain.records())) is None
    short = recording(blocks=2)
    found = null_test(short.manifest, sides(short.records()))
    assert found is not None
    assert np.isnan(found.p)
    assert not found.void
