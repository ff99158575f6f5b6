"""What the harness sees of a running worker in /proc: memory, busy threads, huge pages."""

from __future__ import annotations

import time
from pathlib import Path


class Monitor:
    """Polls one process; ``peak_rss`` and ``threads_seen`` are what it saw."""

    def __init__(self, pid: int) -> None:
        self._proc = Path(f"/proc/{pid}")
        self._used: dict[str, int] = {}
        self._runnable_ns = 0
        self._polled_ns = time.monotonic_ns()
        self._busy_before = 0
        self.rss = 0
        self.peak_rss = 0
        self.threads_seen = 1

    def poll(self) -> None:
        """Look once; a process that has ended is left as last seen."""
        try:
            self.rss = _kilobytes(self._proc / "status", "VmRSS:") or 0
            told = {
                task.name: [int(word) for word in (task / "schedstat").read_text().split()]
                for task in (self._proc / "task").iterdir()
            }
        except (FileNotFoundError, ProcessLookupError, NotADirectoryError):
            return
        self.peak_rss = max(self.peak_rss, self.rss)
        used = {task: words[0] for task, words in told.items()}
        sharing = _sharing([ns - self._used.get(task, 0) for task, ns in used.items()])
        runnable_ns, now = sum(ns + waited for ns, waited, _ in told.values()), time.monotonic_ns()
        at_once = round((runnable_ns - self._runnable_ns) / max(now - self._polled_ns, 1))
        busy = min(sharing, at_once)
        self.threads_seen = max(self.threads_seen, min(busy, self._busy_before))
        self._busy_before, self._used = busy, used
        self._runnable_ns, self._polled_ns = runnable_ns, now

    def waited_ns(self) -> int:
        """How long worker and harness have been runnable without a processor, in all."""
        return _run_delay(self._proc) + _run_delay(Path("/proc/self"))

    def huge_pages(self) -> int | None:
        """AnonHugePages of the process in bytes, null where the kernel does not say."""
        try:
            return _kilobytes(self._proc / "smaps_rollup", "AnonHugePages:")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return None


def _sharing(spent_ns: list[int]) -> int:
    """How many threads shared the processor time of an interval: (sum)^2 / (sum of squares).

    Equal to k for k threads with equal shares, on however many processors; a pool that only
    waits for work hardly counts. Threads that took turns count too: so how many were runnable
    at once, running or waiting for a processor, is a second bound.
    """
    squares = sum(ns * ns for ns in spent_ns)
    return int(sum(spent_ns) ** 2 / squares + 0.1) if squares else 0


def _run_delay(proc: Path) -> int:
    try:
        return int((proc / "schedstat").read_text().split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _kilobytes(path: Path, key: str) -> int | None:
    for line in path.read_text().splitlines():
        if line.startswith(key):
            return int(line.split()[1]) * 1024
    return None
