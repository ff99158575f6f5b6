"""One run, from the reference probe to the record."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from rmlbench_utils.measure import assess, build
from rmlbench_utils.measure.conversation import Observed, Task, converse, on_cpus
from rmlbench_utils.measure.cpu import cpu_sample, cpu_shares
from rmlbench_utils.protocol.events import Latency as LatencyEvent
from rmlbench_utils.protocol.events import Metric, Sample
from rmlbench_utils.protocol.job import Job, Repeat
from rmlbench_utils.protocol.record import Latency, RunRecord, Samples, Status
from rmlbench_utils.store.writer import now


@dataclass(frozen=True)
class Place:
    """Where a run stands in its recording."""

    role: str = "run"
    block: int = 0
    position: int = 0
    predecessor: str | None = None
    resumed: bool = False
    split: int = 0


def run_once(task: Task, place: Place, store: Path) -> RunRecord:
    """Probe, run the worker, check what it said, keep its outputs under ``store``.

    Outputs are moved to ``store/SHA256.safetensors``; equal outputs are kept once.
    """
    begin, before, started = time.monotonic_ns(), cpu_sample(), now()
    probe_ns = probe(task)
    seen = converse(task)
    sha256, (status, reason) = _judge(task.job, seen, place.role == "run")
    written = Path(task.job.outputs)
    if sha256 is not None:
        written.replace(store / f"{sha256}.safetensors")
    else:
        written.unlink(missing_ok=True)
    steal, foreign = cpu_shares(before, cpu_sample())
    phases = assess.phases(seen)
    spent = time.monotonic_ns() - begin - (seen.ended_ns - seen.spawned_ns)
    peaks = [seen.peak_rss, *(p.peak_rss for p in phases.values() if p.peak_rss is not None)]
    job = task.job
    return RunRecord(
        case=job.case,
        contender=job.contender,
        tier=job.tier,
        role="quality" if place.role == "quality" else "run",
        block=place.block,
        position=place.position,
        predecessor=place.predecessor,
        resumed=place.resumed,
        status=status,
        reason=reason,
        started=started,
        split=place.split,
        seed=job.seed,
        layout=job.layout,
        threads=job.threads,
        exit_code=seen.exit_code,
        phases=phases,
        startup=assess.startup(seen),
        samples=_samples(seen, job.repeat),
        latency=_latency(seen),
        curves=_curves(seen),
        outputs=sha256,
        peak_rss=max(peaks) or None,
        huge_pages=seen.huge_pages,
        threads_seen=seen.threads_seen,
        gpu_memory=seen.gpu.memory if seen.gpu else None,
        gpu_use=seen.gpu.use if seen.gpu else None,
        probe_ns=probe_ns,
        overhead_ns=max(spent, 0) + seen.answering_ns,
        steal=steal,
        foreign=foreign,
        stderr=seen.stderr,
    )


def probe(task: Task) -> int:
    """Nanoseconds of the reference probe on the CPUs of the task: an equal predecessor."""
    with on_cpus(task.cpus):
        out = subprocess.run([str(build.probe())], capture_output=True, check=True)
    return int(out.stdout)


def _judge(job: Job, seen: Observed, timed: bool) -> tuple[str | None, tuple[Status, str | None]]:
    """Digest of the outputs and the status of the run."""
    finding = seen.ending or assess.faults(job, seen, timed)
    if finding:
        return None, finding
    sha256, finding = assess.outputs(job, seen)
    return sha256, finding or ("ok", None)


def _samples(seen: Observed, repeat: dict[str, Repeat]) -> dict[str, Samples]:
    return {
        event.phase: Samples(
            warmup=repeat[event.phase].warmup,
            batch=event.batch,
            ns=event.ns,
            rest_count=event.rest_count,
            rest_ns=event.rest_ns,
        )
        for _, event in seen.events
        if isinstance(event, Sample) and event.phase in repeat
    }


def _latency(seen: Observed) -> Latency | None:
    for _, event in seen.events:
        if isinstance(event, LatencyEvent):
            return Latency(batch=event.batch, bins=event.bins)
    return None


def _curves(seen: Observed) -> dict[str, list[tuple[int, int, float]]]:
    curves: dict[str, list[tuple[int, int, float]]] = {}
    for _, event in seen.events:
        if isinstance(event, Metric):
            curves.setdefault(event.name, []).append((event.step, event.time_ns, event.value))
    return curves
