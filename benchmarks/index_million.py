"""Index 1,000,000 run records and read their table of verdicts; print seconds and memory.

``python benchmarks/index_million.py [RUNS [RUNS_A_RECORDING [RECORDING]]]``, which exits with the
number of limits that were passed. The records are those
of a committed recording over and over, as many blocks later, every time of a run multiplied by a
factor of its own (log-normal, 3 %): whole lines in the format on disk, manifests with their plan
and hash, parity lines. Writing them is not timed. Each timed part is a fresh process; its memory
is the largest sum over it and the processes it started, looked at every 20 ms, pages they share
counted for each.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import zstandard

from rmlbench_utils.store.recording import Recording
from rmlbench_utils.store.scan import processes

RUNS, EACH, SOURCE = 1_000_000, 10_000, "regression-standard"
LIMITS = {"build": 60.0, "table": 2.0}  # seconds
MEMORY = 1024.0  # MiB
NOISE = 0.03


def write(folder: Path, source: str, count: int, number: int) -> None:
    """The ``number``-th synthetic recording: ``count`` runs made from those of ``source``."""
    whole = Recording.open(source)
    created = datetime.fromisoformat(whole.manifest.created) + timedelta(days=number)
    changes = {"name": f"{whole.name}-{number}", "created": created.isoformat()}
    path = folder / str(changes["name"])
    path.mkdir(parents=True)
    manifest = json.loads((whole.path / "manifest.json").read_text())  # its plan as it was hashed
    (path / "manifest.json").write_text(json.dumps(manifest | changes))
    (path / "parity.jsonl").write_text("".join(f"{line.line()}\n" for line in whole.parity))
    with (path / "records.jsonl.zst").open("wb") as file:
        compressor = zstandard.ZstdCompressor(level=3, write_checksum=True)
        with compressor.stream_writer(file) as packed:
            for line in _lines(whole, count, random.Random(number)):
                packed.write(line.encode() + b"\n")


def _lines(whole: Recording, count: int, noise: random.Random) -> Iterator[str]:
    lines = [record.line() for record in whole.records]
    blocks = 1 + max(record.block for record in whole.records)
    for i in range(count):
        run = json.loads(lines[i % len(lines)])
        run["block"] += blocks * (i // len(lines))
        factor = math.exp(noise.gauss(0, NOISE))
        for name in ("phases", "startup", "samples"):
            run[name] = {key: _scaled(each, factor) for key, each in run[name].items()}
        yield json.dumps(run, separators=(",", ":"))


def _scaled(value: Any, factor: float) -> Any:
    """Every time in nanoseconds, in whatever it is nested, times ``factor``."""
    if isinstance(value, dict):
        return {
            key: _scaled(each, factor) if key == "ns" or key.endswith("_ns") else each
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [round(each * factor) for each in value]
    return None if value is None else round(value * factor)


def write_all(folder: Path, runs: int, each: int, source: str) -> None:
    """Recordings of ``each`` runs, the last one shorter, until there are ``runs``."""
    counts = [min(each, runs - start) for start in range(0, runs, each)]
    with ProcessPoolExecutor(processes()) as pool:
        list(pool.map(partial(write, folder, source), counts, range(len(counts))))


# The rooms are imported where they are used: each process that reads records imports this file.
def part_build(folder: Path) -> int:
    from rmlbench_utils.judge.index import open_index
    from rmlbench_utils.judge.indexing import build

    build([folder], folder.parent / "index.duckdb")
    with open_index(folder.parent / "index.duckdb") as index:
        return int(index.execute("SELECT count(*) FROM runs").fetchall()[0][0])


def part_table(folder: Path) -> int:
    from rmlbench_utils.judge.index import open_index, verdicts

    with open_index(folder.parent / "index.duckdb") as index:
        return len(verdicts(index))


PARTS: dict[str, Callable[[Path], int]] = {"build": part_build, "table": part_table}


def part(name: str, folder: Path) -> dict[str, float]:
    """Do one part and tell its ``rows``, ``seconds`` and ``cpu_seconds``, its processes' too."""
    start = time.perf_counter()
    rows = PARTS[name](folder)
    seconds = time.perf_counter() - start
    return {"rows": rows, "seconds": seconds, "cpu_seconds": sum(os.times()[:4])}


def watched(command: list[str]) -> tuple[dict[str, float], float]:
    """What the command tells, and the most memory it and its processes held together, MiB."""
    most = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as started:
        while started.poll() is None:
            most = max(most, _resident(psutil.Process(started.pid)))
            time.sleep(0.02)
        assert started.stdout is not None
        return json.loads(started.stdout.read()), most / 2**20


def _resident(process: psutil.Process) -> int:
    total = 0
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            total += each.memory_info().rss
    return total


def main(runs: int = RUNS, each: int = EACH, source: str = SOURCE) -> int:
    """How many of the limits were passed."""
    passed = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place, "recordings")
        write_all(folder, runs, each, source)
        print(f"{runs} run records of {source}, {each} a recording; load {os.getloadavg()[0]:.1f}")
        for name, limit in LIMITS.items():
            told, mib = watched([sys.executable, __file__, "--part", name, str(folder)])
            print(
                f"{name}: {told['rows']} rows, {told['seconds']:.2f} s (limit {limit:g}), "
                f"{told['cpu_seconds']:.1f} s of processor time, {mib:.0f} MiB (limit {MEMORY:g})",
                flush=True,
            )
            passed += (told["seconds"] > limit) + (mib > MEMORY)
    return passed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        print(json.dumps(part(sys.argv[2], Path(sys.argv[3]))))
    else:
        sys.exit(main(*(int(text) for text in sys.argv[1:3]), *sys.argv[3:4]))
