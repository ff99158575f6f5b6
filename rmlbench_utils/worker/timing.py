"""Phases and samples: nothing but the work happens between the two clock readings."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rmlbench_utils.worker.channel import Channel

LISTED = 64
LOG_STEP = math.log(1.01)
BATCH_NS = 50_000


def _reset_peak() -> bool:
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        return False
    return True


def _peak_rss() -> int | None:
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


@contextmanager
def phase(channel: Channel, name: str) -> Iterator[None]:
    """Announce a phase, time it, report wall, CPU and peak RSS."""
    resettable = _reset_peak()
    channel.send({"event": "phase_begin", "phase": name})
    cpu = time.process_time_ns()
    wall = time.monotonic_ns()
    yield
    wall = time.monotonic_ns() - wall
    cpu = time.process_time_ns() - cpu
    end = {"event": "phase_end", "phase": name, "wall_ns": wall, "cpu_ns": cpu}
    channel.send({**end, "peak_rss": _peak_rss() if resettable else None})


def sampled(channel: Channel, name: str, repeat: dict[str, int], call: Callable[[int], Any]) -> Any:
    """Time ``warmup + samples`` samples of ``batch`` calls, the first of a single call.

    ``call`` gets the number of the call, counted over the whole phase. Returns the last answer.
    """
    batch = repeat["batch"]
    listed: list[int] = []
    rest_count = rest_ns = index = 0
    clock = time.monotonic_ns
    answer = None
    with phase(channel, name):
        for number in range(repeat["warmup"] + repeat["samples"]):
            begin = clock()
            for _ in range(batch if number else 1):
                answer = call(index)
                index += 1
            took = clock() - begin
            if number < LISTED:
                listed.append(took)
            else:
                rest_count += 1
                rest_ns += took
    sample = {"event": "sample", "phase": name, "batch": batch, "ns": listed}
    channel.send({**sample, "rest_count": rest_count, "rest_ns": rest_ns})
    return answer


def latencies(channel: Channel, repeat: dict[str, int], call: Callable[[int], Any]) -> None:
    """Time single calls into bins of 1 %; warm-up calls are made and not counted."""
    with phase(channel, "latency"):
        took = _each(repeat, call)
    bins = Counter(math.floor(math.log(max(ns, 1.0)) / LOG_STEP) for ns in took)
    channel.send({"event": "latency", "batch": repeat["batch"], "bins": sorted(bins.items())})


def typical(
    channel: Channel, name: str, repeat: dict[str, int], call: Callable[[int], Any]
) -> None:
    """Report the median nanoseconds of a call as a metric; short calls go in batches."""
    call(0)
    begin = time.monotonic_ns()
    call(1)
    batch = max(1, BATCH_NS // max(1, time.monotonic_ns() - begin))
    took = sorted(_each({**repeat, "batch": batch}, call))
    spent = time.monotonic_ns() - begin
    value = took[len(took) // 2]
    channel.send({"event": "metric", "name": name, "step": 0, "time_ns": spent, "value": value})


def _each(repeat: dict[str, int], call: Callable[[int], Any]) -> list[float]:
    """Nanoseconds of a call in each batch after the warm-up."""
    batch = repeat["batch"]
    clock = time.monotonic_ns
    took: list[int] = []
    index = 0
    for _ in range(repeat["warmup"] + repeat["samples"]):
        begin = clock()
        for _ in range(batch):
            call(index)
            index += 1
        took.append(clock() - begin)
    return [ns / batch for ns in took[repeat["warmup"] :]]
