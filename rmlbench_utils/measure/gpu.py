"""What NVIDIA's management library (NVML) says of GPUs, and of what a process does with them."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import pynvml


class Found(NamedTuple):
    """Handles of the GPUs, or the reason why there are none."""

    devices: tuple[Any, ...]
    reason: str | None = None


class Held(NamedTuple):
    """Of one process: bytes it holds on all GPUs, and how busy the busiest of its GPUs was.

    ``use`` is the share of NVML's last sampling period, a sixth of a second to a second, in which
    anything ran on that GPU.
    """

    memory: int
    use: float


@functools.cache
def found() -> Found:
    """The GPUs NVML knows; it is asked once a process."""
    try:
        pynvml.nvmlInit()
        count = pynvml.nvmlDeviceGetCount()
        devices = tuple(pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(count))
        return Found(devices, None if devices else "NVML lists no GPU")
    except pynvml.NVMLError as error:
        return Found((), f"NVML says: {str(error).lower()}")


def held(pid: int) -> Held | None:
    """What a process holds and uses; None where there is no GPU, or NVML tells no amount."""
    memory, use = 0, 0.0
    for device in found().devices:
        listed = pynvml.nvmlDeviceGetComputeRunningProcesses(device)
        mine = [process.usedGpuMemory for process in listed if process.pid == pid]
        if None in mine:
            return None
        if mine:
            memory += sum(mine)
            use = max(use, pynvml.nvmlDeviceGetUtilizationRates(device).gpu / 100)
    return Held(memory, use) if found().devices else None
