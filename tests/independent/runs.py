"""A recording read as plain JSON, and the numbers of each run; nothing of rmlbench is used.

Written from METHODOLOGY.md and the protocol page, so that the judge is checked by other code.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import zstandard

Run = dict[str, Any]
Key = tuple[str, str, str]  # case, contender, tier
Measure = tuple[str, str]  # phase, metric


def load(folder: Path) -> tuple[dict[str, Any], list[Run], list[dict[str, Any]]]:
    """Manifest, runs and parity lines of a recording."""
    manifest = json.loads((folder / "manifest.json").read_text())
    with zstandard.open(folder / "records.jsonl.zst", "rt") as file:
        runs = [json.loads(line) for line in file]
    parity = [json.loads(line) for line in (folder / "parity.jsonl").read_text().splitlines()]
    return manifest, runs, parity


def timed(runs: list[Run]) -> dict[Key, dict[int, Run]]:
    """The runs that count, by side and block."""
    found: dict[Key, dict[int, Run]] = {}
    for run in runs:
        if run["role"] == "run":
            key = (run["case"], run["contender"], run["tier"])
            found.setdefault(key, {})[run["block"]] = run
    return found


def unit(measure: Measure) -> str:
    return "bytes" if measure[1] == "peak_rss" else "ns"


def numbers(run: Run) -> dict[Measure, float]:
    """Every phase and metric that one run measured."""
    if run["status"] != "ok":
        return {}
    found: dict[Measure, float] = {}
    for phase in ("startup", "load", "fit", "predict"):
        if phase in run["phases"]:
            for metric, value in of_phase(run, phase).items():
                found[phase, metric] = value
    convert = steady(run["samples"]["convert"]) if "convert" in run["samples"] else None
    if convert is not None:
        found["fit", "convert"] = convert
    if ("fit", "wall") in found and (convert is not None or run["layout"] == "c"):
        found["convert+fit", "wall"] = found["fit", "wall"] + (convert or 0.0)
    for percent in (50, 95, 99):
        value = latency(run["latency"], percent)
        if value is not None:
            found["latency", f"latency_p{percent}"] = value
    return {measure: value for measure, value in found.items() if math.isfinite(value)}


def of_phase(run: Run, phase: str) -> dict[str, float]:
    """Wall and CPU time a call, first call and peak memory of a phase."""
    timing, samples = run["phases"][phase], run["samples"].get(phase)
    found = {}
    if samples is None:
        calls = 1
        found["wall"] = float(timing["wall_ns"])
    else:
        calls = 1 + samples["batch"] * (len(samples["ns"]) - 1 + samples["rest_count"])
        found["wall"] = steady(samples)
        found["first_call"] = float(samples["ns"][0])
    if timing["cpu_ns"] is not None:
        found["cpu"] = timing["cpu_ns"] / calls
    if timing["peak_rss"] is not None:
        found["peak_rss"] = float(timing["peak_rss"])
    return found


def steady(samples: dict[str, Any]) -> float:
    """Mean ns of a call after warm-up; sample 0 is one call, any other ``batch`` calls."""
    warm, batch = samples["warmup"], samples["batch"]
    if warm > len(samples["ns"]):
        return math.nan
    total, calls = samples["rest_ns"], samples["rest_count"] * batch
    for place, ns in enumerate(samples["ns"]):
        if place >= warm:
            total += ns
            calls += batch if place > 0 else 1
    return total / calls if calls else math.nan


def latency(counted: dict[str, Any] | None, percent: int) -> float | None:
    """The middle of the 1 % bin that holds this percentile.

    None above 95 for batches, nor, but for the median, where less than one call lies above it.
    """
    if counted is None or (counted["batch"] > 1 and percent > 95):
        return None
    total = sum(count for _, count in counted["bins"])
    if percent > 50 and total * (100 - percent) < 100:
        return None
    seen = 0
    for bin_, count in sorted(counted["bins"]):
        seen += count
        if 100 * seen >= percent * total:
            return math.exp((bin_ + 0.5) * math.log(1.01))
    return None
