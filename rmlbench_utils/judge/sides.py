"""All runs of one contender of one case, as arrays: one value a run, phase and metric."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.samples import calls, first_call, latency_quantiles, steady_mean
from rmlbench_utils.protocol.record import RunRecord

Floats = NDArray[np.float64]
SideKey = tuple[str, str, str]  # case, contender, tier


class Measure(NamedTuple):
    """A phase and a metric of it; all are better when smaller."""

    phase: str
    metric: str
    unit: str


MEASURES = (
    Measure("fit", "wall", "ns"),
    Measure("convert+fit", "wall", "ns"),
    Measure("fit", "cpu", "ns"),
    Measure("fit", "convert", "ns"),
    Measure("fit", "first_call", "ns"),
    Measure("fit", "peak_rss", "bytes"),
    Measure("predict", "wall", "ns"),
    Measure("predict", "cpu", "ns"),
    Measure("predict", "first_call", "ns"),
    Measure("predict", "peak_rss", "bytes"),
    Measure("latency", "latency_p50", "ns"),
    Measure("latency", "latency_p95", "ns"),
    Measure("latency", "latency_p99", "ns"),
    Measure("startup", "wall", "ns"),
    Measure("startup", "cpu", "ns"),
    Measure("startup", "peak_rss", "bytes"),
    Measure("load", "wall", "ns"),
    Measure("load", "cpu", "ns"),
    Measure("load", "peak_rss", "bytes"),
)
_NAMES = [(measure.phase, measure.metric) for measure in MEASURES]


class Seen(Protocol):
    """What the harness saw of a run beside its values: a record, or a row of the index."""

    @property
    def status(self) -> str: ...
    @property
    def reason(self) -> str | None: ...
    @property
    def split(self) -> int: ...
    @property
    def layout(self) -> str: ...
    @property
    def threads(self) -> int: ...
    @property
    def outputs(self) -> str | None: ...
    @property
    def huge_pages(self) -> int | None: ...


@dataclass(frozen=True)
class Side:
    """The runs of one contender of one case, in order of blocks.

    Attributes
    ----------
    blocks, positions
        Shape ``[r]``.
    ok
        Which runs succeeded, ``[r]``.
    values
        Shape ``[r, len(MEASURES)]``; NaN where a run has no such value or failed.
    records
        What else was seen of them, ``[r]``.
    """

    key: SideKey
    blocks: NDArray[np.int64]
    positions: Floats
    ok: NDArray[np.bool_]
    values: Floats
    records: tuple[Seen, ...]

    @cached_property
    def failures(self) -> int:
        """How many runs failed."""
        return int((~self.ok).sum())


def sides(records: Iterable[RunRecord]) -> dict[SideKey, Side]:
    """Gather the timed runs of a recording by case, contender and tier."""
    grouped: dict[SideKey, list[RunRecord]] = defaultdict(list)
    for record in records:
        if record.role == "run":
            grouped[record.case, record.contender, record.tier].append(record)
    return {key: _side(key, runs) for key, runs in grouped.items()}


def _side(key: SideKey, runs: list[RunRecord]) -> Side:
    runs = sorted(runs, key=lambda record: record.block)
    return Side(
        key=key,
        blocks=np.array([record.block for record in runs], dtype=np.int64),
        positions=np.array([record.position for record in runs], dtype=np.float64),
        ok=np.array([record.status == "ok" for record in runs], dtype=np.bool_),
        values=np.array([values(record) for record in runs], dtype=np.float64),
        records=tuple(runs),
    )


def values(record: RunRecord) -> list[float]:
    """What a run measured, in the order of ``MEASURES``; NaN for what it did not.

    Times are per call and steady state; CPU time is per call of the whole phase, its warm-up
    included, since a phase has one CPU time. The conversion costs nothing for a contender that
    holds the C order it was given and was not asked to convert.
    """
    if record.status != "ok":
        return [math.nan] * len(MEASURES)
    found: dict[tuple[str, str], float] = {}
    for name, phase in record.phases.items():
        samples = record.samples.get(name)
        count = calls(samples) if samples else 1
        if phase.cpu_ns is not None:
            found[name, "cpu"] = phase.cpu_ns / count
        if phase.peak_rss is not None:
            found[name, "peak_rss"] = float(phase.peak_rss)
        if samples is None:
            found[name, "wall"] = float(phase.wall_ns)
        else:
            found[name, "wall"] = steady_mean(samples)
            found[name, "first_call"] = first_call(samples)
    if ("convert", "wall") in found:
        found["fit", "convert"] = found["convert", "wall"]
    cost = found.get(("convert", "wall"), 0.0 if record.layout == "c" else math.nan)
    found["convert+fit", "wall"] = found.get(("fit", "wall"), math.nan) + cost
    if record.latency is not None:
        told = latency_quantiles(record.latency, (0.5, 0.95, 0.99))
        for name, value in zip(("latency_p50", "latency_p95", "latency_p99"), told, strict=True):
            found["latency", name] = value
    return [found.get(name, math.nan) for name in _NAMES]
