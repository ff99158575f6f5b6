"""Is a run what it says it is? Clock, threads, phases, samples, outputs."""

from __future__ import annotations

import hashlib
from pathlib import Path

from safetensors import SafetensorError, safe_open

from rmlbench_utils.measure.conversation import Observed
from rmlbench_utils.protocol.events import PhaseBegin, PhaseEnd, Ready, Result, Sample
from rmlbench_utils.protocol.job import Job
from rmlbench_utils.protocol.record import PhaseTime, Status

SLACK_NS = 2_000_000
SLACK_SHARE = 0.02
MOST_WAITED_NS = 20_000_000
TICK_NS = 10_000_000  # the kernel may book a running thread's time this late
Finding = tuple[Status, str]


def phases(seen: Observed) -> dict[str, PhaseTime]:
    """Wall, CPU and peak RSS of each phase, beside the harness's own wall time.

    A phase that comes more than once is summed, its peak RSS the highest. Start-up runs from
    the spawn to ``ready``.
    """
    found: dict[str, PhaseTime] = {}
    begun: dict[str, tuple[int, int]] = {}
    for (stamp, event), (earlier, waited) in zip(seen.events, seen.waits, strict=True):
        if isinstance(event, Ready) and "startup" not in found:
            took = stamp - seen.spawned_ns
            found["startup"] = PhaseTime(wall_ns=took, cpu_ns=None, peak_rss=None, harness_ns=took)
        elif isinstance(event, PhaseBegin):
            begun[event.phase] = (stamp, earlier)
        elif isinstance(event, PhaseEnd) and event.phase in begun:
            began, waited_before = begun.pop(event.phase)
            part = PhaseTime(
                wall_ns=event.wall_ns,
                cpu_ns=event.cpu_ns,
                peak_rss=event.peak_rss,
                harness_ns=stamp - began,
                waited_ns=max(waited - waited_before, 0),
            )
            found[event.phase] = _sum(found[event.phase], part) if event.phase in found else part
    return found


def _sum(a: PhaseTime, b: PhaseTime) -> PhaseTime:
    peaks = [p for p in (a.peak_rss, b.peak_rss) if p is not None]
    return PhaseTime(
        wall_ns=a.wall_ns + b.wall_ns,
        cpu_ns=(a.cpu_ns or 0) + (b.cpu_ns or 0),
        peak_rss=max(peaks, default=None),
        harness_ns=a.harness_ns + b.harness_ns,
        waited_ns=a.waited_ns + b.waited_ns,
    )


def startup(seen: Observed) -> dict[str, int]:
    """Start-up split into interpreter or loader, libraries, and the rest (ns)."""
    for stamp, event in seen.events:
        if isinstance(event, Ready):
            loader = max(event.main_ns - seen.spawned_ns, 0)
            rest = stamp - seen.spawned_ns - loader - event.libraries_ns
            return {"loader": loader, "libraries": event.libraries_ns, "rest": max(rest, 0)}
    return {}


def faults(job: Job, seen: Observed, timed: bool) -> Finding | None:
    """The first thing that makes a finished run unusable, or None.

    The clock is checked only of runs that are ``timed``: of others no time is ever shown.
    """
    found = _ready(job, seen) or _threads(job, seen) or _missing(job, seen)
    return found or (_clock(job, seen) or _samples(job, seen) if timed else None)


def _ready(job: Job, seen: Observed) -> Finding | None:
    ready = [(stamp, e) for stamp, e in seen.events if isinstance(e, Ready)]
    if len(ready) != 1:
        return ("incomplete", f"{len(ready)} ready events, a run has one")
    stamp, event = ready[0]
    if not seen.spawned_ns - SLACK_NS <= event.main_ns <= stamp:
        return ("clock_mismatch", f"main_ns {event.main_ns} lies outside the start-up")
    if event.libraries_ns > stamp - event.main_ns + SLACK_NS:
        return ("clock_mismatch", "libraries_ns exceeds the start-up")
    return None


def _threads(job: Job, seen: Observed) -> Finding | None:
    claimed = next(e.threads for _, e in seen.events if isinstance(e, Ready))
    if claimed != job.threads:
        return ("threads_mismatch", f"it claims {claimed} threads, told were {job.threads}")
    pools = 1 if job.threads > 1 else 0  # a second pool spins for a while before it sleeps
    if seen.threads_seen > job.threads + pools:
        return (
            "threads_mismatch",
            f"{seen.threads_seen} threads were busy at once, told were {job.threads}",
        )
    return None


def _missing(job: Job, seen: Observed) -> Finding | None:
    ended = {e.phase for _, e in seen.events if isinstance(e, PhaseEnd)}
    missing = ({"load"} | set(job.repeat)) - ended
    return ("incomplete", f"phase {sorted(missing)[0]} is missing") if missing else None


def _slack(wall_ns: int, phase: PhaseTime) -> float:
    """How far two clocks may differ: 2 ms + 2 %, and waits for a processor up to 20 ms."""
    return SLACK_NS + SLACK_SHARE * wall_ns + min(phase.waited_ns, MOST_WAITED_NS)


def _clock(job: Job, seen: Observed) -> Finding | None:
    for name, phase in phases(seen).items():
        slack = _slack(phase.harness_ns, phase)
        if abs(phase.wall_ns - phase.harness_ns) > slack:
            return (
                "clock_mismatch",
                f"phase {name} says {phase.wall_ns / 1e6:.3f} ms, "
                f"the harness saw {phase.harness_ns / 1e6:.3f} ms",
            )
        most = job.threads * (phase.wall_ns + TICK_NS) + slack
        if phase.cpu_ns is not None and phase.cpu_ns > most:
            return (
                "clock_mismatch",
                f"phase {name} used {phase.cpu_ns / 1e6:.3f} ms of CPU in "
                f"{phase.wall_ns / 1e6:.3f} ms on {job.threads} threads",
            )
    return None


def _samples(job: Job, seen: Observed) -> Finding | None:
    found = phases(seen)
    samples = {e.phase: e for _, e in seen.events if isinstance(e, Sample)}
    for name, repeat in job.repeat.items():
        if name == "latency":
            continue
        if name not in samples:
            return ("incomplete", f"phase {name} has no samples")
        sample, wall = samples[name], found[name].wall_ns
        count, asked = len(sample.ns) + sample.rest_count, repeat.warmup + repeat.samples
        if (count, sample.batch) != (asked, repeat.batch):
            return ("incomplete", f"phase {name} has {count} samples, asked were {asked}")
        total = sum(sample.ns) + sample.rest_ns
        slack = _slack(wall, found[name])
        if not wall - slack <= total <= wall:
            return (
                "clock_mismatch",
                f"samples of {name} add up to {total / 1e6:.3f} ms, "
                f"the phase took {wall / 1e6:.3f} ms",
            )
    return None


def outputs(job: Job, seen: Observed) -> tuple[str | None, Finding | None]:
    """Digest of the outputs the worker wrote, or what is wrong with them."""
    result = next(e for _, e in seen.events if isinstance(e, Result))
    path = Path(job.outputs)
    if not path.exists():
        return None, ("bad_outputs", "the outputs file was not written")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if sha256 != result.sha256:
        return None, (
            "digest_mismatch",
            f"outputs hash to {sha256[:12]}, said {result.sha256[:12]}",
        )
    try:
        with safe_open(path, framework="numpy") as file:
            file.keys()
    except SafetensorError as error:
        return None, ("bad_outputs", f"the outputs are no safetensors file ({error})")
    return sha256, None
