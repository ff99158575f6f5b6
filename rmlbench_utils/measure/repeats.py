"""From the time of one call to warm-up, samples and batch: constants of the recording."""

from __future__ import annotations

import math
import time

import numpy as np
import ruptures

from rmlbench_utils.measure.settings import Settings
from rmlbench_utils.protocol.job import Repeat

LISTED = 64
MOST_WARMUP = 48
RESOLUTIONS = 1000
SLOW = 20.0


def timer_ns() -> int:
    """Resolution of the monotonic clock: the smallest step seen between two readings."""
    steps = []
    for _ in range(1000):
        begin = time.monotonic_ns()
        while (end := time.monotonic_ns()) == begin:
            pass
        steps.append(end - begin)
    return min(steps)


def repeat(call_s: float, steady_s: float, warmup_s: float, resolution_ns: int) -> Repeat:
    """Samples for about ``steady_s`` after about ``warmup_s`` of calls that take ``call_s``.

    A sample spans at least 1,000 timer resolutions; warm-up and samples are at most 64, so
    that every sample is stored; at least 3 samples unless one call takes over 2 s.
    """
    if call_s > 2.0:
        return Repeat(warmup=0, samples=1)
    calls = (steady_s + warmup_s) / call_s
    span = RESOLUTIONS * resolution_ns / 1e9
    batch = max(1, math.ceil(span / call_s), math.ceil(calls / (LISTED - 8)))
    warmup = min(max(1, math.ceil(warmup_s / (call_s * batch))), MOST_WARMUP)
    samples = min(max(3, round(steady_s / (call_s * batch))), LISTED - warmup)
    return Repeat(warmup=warmup, samples=samples, batch=batch)


def single() -> Repeat:
    """One sample and no warm-up: for a contender over 20 times the baseline."""
    return Repeat(warmup=0, samples=1)


def steps(count: int) -> Repeat:
    """The steps of a training, one a sample; the first quarter, at most 16, is warm-up."""
    return Repeat(warmup=min(count // 4, 16), samples=count - min(count // 4, 16))


def latency(call_s: float, settings: Settings, resolution_ns: int) -> Repeat:
    """Single-row calls, batched where one is shorter than 1,000 timer resolutions."""
    batch = max(1, math.ceil(RESOLUTIONS * resolution_ns / 1e9 / call_s))
    calls = settings.latency_calls if call_s < 0.01 else 3
    return Repeat(warmup=min(20, calls), samples=calls, batch=batch)


def warmup_s(samples_ns: list[int], longest_s: float) -> tuple[float, bool]:
    """Warm-up from a long run: the time up to the last change point of the log samples.

    PELT (Killick 2012) with an l2 cost and the penalty 3 log(n) var, var from successive
    differences. A change in the second half means that no steady state was reached.

    Returns
    -------
    float
        Seconds of warm-up, at most ``longest_s``.
    bool
        Whether a steady state was reached.
    """
    logs = np.log(np.asarray(samples_ns, dtype=float))
    if len(logs) < 8:
        return min(samples_ns[0] / 1e9, longest_s), False
    variance = max(float(np.median(np.diff(logs) ** 2)) / 0.91, 1e-12)
    penalty = 3 * math.log(len(logs)) * variance
    breaks = ruptures.Pelt(model="l2", min_size=2, jump=1).fit(logs).predict(pen=penalty)[:-1]
    steady = all(point <= len(logs) // 2 for point in breaks)
    last = max((point for point in breaks if point <= len(logs) // 2), default=1)
    return min(sum(samples_ns[:last]) / 1e9, longest_s), steady
