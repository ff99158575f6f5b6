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
    """What a process holds and uses, nothing if NVML does not list it (it goes by the host's pids).

    None where there is no GPU, or NVML tells no amount.
    """
    devices = found().devices
    try:
        parts = [part for device in devices if (part := _on(device, pid)) is not None]
    except pynvml.NVMLError:
        return None
    if not devices or any(memory is None for memory, _ in parts):
        return None
    return Held(sum(memory for memory, _ in parts), max((use for _, use in parts), default=0.0))


def _on(device: Any, pid: int) -> tuple[Any, float] | None:
    """Bytes a process holds on one GPU, None if NVML tells none, and the GPU's use."""
    for process in pynvml.nvmlDeviceGetComputeRunningProcesses(device):
        if process.pid == pid:
            return process.usedGpuMemory, pynvml.nvmlDeviceGetUtilizationRates(device).gpu / 100
    return None
