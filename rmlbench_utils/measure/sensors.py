"""What the hardware lets a user read: caches, clock, huge pages, energy, counters, GPU."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pynvml

from rmlbench_utils.measure import gpu
from rmlbench_utils.measure.cpu import cpuinfo

CPU = Path("/sys/devices/system/cpu")
NO_CPUFREQ = "the kernel offers no cpufreq here (usual in a virtual machine)"


class Sensed(NamedTuple):
    """A value, or None and the reason why it cannot be had."""

    value: Any
    reason: str | None = None


def all_of_them() -> dict[str, Sensed]:
    """Everything this module reads, by the key it has among the machine's facts."""
    return {
        "l2_bytes": cache(2),
        "l3_bytes": cache(3),
        "virtualised": virtualised(),
        "governor": governor(),
        "turbo": turbo(),
        "huge_pages": huge_pages(),
        "rapl": rapl(),
        "perf": perf(),
        "nvml": nvml(),
    }


def cache(level: int) -> Sensed:
    """Size of one cache of a level, in bytes."""
    for index in sorted(CPU.glob("cpu0/cache/index*")):
        if _read(index / "level") == str(level) and (size := _read(index / "size")):
            return Sensed(int(size.removesuffix("K")) * 1024)
    return Sensed(None, f"the kernel does not list a level {level} cache")


def virtualised() -> Sensed:
    """Whether a hypervisor is below."""
    flags = cpuinfo("flags")
    if flags is None:
        return Sensed(None, "the system does not list processor flags")
    return Sensed("hypervisor" in flags.split())


def governor() -> Sensed:
    """The frequency governor of the first processor."""
    found = _read(CPU / "cpu0/cpufreq/scaling_governor")
    return Sensed(found) if found else Sensed(None, NO_CPUFREQ)


def turbo() -> Sensed:
    """Whether the processor may exceed its base frequency."""
    if (off := _read(CPU / "intel_pstate/no_turbo")) is not None:
        return Sensed(off == "0")
    if (boost := _read(CPU / "cpufreq/boost")) is not None:
        return Sensed(boost == "1")
    return Sensed(None, NO_CPUFREQ)


def huge_pages() -> Sensed:
    """The setting of transparent huge pages: ``always``, ``madvise`` or ``never``."""
    listed = _read(Path("/sys/kernel/mm/transparent_hugepage/enabled"))
    if listed is None:
        return Sensed(None, "the kernel has no transparent huge pages")
    return Sensed(listed.split("[")[1].split("]")[0])


def rapl() -> Sensed:
    """Names of the energy counters that can be read."""
    counters = sorted(Path("/sys/class/powercap").glob("*rapl*/energy_uj"))
    if not counters:
        return Sensed(None, "the machine shows no RAPL energy counters (usual in a virtual one)")
    readable = [_read(path.with_name("name")) for path in counters if _read(path) is not None]
    return Sensed(readable) if readable else Sensed(None, "energy_uj can be read by root only")


def perf() -> Sensed:
    """The kernel's perf_event_paranoid level, if there are hardware counters to read."""
    level = _read(Path("/proc/sys/kernel/perf_event_paranoid"))
    if level is None or not Path("/sys/bus/event_source/devices/cpu").exists():
        return Sensed(None, "the machine shows no hardware counters")
    if int(level) > 2:
        return Sensed(None, f"perf_event_paranoid is {level}: users may read counters up to 2")
    return Sensed(int(level))


def nvml() -> Sensed:
    """Names of NVIDIA GPUs."""
    devices, reason = gpu.found()
    return Sensed([pynvml.nvmlDeviceGetName(one) for one in devices] or None, reason)


def _read(path: Path) -> str | None:
    """A file of the kernel's, None where it is missing or may not be read."""
    try:
        return path.read_text().strip()
    except OSError:
        return None
