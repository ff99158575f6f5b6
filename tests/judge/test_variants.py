"""Ways to judge a pair: the first is the judge's own, and others do what their names say."""

import numpy as np
import pytest

from rmlbench_utils.judge.calibration import comparisons
from rmlbench_utils.judge.variants import VARIANTS, tried
from rmlbench_utils.protocol.record import RunRecord
from tests.judge.test_calibration import recording


def test_the_first_way_is_the_judges_own() -> None:
    made = recording(4, 0.03)
    table = comparisons(made.manifest, made.records())
    first = tried(made.records()).iloc[0]
    equal = table[table["experiment"] == "identical"]
    five = table[np.isclose(table["truth"], 1.05)]
    assert first["false"] == pytest.approx((equal["p"] < 0.05).mean())
    assert first["found_5"] == pytest.approx(((five["p"] < 0.05) & (five["ratio"] > 1)).mean())
    assert first["pairs"] == len(equal) + 6 * 3 * 4
    assert first["width"] == 1


def test_half_the_runs_make_the_interval_wider_by_the_root_of_two() -> None:
    rows = tried(recording(6, 0.03).records()).set_index("way")
    assert rows.loc["half the runs", "width"] == pytest.approx(np.sqrt(2), rel=0.15)
    assert set(rows.index) == set(VARIANTS)


def test_a_covariate_that_explains_the_noise_is_worth_having() -> None:
    random = np.random.default_rng(8)

    def shaken(record: RunRecord) -> RunRecord:
        """A run slowed as much as the probe before it."""
        shake = float(np.exp(0.05 * random.standard_normal()))
        samples = record.samples["fit"]
        slow = samples.model_copy(update={"ns": [round(ns * shake) for ns in samples.ns]})
        update = {"samples": {"fit": slow}, "probe_ns": round(1e6 * shake)}
        return record.model_copy(update=update)

    rows = tried(map(shaken, recording(4, 0.005).records())).set_index("way")
    assert rows.loc["reference probe as covariate", "width"] < 0.3


def test_cpu_time_is_that_of_a_call() -> None:
    def longer(record: RunRecord) -> RunRecord:
        """Half of the names were told to make twice as many calls."""
        if record.contender not in ("same-a", "same-b", "same-c"):
            return record
        samples, phase = record.samples["fit"], record.phases["fit"]
        more = samples.model_copy(update={"ns": [*samples.ns, *samples.ns]})
        spent = phase.model_copy(update={"cpu_ns": 2 * (phase.cpu_ns or 0)})
        update = {"samples": {"fit": more}, "phases": {**record.phases, "fit": spent}}
        return record.model_copy(update=update)

    rows = tried(map(longer, recording(4, 0.02).records())).set_index("way")
    assert rows.loc["CPU time of the phase", "false"] < 0.2
