"""Warm-up, samples and batches."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.measure import repeats
from rmlbench_utils.measure.settings import PROFILES


@given(st.floats(1e-8, 100), st.floats(0.01, 5), st.floats(0, 1), st.integers(1, 1000))
def test_a_sample_spans_a_thousand_resolutions_and_all_are_listed(
    call_s: float, steady_s: float, warm_s: float, resolution_ns: int
) -> None:
    made = repeats.repeat(call_s, steady_s, warm_s, resolution_ns)
    assert made.warmup + made.samples <= repeats.LISTED
    assert made.batch == 1 or made.warmup >= 1
    if call_s <= 2:
        assert call_s * made.batch >= 0.999 * repeats.RESOLUTIONS * resolution_ns / 1e9
        assert made.samples >= 3


def test_short_rows_are_batched_so_that_no_p99_is_printed() -> None:
    assert repeats.latency(100e-9, PROFILES["standard"], 40).batch > 1
    assert repeats.latency(85e-6, PROFILES["standard"], 40).batch == 1


def test_warm_up_ends_at_the_change_point() -> None:
    rng = np.random.default_rng(0)
    level = np.where(np.arange(64) < 10, 2e6, 1e6)
    samples = (level * rng.lognormal(0, 0.02, 64)).astype(int).tolist()
    seconds, steady = repeats.warmup_s(samples, 10.0)
    assert steady
    assert sum(samples[:9]) / 1e9 < seconds < sum(samples[:12]) / 1e9


def test_a_change_in_the_second_half_is_no_steady_state() -> None:
    rng = np.random.default_rng(0)
    level = np.where(np.arange(64) < 50, 2e6, 1e6)
    samples = (level * rng.lognormal(0, 0.02, 64)).astype(int).tolist()
    assert not repeats.warmup_s(samples, 10.0)[1]
