"""The processor: its instruction sets, and who uses its time."""

from __future__ import annotations

import os
import platform
import re
import resource
from functools import cache
from pathlib import Path
from typing import NamedTuple

_VECTOR = re.compile(
    r"^(s?sse|avx|amx|fma|f16c|bmi|abm|popcnt|aes|pclmul|vaes|vpclmul|gfni|sha|adx)"
)


class CpuSample(NamedTuple):
    """CPU time since boot, in seconds: of the machine, stolen from it, and of our processes."""

    total: float
    busy: float
    steal: float
    ours: float


@cache
def features() -> tuple[str, ...]:
    """Instruction sets of this processor, under the names Rust gives them.

    Where the system does not list them, the processor's name stands for them.
    """
    listed = cpuinfo("flags") or cpuinfo("Features")
    if listed is None:
        return (platform.processor() or platform.machine(),)
    renamed = {"pni": "sse3", "abm": "lzcnt", "sha_ni": "sha"}
    found = []
    for flag in listed.split():
        if _VECTOR.match(flag) or flag == "pni" or platform.machine() == "aarch64":
            name = renamed.get(flag, flag).replace("sse4_", "sse4.")
            found.append(name.replace("_", "") if name.startswith("avx") else name)
    return tuple(sorted(found))


@cache
def cpuinfo(key: str) -> str | None:
    """A line of the first processor in /proc/cpuinfo, None where there is none."""
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return None
    for line in path.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == key:
            return value.strip()
    return None


def cpu_sample() -> CpuSample | None:
    """Look at the CPU time spent so far; None where the system does not say."""
    try:
        first = Path("/proc/stat").read_text().split("\n", 1)[0]
    except OSError:
        return None
    ticks = [int(word) / os.sysconf("SC_CLK_TCK") for word in first.split()[1:9]]
    user, nice, system, idle, iowait, irq, softirq, steal = ticks
    busy = user + nice + system + irq + softirq
    return CpuSample(busy + idle + iowait + steal, busy, steal, _ours())


def _ours() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, both))


def cpu_shares(
    before: CpuSample | None, after: CpuSample | None
) -> tuple[float | None, float | None]:
    """Share of the machine's CPU time stolen, and used by other processes, between two looks.

    Between 0 and 1; None where the system does not say, or no clock tick (10 ms) has passed.
    Children of ours count as ours once they have been waited for.
    """
    if before is None or after is None or after.total <= before.total:
        return None, None
    total = after.total - before.total
    others = (after.busy - before.busy) - (after.ours - before.ours)
    return min((after.steal - before.steal) / total, 1.0), min(max(others / total, 0.0), 1.0)
