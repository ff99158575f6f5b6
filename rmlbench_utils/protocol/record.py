"""What is kept of a run, of a parity check and of a recording."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rmlbench_utils.protocol.base import Model, digest
from rmlbench_utils.protocol.case import Case, Level, Profile
from rmlbench_utils.protocol.events import Ns
from rmlbench_utils.protocol.job import Layout, Repeat, Tier

Status = Literal[
    "ok",
    "error",  # the worker answered `error`
    "diverged",  # the loss of a training is no number any more
    "exit",  # it ended without `result`, exit code not 0
    "signal",  # it died by a signal
    "timeout",
    "out_of_memory",
    "garbage",  # a line that is no event
    "flood",  # more output than a run may print
    "incomplete",  # exit code 0 without `result`, or an asked-for phase missing
    "digest_mismatch",
    "clock_mismatch",
    "threads_mismatch",  # it claims or uses other threads than told
    "bad_outputs",  # the outputs are missing or no safetensors file
]


class PhaseTime(Model):
    """A phase of a run.

    ``harness_ns`` is the wall time between the stamps of its events, ``waited_ns`` how long
    worker and harness waited for a processor meanwhile, as the kernel counts it.
    """

    wall_ns: Ns
    cpu_ns: Ns | None
    peak_rss: int | None
    harness_ns: Ns
    waited_ns: Ns = 0


class Samples(Model):
    """The samples of a phase: ``ns`` of the first 64, the rest as count and total.

    The first ``warmup`` samples are warm-up; ``batch`` calls make one sample, but the very
    first sample is a single call.
    """

    warmup: int = Field(ge=0)
    batch: int = Field(ge=1)
    ns: list[Ns]
    rest_count: int = Field(ge=0)
    rest_ns: Ns


class Latency(Model):
    """Single-row calls as counts in bins of 1 %: bin k starts at 1.01^k ns."""

    batch: int = Field(ge=1)
    bins: list[tuple[int, Annotated[int, Field(ge=1)]]]


class RunRecord(Model):
    """One run: one fresh worker process doing one job."""

    schema_version: Literal[1] = 1
    case: str
    contender: str
    tier: Tier
    role: Literal["run", "quality"]  # quality: cross-validation, never timed
    block: int = Field(ge=0)
    position: int = Field(ge=0)
    predecessor: str | None  # contender:tier that ran just before in this block
    resumed: bool  # the recording was interrupted inside this block
    status: Status
    reason: str | None
    started: str  # UTC, ISO 8601
    split: int = Field(ge=0)
    seed: int
    layout: Layout
    threads: int = Field(ge=1)
    exit_code: int | None
    phases: dict[str, PhaseTime]  # startup, load, convert, fit, predict, latency
    startup: dict[str, Ns]  # loader (or interpreter), libraries, rest
    samples: dict[str, Samples]
    latency: Latency | None
    curves: dict[str, list[tuple[int, Ns, float]]]  # step, time, value
    outputs: str | None  # SHA-256
    peak_rss: int | None
    huge_pages: int | None  # AnonHugePages in bytes after fit
    threads_seen: int | None
    gpu_memory: int | None = None  # bytes held on GPUs after fit, null where NVML does not say
    gpu_use: float | None = None  # share of NVML's last sampling period after fit
    probe_ns: Ns | None
    overhead_ns: Ns | None  # harness cost outside the worker's own phases and process start
    steal: float | None  # share of the machine's CPU time during the run
    foreign: float | None  # share used by other processes
    stderr: str  # its last 2,000 characters

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What may occur once in a recording."""
        return (self.case, self.contender, self.tier, self.role, self.block)


class ParityLine(Model):
    """Parity of one distinct output digest of a case and contender."""

    schema_version: Literal[1] = 1
    case: str
    contender: str
    tier: Tier
    split: int
    outputs: str
    parity: Literal["pass", "fail", "unchecked"]
    level: Level
    worst_difference: float | None
    worst_output: str | None
    tolerance: float | None
    differences: dict[str, float]
    tolerances: dict[str, float]
    correlation: float | None
    curves: dict[str, list[float]] = Field(default_factory=dict)  # a value a step
    scores: dict[str, float]
    reference: str  # digest of the reference solution
    reason: str | None


class PlannedContender(Model):
    """A contender of a case with what the pilot fixed for it.

    ``repeat`` is empty for one that is not timed, because parity is known to fail.
    """

    contender: str
    tier: Tier
    worker: str
    layout: Layout
    repeat: dict[str, Repeat]
    estimate_s: float

    @property
    def id(self) -> str:
        return f"{self.contender}:{self.tier}"


class PlannedCase(Model):
    case: Case
    contenders: list[PlannedContender]

    @property
    def timed(self) -> list[PlannedContender]:
        """The contenders that make up a block."""
        return [contender for contender in self.contenders if contender.repeat]


class Stopping(Model):
    """Look at the half-width only, at ``first, first + step, ...`` blocks."""

    first: int = 20
    step: int = 10
    fraction: float = 0.6


class Plan(Model):
    """Everything fixed before the first run.

    ``null`` is a case of one program under several names: what its runs show is the
    recording's own noise, and if they differ the recording is void.
    """

    profile: Profile
    seed: int
    budget_s: float
    alpha: float = 0.05
    adjust: Literal["holm", "bonferroni", "fdr"] = "holm"
    stopping: Stopping = Stopping()
    cases: list[PlannedCase]
    null: PlannedCase | None = None

    @property
    def every(self) -> list[PlannedCase]:
        """All that is run: the cases, and the null case where there is one."""
        return self.cases + ([self.null] if self.null else [])

    @property
    def sha256(self) -> str:
        return digest(self.model_dump(mode="json"))


class Manifest(Model):
    """What a recording is: the plan, the machine, the software."""

    schema_version: Literal[1] = 1
    name: str
    created: str
    finished: str | None
    plan: Plan
    plan_sha256: str
    commit: str | None
    dirty: bool
    locks: dict[str, str]  # lock file → SHA-256
    sources: dict[str, str]  # worker → digest of its sources
    machine: dict[str, Any]
    workers: dict[str, Any]  # "worker:tier" → Listing
    datasets: dict[str, Any]  # dataset → digest, rows, columns, encodings
    references: dict[str, Any]  # case → recipe and condition number of its reference, by split
    layout_pilot: list[dict[str, Any]]
    # What importing torch took, a run each: part → nanoseconds and resident bytes.
    parts: list[dict[str, tuple[int, int]]] = Field(default_factory=list)
    unavailable: dict[str, str]  # case or contender → why it was not measured
    interruptions: list[str]  # UTC times at which it was resumed; torn lines recovered
