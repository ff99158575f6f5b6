"""One run of a worker: start it, give it the job, stamp what it says, end it."""

from __future__ import annotations

import gc
import os
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO

from pydantic import ValidationError

from rmlbench_utils.measure.gpu import Held, held
from rmlbench_utils.measure.monitor import Monitor
from rmlbench_utils.protocol.events import Event, Fault, InputsWanted, Result, parse_event
from rmlbench_utils.protocol.job import FileRef, Job
from rmlbench_utils.protocol.record import Status

POLL_S = 0.05
OUTPUT_LIMIT = 8 << 20
LINE_LIMIT = 1 << 20
EXIT_GRACE_S = 10.0


@dataclass(frozen=True)
class Task:
    """What the harness needs to run a job once: sizes in bytes, times in seconds."""

    job: Job
    inputs: FileRef
    command: list[str]
    environment: dict[str, str]
    cpus: list[int]
    limit_s: float
    memory_limit: int


@dataclass
class Observed:
    """What the harness saw: events with their stamps (CLOCK_MONOTONIC ns) and the end.

    ``waits`` holds, for each event, how long worker and harness had waited for a processor
    before the line could be read, and when it was read.
    """

    spawned_ns: int = 0
    ended_ns: int = 0
    events: list[tuple[int, Event]] = field(default_factory=list)
    waits: list[tuple[int, int]] = field(default_factory=list)
    ending: tuple[Status, str] | None = None
    exit_code: int | None = None
    huge_pages: int | None = None
    gpu: Held | None = None
    answering_ns: int = 0
    peak_rss: int = 0
    threads_seen: int = 1
    stderr: str = ""


def converse(task: Task) -> Observed:
    """Run the worker once, to its end or the end the harness makes of it."""
    seen = Observed()
    gc.disable()  # a collection would make the harness stamp late
    with tempfile.TemporaryFile() as stderr, out_of_the_way(task.cpus):
        process = _spawn(task, stderr, seen)
        monitor = Monitor(process.pid)
        try:
            _Exchange(task, process, monitor, seen).run()
        finally:
            _end(process, seen)
            gc.enable()
        seen.peak_rss, seen.threads_seen = monitor.peak_rss, monitor.threads_seen
        seen.stderr = _tail(stderr)
    return seen


def _spawn(task: Task, stderr: IO[bytes], seen: Observed) -> subprocess.Popen[bytes]:
    with on_cpus(task.cpus):
        seen.spawned_ns = time.monotonic_ns()
        return subprocess.Popen(
            task.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=task.environment,
            bufsize=0,
            start_new_session=True,
        )


@contextmanager
def on_cpus(cpus: list[int]) -> Iterator[None]:
    """Processes started inside inherit this affinity, so no fork hook is needed."""
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cpus)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


@contextmanager
def out_of_the_way(cpus: list[int]) -> Iterator[None]:
    """Keep the harness off the worker's processors where there are others.

    Woken on the worker's own, it would wait for a tick of the scheduler and stamp late.
    """
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ours - set(cpus) or ours)
    try:
        yield
    finally:
        os.sched_setaffinity(0, ours)


class _Exchange:
    def __init__(
        self, task: Task, process: subprocess.Popen[bytes], monitor: Monitor, seen: Observed
    ) -> None:
        self.task, self.process, self.monitor, self.seen = task, process, monitor, seen
        self.deadline = time.monotonic() + task.limit_s
        self.pending = b""
        self.received = 0
        self.waited = monitor.waited_ns()

    def run(self) -> None:
        """Exchange lines until the worker closes its output or the harness ends the run."""
        self._say(self.task.job.line())
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        polled = time.monotonic()
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while self.seen.ending is None:
                if selector.select(POLL_S) and not self._read(descriptor):
                    return
                if time.monotonic() - polled >= POLL_S:
                    polled = time.monotonic()
                    self.monitor.poll()
                    self._guard()

    def _read(self, descriptor: int) -> bool:
        chunk = os.read(descriptor, 1 << 16)
        stamp = time.monotonic_ns()
        waits = (self.waited, self.monitor.waited_ns())
        self.waited = waits[1]
        self.received += len(chunk)
        *lines, self.pending = (self.pending + chunk).split(b"\n")
        for line in lines:
            self._take(stamp, waits, line)
        if self.received > OUTPUT_LIMIT or len(self.pending) > LINE_LIMIT:
            self.seen.ending = ("flood", f"more than {OUTPUT_LIMIT} bytes on standard output")
        return bool(chunk)

    def _take(self, stamp: int, waits: tuple[int, int], line: bytes) -> None:
        try:
            event = parse_event(line)
        except ValidationError as error:
            what = error.errors()[0]["msg"].lower()
            self.seen.ending = ("garbage", f"{line[:80].decode(errors='replace')!r}: {what}")
            return
        self.seen.events.append((stamp, event))
        self.seen.waits.append(waits)
        if isinstance(event, InputsWanted):
            self.seen.huge_pages = self.monitor.huge_pages()
            self.seen.gpu = held(self.process.pid)
            self._say(self.task.inputs.line())
            self.seen.answering_ns += time.monotonic_ns() - stamp
        elif isinstance(event, Fault):
            status: Status = "diverged" if event.kind == "diverged" else "error"
            self.seen.ending = (status, event.sentence())

    def _say(self, line: str) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line.encode() + b"\n")
        except BrokenPipeError:
            return  # it died without reading: its exit code says how

    def _guard(self) -> None:
        if time.monotonic() > self.deadline:
            self.seen.ending = ("timeout", f"no end within {self.task.limit_s:g} s")
        elif self.monitor.rss > self.task.memory_limit:
            held, limit = self.monitor.rss >> 20, self.task.memory_limit >> 20
            self.seen.ending = ("out_of_memory", f"{held} MiB resident, the limit is {limit} MiB")


def _end(process: subprocess.Popen[bytes], seen: Observed) -> None:
    """Wait for a worker that is done, kill one that is not, and its children in any case."""
    if seen.ending is None:
        try:
            process.wait(EXIT_GRACE_S)
        except subprocess.TimeoutExpired:
            seen.ending = ("timeout", f"closed its output but did not exit in {EXIT_GRACE_S:g} s")
    with suppress(ProcessLookupError):  # the whole group has ended
        os.killpg(process.pid, signal.SIGKILL)
    seen.exit_code = process.wait()
    seen.ended_ns = time.monotonic_ns()
    if seen.ending is None:
        seen.ending = _exit_status(seen)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _exit_status(seen: Observed) -> tuple[Status, str] | None:
    code = seen.exit_code or 0
    if code < 0:
        return ("signal", f"died by {signal.Signals(-code).name}")
    if code > 0:
        return ("exit", f"exit code {code}")
    if not any(isinstance(event, Result) for _, event in seen.events):
        return ("incomplete", "exit code 0 without a result")
    return None


def _tail(file: IO[bytes]) -> str:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2000))
    return file.read().decode(errors="replace")
