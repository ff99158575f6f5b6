"""Facts of the machine and its software: what a manifest says a recording was made on."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import Any

import psutil
import threadpoolctl

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import sensors, tools, venvs
from rmlbench_utils.measure.cpu import cpu_sample, cpu_shares, cpuinfo, features
from rmlbench_utils.protocol.root import project_root

__all__ = ["cpu_sample", "cpu_shares", "facts", "machine_class", "steal_share"]

STEAL_S = 0.5
_BLAS = """
import json, sys, numpy, numpy.linalg, importlib.util
if importlib.util.find_spec("scipy"): import scipy.linalg
sys.path.append(sys.argv[1])
import threadpoolctl
keys = ("internal_api", "version", "architecture", "threading_layer", "num_threads", "filepath")
print(json.dumps([{k: i.get(k) for k in keys} for i in threadpoolctl.threadpool_info()]))
"""


def facts() -> dict[str, Any]:
    """What can be known of this machine; takes about two seconds.

    What is not known is None, and ``reasons`` says why, by key. Sizes are in bytes.
    """
    found: dict[str, Any] = {"reasons": {}}
    found["cpu"] = cpuinfo("model name") or platform.processor() or platform.machine()
    found["cpu_family"] = "/".join(filter(None, map(cpuinfo, ("vendor_id", "cpu family", "model"))))
    found["cpu_features"] = list(features())
    found["cores"] = os.cpu_count()
    found["usable_cores"] = psutil.Process().cpu_affinity() if sys.platform == "linux" else None
    found["physical_cores"] = psutil.cpu_count(logical=False)
    found["memory_bytes"] = psutil.virtual_memory().total
    found["system"] = platform.system()
    found["kernel"] = platform.release()
    found["glibc"] = " ".join(platform.libc_ver()).strip() or None
    found["python"] = _python()
    found["rustc"] = _rustc()
    found["blas"] = _blas()
    found["steal"] = steal_share()
    for key, why in _UNKNOWN.items():
        if found[key] is None:
            found["reasons"][key] = why
    for key, sensed in sensors.all_of_them().items():
        found[key] = sensed.value
        if sensed.value is None:
            found["reasons"][key] = sensed.reason
    found["class"] = machine_class(found)
    return found


_UNKNOWN = {
    "usable_cores": "only Linux tells the affinity of a process",
    "physical_cores": "the system does not tell cores from threads",
    "glibc": "the C library is not glibc",
    "rustc": "no rustc beside cargo",
    "steal": "the system has no /proc/stat",
}


def machine_class(facts: dict[str, Any]) -> str:
    """The words that two machines must share for their times to be compared.

    Processor, cores, last-level cache, virtual or not, C library, and the BLAS kernels that
    the Python workers choose.
    """
    cache = facts.get("l3_bytes")
    kernels = {
        f"{pool['internal_api']} {pool['version'] or ''} {pool['architecture'] or ''}".strip()
        for pools in (facts.get("blas") or {}).values()
        for pool in pools or []
        if pool["internal_api"] != "openmp"
    }
    words = [
        f"{facts['cpu']} ({facts['cpu_family']})" if facts["cpu_family"] else facts["cpu"],
        f"{facts['cores']} {'virtual ' if facts.get('virtualised') else ''}cores",
        f"{cache >> 20} MiB L3" if cache else "",
        facts["system"],
        facts.get("glibc") or "",
        *sorted(kernels),
    ]
    return ", ".join(word for word in words if word)


def steal_share(seconds: float = STEAL_S) -> float | None:
    """Share of CPU time that other virtual machines took during ``seconds``, None if unknown."""
    before = cpu_sample()
    time.sleep(seconds)
    return cpu_shares(before, cpu_sample())[0]


def _python() -> dict[str, Any]:
    configured = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    flags = str(sysconfig.get_config_var("PY_CFLAGS") or "")
    return {
        "implementation": platform.python_implementation(),
        "version": platform.python_version(),
        "compiler": platform.python_compiler(),
        "pgo": "--enable-optimizations" in configured,
        "lto": "--with-lto" in configured or "-flto" in flags,
        "gil": bool(getattr(sys, "_is_gil_enabled", lambda: True)()),
    }


def _rustc() -> str | None:
    try:
        rustc = Path(tools.cargo()).with_name("rustc")
        done = subprocess.run(
            [rustc, "-vV"], cwd=project_root(), capture_output=True, text=True, check=True
        )
    except (tools.Missing, OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip().replace("\n", ", ")


def _blas() -> dict[str, list[dict[str, Any]] | None]:
    """The kernel libraries that NumPy and SciPy load in each worker environment."""
    settings = (c for library in libraries().values() for c in library.tier.values())
    names = sorted({setting.venv for setting in settings if setting.venv is not None})
    return {name: _pools(venvs.interpreter(project_root() / ".venvs" / name)) for name in names}


def _pools(python: Path) -> list[dict[str, Any]] | None:
    if not python.exists():
        return None
    beside = str(Path(threadpoolctl.__file__).parent)
    done = subprocess.run(
        [str(python), "-c", _BLAS, beside], capture_output=True, text=True, check=True
    )
    pools: list[dict[str, Any]] = json.loads(done.stdout)
    for pool in pools:
        pool["library"] = Path(pool.pop("filepath")).name
    return pools
