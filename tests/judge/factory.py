"""Synthetic recordings: plan, manifest, records and parity lines that a test can bend."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import (
    Latency,
    Manifest,
    ParityLine,
    PhaseTime,
    Plan,
    PlannedCase,
    PlannedContender,
    RunRecord,
    Samples,
)

CASE = "regression/ridge/diabetes/alpha=1,threads=1"
DIGEST = "a" * 64
PYTHON_FACTS: dict[str, Any] = {
    "compiler": None,
    "opt_level": None,
    "debug_assertions": False,
    "target_cpu": None,
    "blas": ["openblas"],
    "blas_kernel": ["Haswell"],
    "allocator": "system",
    "interpreter": {"implementation": "CPython", "version": "3.11.7"},
    "kernel_library": None,
}
RUST_FACTS: dict[str, Any] = {
    "compiler": "rustc 1.90",
    "opt_level": "3",
    "debug_assertions": False,
    "target_cpu": "x86-64",
    "cpu_features": ["sse2"],
    "blas": None,
    "blas_kernel": None,
    "allocator": "system",
    "interpreter": None,
    "kernel_library": None,
}


def make_case(**changes: Any) -> Case:
    """``ridge/diabetes``: baseline sklearn, contender linfa."""
    fields: dict[str, Any] = {
        "domain": "regression",
        "algorithm": "ridge",
        "dataset": "diabetes",
        "params": {"alpha": 1.0},
        "named": ("alpha",),
        "threads": 1,
        "baseline": "sklearn",
        "contenders": ("sklearn", "linfa"),
        "tolerance": {"predictions": 1e-6, "coefficients": 1e-8, "intercept": 1e-8},
        "tolerance_reason": "rounding",
    }
    return Case(**{**fields, **changes})


def planned(contender: str, tier: str = "shipped", **changes: Any) -> PlannedContender:
    fields: dict[str, Any] = {
        "contender": contender,
        "tier": tier,
        "worker": contender,
        "layout": "c",
        "repeat": {},
        "estimate_s": 1.0,
    }
    return PlannedContender(**{**fields, **changes})


def make_manifest(
    cases: list[PlannedCase] | None = None, plan: dict[str, Any] | None = None, **changes: Any
) -> Manifest:
    cases = cases or [
        PlannedCase(case=make_case(), contenders=[planned("sklearn"), planned("linfa")])
    ]
    fields: dict[str, Any] = {"profile": "standard", "seed": 1, "budget_s": 60.0, "cases": cases}
    made = Plan(**{**fields, **(plan or {})})
    workers = {}
    for one in (one for case in cases for one in case.contenders):
        python = one.worker in ("sklearn", "own-python")
        workers[f"{one.worker}:{one.tier}"] = {"facts": PYTHON_FACTS if python else RUST_FACTS}
    manifest: dict[str, Any] = {
        "name": "synthetic",
        "created": "2026-11-23T00:00:00Z",
        "finished": "2026-11-23T01:00:00Z",
        "plan": made,
        "plan_sha256": made.sha256,
        "commit": None,
        "dirty": False,
        "locks": {},
        "sources": {},
        "machine": {"cpu": "test CPU"},
        "workers": workers,
        "datasets": {"diabetes": {"rows": 442, "columns": 10}},
        "references": {},
        "layout_pilot": [],
        "unavailable": {},
        "interruptions": [],
    }
    return Manifest(**{**manifest, **changes})


def make_record(fit_ns: float = 2e7, **changes: Any) -> RunRecord:
    """A good run whose every fit took ``fit_ns``: two warm-ups at twice that, five samples."""
    fit = round(fit_ns)
    samples = Samples(warmup=2, batch=1, ns=[2 * fit, 2 * fit, *[fit] * 5], rest_count=0, rest_ns=0)
    wall = 9 * fit
    fields: dict[str, Any] = {
        "case": CASE,
        "contender": "linfa",
        "tier": "shipped",
        "role": "run",
        "block": 0,
        "position": 0,
        "predecessor": None,
        "resumed": False,
        "status": "ok",
        "reason": None,
        "started": "2026-11-23T00:00:00Z",
        "split": 0,
        "seed": 1,
        "layout": "c",
        "threads": 1,
        "exit_code": 0,
        "phases": {
            "startup": PhaseTime(wall_ns=10**8, cpu_ns=None, peak_rss=None, harness_ns=10**8),
            "fit": PhaseTime(wall_ns=wall, cpu_ns=wall, peak_rss=50_000_000, harness_ns=wall),
        },
        "startup": {},
        "samples": {"fit": samples},
        "latency": Latency(batch=1, bins=[(1000, 90), (1100, 9), (1200, 1)]),
        "curves": {},
        "outputs": DIGEST,
        "peak_rss": 60_000_000,
        "huge_pages": 0,
        "threads_seen": 1,
        "probe_ns": 10**6,
        "overhead_ns": 10**6,
        "steal": 0.0,
        "foreign": 0.0,
        "stderr": "",
    }
    return RunRecord(**{**fields, **changes})


def failed(record: RunRecord, status: str = "timeout", reason: str = "it failed") -> RunRecord:
    """The same run, failed: nothing measured."""
    nothing = {"phases": {}, "samples": {}, "latency": None, "outputs": None}
    return record.model_copy(update={"status": status, "reason": reason, **nothing})


def make_line(contender: str, **changes: Any) -> ParityLine:
    fields: dict[str, Any] = {
        "case": CASE,
        "contender": contender,
        "tier": "shipped",
        "split": 0,
        "outputs": DIGEST,
        "parity": "pass",
        "level": "same answer",
        "worst_difference": 1e-12,
        "worst_output": "coefficients",
        "tolerance": 1e-8,
        "differences": {"coefficients": 1e-12},
        "tolerances": {"coefficients": 1e-8},
        "correlation": 1.0,
        "scores": {"r2": 0.5},
        "reference": "b" * 64,
        "reason": None,
    }
    return ParityLine(**{**fields, **changes})


@dataclass
class Synthetic:
    """Records of planned contenders whose fit takes ``times[id](block)`` ns."""

    manifest: Manifest
    blocks: int = 20
    seed: int = 3
    noise: float = 0.01
    times: dict[str, Callable[[int], float] | float] = field(default_factory=dict)

    def records(self) -> list[RunRecord]:
        """Every block of every case: balanced order, log-normal noise a run."""
        random = np.random.default_rng(self.seed)
        made = []
        for item in self.manifest.plan.every:
            for block in range(self.blocks):
                order = item.contenders if block % 2 == 0 else item.contenders[::-1]
                for position, one in enumerate(order):
                    given = self.times.get(one.id, self.times.get(one.contender, 2e7))
                    base = given(block) if callable(given) else given
                    made.append(
                        make_record(
                            base * np.exp(self.noise * random.standard_normal()),
                            case=item.case.name,
                            contender=one.contender,
                            tier=one.tier,
                            block=block,
                            position=position,
                            layout=one.layout,
                        )
                    )
        return made

    def lines(self) -> list[ParityLine]:
        """One passing parity line for each contender."""
        return [
            make_line(one.contender, tier=one.tier, case=item.case.name)
            for item in self.manifest.plan.every
            for one in item.contenders
        ]
