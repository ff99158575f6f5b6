"""One number from the samples of a run: per call, in nanoseconds."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from rmlbench_utils.protocol.record import Latency, Samples

NOTHING = math.nan
STEP = 1.01  # a latency bin is 1 % wide
LEAST = 1 - 1e-9  # call above a quantile, with what floating point makes of 100 x (1 - .99)


def steady_mean(samples: Samples) -> float:
    """Arithmetic mean of a call after the warm-up, ns; NaN where it cannot be told.

    Only the first 64 samples are stored one by one: a longer warm-up cannot be taken out.
    The very first sample is a single call, whatever the batch.
    """
    listed = samples.ns[samples.warmup :]
    count = len(listed) + samples.rest_count
    if count == 0 or (samples.warmup > len(samples.ns) and samples.rest_count > 0):
        return NOTHING
    made = count * samples.batch - (samples.batch - 1 if samples.warmup == 0 else 0)
    return (sum(listed) + samples.rest_ns) / made


def calls(samples: Samples) -> int:
    """All calls of the phase, warm-up included."""
    return 1 + (len(samples.ns) + samples.rest_count - 1) * samples.batch


def first_call(samples: Samples) -> float:
    """The first call of the process, ns: always a sample of its own."""
    return float(samples.ns[0]) if samples.ns else NOTHING


def latency_quantile(latency: Latency, share: float) -> float:
    """One of `latency_quantiles`."""
    return latency_quantiles(latency, (share,))[0]


def latency_quantiles(latency: Latency, shares: Sequence[float]) -> list[float]:
    """Quantiles of the single-row calls, ns: the geometric middle of the bin each falls in.

    NaN for a quantile above .95 of batched calls, since a batch hides its slowest call, and for
    one above the median above which less than a call lies.
    """
    bins = sorted(latency.bins)
    seen = list(accumulate(count for _, count in bins))
    if not seen:
        return [NOTHING] * len(shares)
    return [
        NOTHING
        if (latency.batch > 1 and share > 0.95) or (share > 0.5 and seen[-1] * (1 - share) < LEAST)
        else STEP ** (bins[bisect_left(seen, share * seen[-1])][0] + 0.5)
        for share in shares
    ]
