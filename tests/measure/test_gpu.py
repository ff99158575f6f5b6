"""What NVML says of a worker goes into its record; where it says nothing, so does the record."""

from __future__ import annotations

from types import SimpleNamespace

import pynvml
import pytest

from rmlbench_utils.measure import gpu, sensors
from rmlbench_utils.measure.gpu import Held

OURS, OTHER = 7, 8


def runs(pid: int, memory: int | None) -> SimpleNamespace:
    return SimpleNamespace(pid=pid, usedGpuMemory=memory)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[SimpleNamespace]]:
    """A machine with the GPUs "a" and "b"; what runs on them is the test's to say."""
    running: dict[str, list[SimpleNamespace]] = {"a": [], "b": []}
    busy = {"a": 25, "b": 80}
    fakes = {
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: len(running),
        "nvmlDeviceGetHandleByIndex": lambda index: list(running)[index],
        "nvmlDeviceGetName": lambda device: f"GPU {device}",
        "nvmlDeviceGetComputeRunningProcesses": lambda device: running[device],
        "nvmlDeviceGetUtilizationRates": lambda device: SimpleNamespace(gpu=busy[device]),
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(pynvml, name, fake)
    gpu.found.cache_clear()
    yield running
    gpu.found.cache_clear()


def test_what_a_process_holds_on_all_gpus_is_summed(machine) -> None:
    machine["a"] += [runs(OURS, 100), runs(OTHER, 50)]
    machine["b"] += [runs(OURS, 11)]
    assert gpu.held(OURS) == Held(111, 0.8)


def test_a_gpu_another_process_uses_is_not_ours(machine) -> None:
    machine["b"] += [runs(OTHER, 50)]
    assert gpu.held(OURS) == Held(0, 0.0)


def test_an_amount_nvml_does_not_tell_is_no_amount(machine) -> None:
    machine["a"] += [runs(OURS, None)]
    assert gpu.held(OURS) is None


def test_a_gpu_that_does_not_answer_is_no_amount(machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(device: str) -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    monkeypatch.setattr(pynvml, "nvmlDeviceGetComputeRunningProcesses", refused)
    assert gpu.held(OURS) is None


def test_gpus_have_names(machine) -> None:
    assert sensors.nvml() == (["GPU a", "GPU b"], None)
    machine.clear()
    gpu.found.cache_clear()
    assert sensors.nvml() == (None, "NVML lists no GPU")


def test_a_machine_without_nvml_says_so(machine, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", absent)
    assert gpu.held(OURS) is None
    assert sensors.nvml() == (None, "NVML says: nvml shared library not found")
