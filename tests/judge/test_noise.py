"""How times vary: what is put in by simulation is found again."""

import numpy as np
import pytest

from rmlbench_utils.judge.noise import correlations, spreads, warmup
from rmlbench_utils.protocol.record import RunRecord, Samples
from tests.judge.factory import make_record


def runs(
    sets: int = 8, names: tuple[str, ...] = ("same-a", "same-b", "same-c"), calls: int = 40
) -> list[RunRecord]:
    """Blocks of sd .03, runs of sd .06, calls of sd .02 that follow each other with .5."""
    random = np.random.default_rng(6)
    made = []
    for k in range(sets):
        for block in range(30):
            shared = 0.03 * random.standard_normal()
            for name in names:
                noise = 0.02 * random.standard_normal(calls)
                for i in range(1, calls):
                    noise[i] = 0.5 * noise[i - 1] + np.sqrt(0.75) * noise[i]
                level = shared + 0.06 * random.standard_normal()
                slow = 0.2 * (np.arange(calls) == 0)
                ns = np.exp(np.log(2e6) + level + noise + slow).round().astype(int).tolist()
                samples = Samples(warmup=2, batch=1, ns=ns, rest_count=0, rest_ns=0)
                made.append(
                    make_record(
                        case=f"set {k}", contender=name, block=block, samples={"fit": samples}
                    )
                )
    return made


def test_correlations_are_found_again() -> None:
    table = correlations(runs()).set_index("between")["correlation"]
    assert table["calls 1 apart in a run"] == pytest.approx(0.5, abs=0.08)
    assert abs(table["runs of a name in blocks that follow"]) < 0.1
    assert table["names inside a block"] == pytest.approx(0.09 / 0.45, abs=0.06)


def test_the_first_call_is_seen_to_be_slow() -> None:
    curve = warmup(runs(sets=2))
    assert curve["ratio"].iloc[0] == pytest.approx(np.exp(0.2), rel=0.02)
    assert curve["low"].iloc[20] < 1 < curve["high"].iloc[20] * 1.01


def test_spreads_are_found_again() -> None:
    table = spreads(runs()).set_index("level")["sd"]
    assert table["runs"] == pytest.approx(np.hypot(0.06, 0.03), rel=0.15)
    assert table["calls of a run"] == pytest.approx(0.02, rel=0.15)


@pytest.mark.parametrize("spread", [0.05, 0.0])
def test_builds_that_differ_are_told_from_builds_that_do_not(spread: float) -> None:
    offset = dict(zip("abcde", spread * np.array([-1.2, -0.6, 0.0, 0.4, 1.4]), strict=True))
    made = []
    for record in runs(6, tuple(f"build-{name}" for name in "abcde"), calls=8):
        shift = float(np.exp(offset[record.contender[-1]]))
        samples = record.samples["fit"]
        slow = samples.model_copy(update={"ns": [round(ns * shift) for ns in samples.ns]})
        made.append(record.model_copy(update={"samples": {"fit": slow}}))
    row = spreads(made).set_index("level").loc["builds"]
    assert row["sd"] == pytest.approx(spread, abs=0.008)
    assert row["low"] <= spread <= row["high"]
