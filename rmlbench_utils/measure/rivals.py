"""The same programs through other tools, at the time that our blocks take for a pair."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np

from rmlbench_utils.judge import rivals as rules
from rmlbench_utils.measure import cargo
from rmlbench_utils.measure.conversation import on_cpus
from rmlbench_utils.measure.stage import cpus, equal_terms
from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.store.lines import read_lines, whole_bytes

PROGRAM = "rmlbench-counted"
CALLS = 40  # of the work in each process that is timed as a whole
TRUTHS = ((100, 100), (100, 105))
FILE = "rivals.jsonl"
Command = tuple[str, ...]
Tool = Literal["hyperfine", "pyperf", "asv", "criterion"]
TRIED: dict[Tool, int] = {"hyperfine": 10, "pyperf": 2, "asv": 2, "criterion": 400}
LEAST: dict[Tool, int] = {"hyperfine": 2, "pyperf": 2, "asv": 2, "criterion": 200}
ASV_SAMPLES, ASV_SAMPLE_NS, ASV_WARMUP_NS = 5, 10_000_000, 100_000_000  # its defaults, a round


class Comparison(Model):
    """One pair through one tool: the true ratio, what was found, and how long it took.

    ``size`` is how much the tool was given: runs a side for hyperfine, processes a side for
    pyperf, rounds a side for asv, calls a side for criterion.
    """

    tool: Tool
    truth: float
    size: int
    ratio: float
    different: bool
    seconds: float


def program() -> Path:
    """The program that does counted work without the protocol, built."""
    cargo.build("tuned", cargo.CALIBRATION, ["--bin", PROGRAM], cargo.NATIVE)
    return cargo.binary("tuned", PROGRAM)


def available() -> list[Tool]:
    """The tools that can be had here; asv's and criterion's rules need no tool."""
    found: list[Tool] = ["asv", "criterion"]
    if shutil.which("hyperfine"):
        found.insert(0, "hyperfine")
    return [*found, "pyperf"]


def record(place: Path, pairs: int, seconds: float, say: Callable[[str], None]) -> None:
    """Fill ``rivals.jsonl`` in a calibration's folder up to ``pairs`` of each tool and truth.

    Each tool gets as much as it can do in ``seconds`` a pair. Tools and truths take turns, so
    that what drifts over minutes meets all alike; lines that are there already count.
    """
    path, binary = place / FILE, program()
    done = Counter((one.tool, one.truth) for one in read(place))
    wanted = [(tool, repeats[1] / repeats[0]) for repeats in TRUTHS for tool in available()]
    if all(done[key] >= pairs for key in wanted):
        return
    if path.exists():
        os.truncate(path, whole_bytes(path))
    sizes = {one.tool: one.size for one in read(place)}
    sizes = {tool: sizes.get(tool) or sized(tool, binary, seconds) for tool in available()}
    for number in range(pairs):
        for repeats in TRUTHS:
            for tool, size in sizes.items():
                if done[tool, repeats[1] / repeats[0]] > number:
                    continue
                say(f"{tool} {repeats[1]} to {repeats[0]}, pair {number + 1} of {pairs}")
                line = compare(tool, binary, repeats, size).line()
                with path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")


def sized(tool: Tool, binary: Path, seconds: float) -> int:
    """How much a tool can do in ``seconds`` a pair, by what a small amount takes."""
    tried = compare(tool, binary, TRUTHS[0], TRIED[tool])
    return max(LEAST[tool], round(TRIED[tool] * seconds / tried.seconds))


def read(place: Path) -> list[Comparison]:
    """The comparisons in a calibration's folder, none if it has no such file."""
    path = place / FILE
    return read_lines(path, Comparison)[0] if path.exists() else []


def compare(tool: Tool, binary: Path, repeats: tuple[int, int], size: int) -> Comparison:
    """One pair of commands, the second with ``repeats[1] / repeats[0]`` times the work.

    Each is told what our workers are told, and kept on their processor.

    Raises
    ------
    UsageError
        If the tool fails.
    """
    told = (f"{name}={value}" for name, value in equal_terms(1).items())
    words = (shutil.which("env") or "env", *told)
    a, b = ((*words, f"RMLBENCH_REPEATS={count}", str(binary)) for count in repeats)
    begin = time.monotonic()
    old, new, different = TOOLS[tool](a, b, size)
    return Comparison(
        tool=tool,
        truth=repeats[1] / repeats[0],
        size=size,
        ratio=float(np.mean(new) / np.mean(old)),
        different=different,
        seconds=time.monotonic() - begin,
    )


Found = tuple[list[float], list[float], bool]


def _hyperfine(a: Command, b: Command, size: int) -> Found:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        told = ["hyperfine", "--shell=none", "--style=none", "--warmup=1", f"--runs={size}"]
        words = [shlex.join((*command, str(CALLS))) for command in (a, b)]
        _run([*told, "--export-json", str(out), *words])
        old, new = (result["times"] for result in json.loads(out.read_text())["results"])
    return old, new, rules.welch(old, new)


def _pyperf(a: Command, b: Command, size: int) -> Found:
    pyperf = [sys.executable, "-m", "pyperf"]
    told = [f"--processes={size}", "--quiet"]
    with tempfile.TemporaryDirectory() as folder:
        files = [str(Path(folder) / name) for name in ("old.json", "new.json")]
        for file, command in zip(files, (a, b), strict=True):
            _run([*pyperf, "command", *told, "-o", file, "--", *command, str(CALLS)])
        said = _run([*pyperf, "compare_to", *files])
        old, new = (_values(json.loads(Path(file).read_text())) for file in files)
    return old, new, "not significant" not in said.lower()


def _values(document: dict[str, list[dict[str, list[dict[str, list[float]]]]]]) -> list[float]:
    return [v for run in document["benchmarks"][0]["runs"] for v in run.get("values", [])]


def _asv(a: Command, b: Command, size: int) -> Found:
    """All rounds of one side, then of the other, as ``asv continuous`` runs them; a round is a
    process with its default warm-up and samples."""
    old, new = ([v for _ in range(size) for v in _round(command)] for command in (a, b))
    return old, new, rules.asv(old, new)


def _round(command: Command) -> list[float]:
    call = _calls(command, 5)[-1]
    number = max(1, round(ASV_SAMPLE_NS / call))
    warmup = max(1, round(ASV_WARMUP_NS / call))
    times = _calls(command, warmup + ASV_SAMPLES * number)[warmup:]
    return [float(np.mean(part)) for part in np.array_split(np.asarray(times), ASV_SAMPLES)]


def _criterion(a: Command, b: Command, size: int) -> Found:
    """One process a side, a hundred samples of it."""
    old, new = (_grouped(_calls(command, size), 100) for command in (a, b))
    return old, new, rules.criterion(old, new)


def _calls(command: Command, number: int) -> list[float]:
    return [float(line) for line in _run([*command, str(number)]).split()]


def _grouped(times: list[float], samples: int) -> list[float]:
    """Means of equal runs of calls; the first tenth is warm-up."""
    steady = times[len(times) // 10 :]
    return [float(part.mean()) for part in np.array_split(np.asarray(steady), samples)]


def _run(words: list[str]) -> str:
    told = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with on_cpus(cpus(1)):
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=told)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UsageError(f"{Path(words[0]).name} failed with exit code {done.returncode}: {last}")
    return done.stdout


TOOLS: dict[Tool, Callable[[Command, Command, int], Found]] = {
    "hyperfine": _hyperfine,
    "pyperf": _pyperf,
    "asv": _asv,
    "criterion": _criterion,
}
