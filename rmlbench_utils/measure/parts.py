"""What importing torch takes, part by part, in fresh processes."""

from __future__ import annotations

import json
import subprocess
import time

from rmlbench_utils.measure.networks import torch_python
from rmlbench_utils.protocol.case import Profile

RUNS = 10  # processes; of profile `check` 2
MODULE = "rmlbench_utils.contenders.torch_parts"


def import_parts(profile: Profile) -> list[dict[str, tuple[int, int]]]:
    """Nanoseconds and resident bytes of each part, a dictionary a process.

    The interpreter's part is from the spawn to its first line. The first process warms the
    machine's caches and is left out.

    Raises
    ------
    UsageError
        If torch is not installed.
    """
    runs = 2 if profile == "check" else RUNS
    return [_once() for _ in range(runs + 1)][1:]


def _once() -> dict[str, tuple[int, int]]:
    spawned = time.monotonic_ns()
    words = [*torch_python(), "-m", MODULE]
    done = subprocess.run(words, capture_output=True, check=True)
    (first, main_ns, resident), *others = json.loads(done.stdout)
    return {first: (main_ns - spawned, resident)} | {part: (ns, rss) for part, ns, rss in others}
