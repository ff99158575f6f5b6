"""One run, in the order that book/protocol.md gives."""

from __future__ import annotations

import hashlib
import importlib
import os
import sys
import time
from typing import Any

from rmlbench_utils.worker.channel import Channel, Fault
from rmlbench_utils.worker.frameworks import CLUSTERING, FRAMEWORKS, NETWORKS, SERVING, load, phases


def run(framework: str, channel: Channel, main_ns: int) -> None:
    """Read the job from the channel, do it, write the outputs.

    Raises
    ------
    Fault
        If the job cannot be done as asked.
    """
    job = channel.job()
    _check(framework, job)
    begin = time.monotonic_ns()
    module = load(framework, job["algorithm"])
    kind = module.ALGORITHMS[job["algorithm"]]
    # It loads what only these hyper-parameters need.
    algorithm = kind(**_params(kind.DEFAULTS, job["params"]))
    libraries_ns = time.monotonic_ns() - begin
    channel.send(
        {
            "event": "ready",
            "framework": framework,
            "version": module.VERSION,
            "threads": getattr(module, "prepare", _threads_in_use)(job["threads"]),
            "main_ns": main_ns,
            "libraries_ns": libraries_ns,
        }
    )
    work = importlib.import_module(f"rmlbench_utils.worker.{_kind(framework, job['algorithm'])}")
    _deliver(channel, job["outputs"], work.outputs(channel, job, algorithm))


def _kind(framework: str, algorithm: str) -> str:
    """The module with the phases of a job."""
    network = algorithm in NETWORKS
    if framework in SERVING:
        return "served_networks" if network else "served"
    if network:
        return "networks"
    return "clustering" if algorithm in CLUSTERING else "supervised"


def _check(framework: str, job: dict[str, Any]) -> None:
    algorithms = FRAMEWORKS[framework]
    if job["algorithm"] not in algorithms:
        raise Fault("unsupported", "algorithm", job["algorithm"], "one of " + ", ".join(algorithms))
    if job["layout"] not in ("c", "f"):
        raise Fault("unsupported", "layout", job["layout"], "c or f")
    known = phases(framework)
    for name in job["repeat"].keys() - set(known):
        raise Fault("unsupported", "repeat", name, "phases are " + ", ".join(known))


def _params(defaults: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    for name in given.keys() - defaults.keys():
        raise Fault("parameter", name, given[name], "known are " + ", ".join(defaults))
    return {**defaults, **given}


def _threads_in_use(told: int) -> int:
    """Threads of the kernel libraries' pools where threadpoolctl is loaded, else the setting."""
    control = sys.modules.get("threadpoolctl")
    pools = control.threadpool_info() if control else []
    setting = int(os.environ.get("OMP_NUM_THREADS", told))
    return max((pool["num_threads"] for pool in pools), default=setting)


def _deliver(channel: Channel, path: str, outputs: dict[str, Any]) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    # safetensors writes the memory of an array as it lies, whatever the order of its axes
    save_file({name: np.ascontiguousarray(values) for name, values in outputs.items()}, path)
    with open(path, "rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    channel.send({"event": "result", "outputs": path, "sha256": sha256})
