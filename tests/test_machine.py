"""Facts of the machine, CPU time, and the doctor."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.measure import cpu, doctor, machine, sensors, tools
from rmlbench_utils.measure.cpu import CpuSample, cpu_sample, cpu_shares
from rmlbench_utils.protocol.root import project_root

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return machine.facts()


def test_facts_are_json_and_hold_no_path_of_this_machine(facts: dict[str, Any]) -> None:
    text = json.dumps(facts, allow_nan=False)
    assert str(Path.home()) not in text
    assert str(project_root()) not in text


def test_what_is_unknown_has_a_reason(facts: dict[str, Any]) -> None:
    unknown = {key for key, value in facts.items() if value is None}
    assert unknown == set(facts["reasons"])
    assert all(facts["reasons"].values())


def test_facts_agree_with_psutil(facts: dict[str, Any]) -> None:
    assert facts["memory_bytes"] == psutil.virtual_memory().total
    assert facts["cores"] == psutil.cpu_count()


def test_every_worker_environment_shows_its_blas(facts: dict[str, Any]) -> None:
    assert {"sklearn", "own-python"} <= set(facts["blas"])
    for pools in facts["blas"].values():
        assert pools
        assert all(pool["architecture"] for pool in pools if pool["internal_api"] == "openblas")


def test_a_machine_class_tells_other_cores_and_kernels_apart(facts: dict[str, Any]) -> None:
    here = machine.machine_class(facts)
    assert here == facts["class"] == machine.machine_class({**facts, "memory_bytes": 1})
    assert machine.machine_class({**facts, "cores": facts["cores"] + 6}) != here
    assert machine.machine_class({**facts, "blas": {}}) != here


@linux
def test_features_have_the_names_of_rustc() -> None:
    rustc = Path(tools.cargo()).with_name("rustc")
    command = [rustc, "--print", "cfg", "-Ctarget-cpu=native"]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, text=True, check=True)
    named = {line.split('"')[1] for line in done.stdout.splitlines() if "target_feature" in line}
    vector = {name for name in named if name.startswith(("sse", "avx", "fma"))}
    assert vector <= set(cpu.features())


@linux
def test_cpu_sample_agrees_with_psutil() -> None:
    ours, theirs = cpu_sample(), psutil.cpu_times()
    assert ours is not None
    assert ours.busy == pytest.approx(
        theirs.user + theirs.nice + theirs.system + theirs.irq + theirs.softirq, abs=1.0
    )
    assert ours.steal == pytest.approx(theirs.steal, abs=1.0)


seconds = st.floats(0, 1e6)
samples = st.builds(CpuSample, seconds, seconds, seconds, seconds)


@given(samples, samples)
def test_shares_lie_between_0_and_1_or_are_unknown(before: CpuSample, step: CpuSample) -> None:
    after = CpuSample(*(a + b for a, b in zip(before, step, strict=True)))
    steal, foreign = cpu_shares(before, after)
    assert (steal is None) == (foreign is None) == (after.total <= before.total)
    if steal is not None and foreign is not None:
        assert 0 <= steal <= 1
        assert 0 <= foreign <= 1


def test_shares_of_a_worked_example() -> None:
    before, after = CpuSample(100, 50, 1, 10), CpuSample(110, 56, 2, 14)
    assert cpu_shares(before, after) == (pytest.approx(0.1), pytest.approx(0.2))
    assert cpu_shares(None, after) == (None, None)


@linux
@pytest.mark.alone
def test_another_process_counts_as_foreign_until_it_is_waited_for() -> None:
    before = cpu_sample()
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    time.sleep(1.0)
    running = cpu_shares(before, cpu_sample())[1]
    process.kill()
    process.wait()
    done = cpu_shares(before, cpu_sample())[1]
    assert running is not None
    assert done is not None
    assert running > 0.5 / (psutil.cpu_count() or 1)
    assert done < running


def test_sensors_give_a_value_or_a_reason() -> None:
    for key, sensed in sensors.all_of_them().items():
        assert (sensed.value is None) != (sensed.reason is None), key


def test_doctor_rows() -> None:
    rows = doctor.rows()
    assert all(list(row) == ["what", "state", "found", "how"] for row in rows)
    assert {row["state"] for row in rows} <= {"ok", "missing", "unmeasured"}
    assert all(row["how"] for row in rows if row["state"] != "ok")
    shown = {row["what"] for row in rows}
    wanted = {"cargo", "C compiler", "rapl", "nvml", "perf", "cores", "governor", "steal"}
    assert wanted | {"BLAS of sklearn", "worker own", "thread scaling"} <= shown
    json.dumps(rows)


def test_doctor_says_how_to_get_cargo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    row = next(row for row in doctor.rows() if row["what"] == "cargo")
    assert row["state"] == "missing"
    assert "rustup" in row["how"]
