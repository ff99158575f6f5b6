"""A small recording of known content, written to a folder: no machine measured anything."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import zstandard

from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import Repeat
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

MS = 1_000_000
LANGUAGE = {
    "sklearn": "python",
    "own-python": "python",
    "own": "rust",
    "linfa": "rust",
    "smartcore": "rust",
}
SIZES = {
    "diabetes": (353, 10),
    "synthetic_linear_2000x50": (1600, 50),
    "synthetic_linear_20000x50": (16000, 50),
    "synthetic_linear_200000x50": (160000, 50),
}
BASE_MS = {
    "diabetes": 0.6,
    "synthetic_linear_2000x50": 4.0,
    "synthetic_linear_20000x50": 40.0,
    "synthetic_linear_200000x50": 900.0,
}
# contender → algorithm → time of fit over the baseline's
FACTOR = {
    "own": {"linear": 0.5, "ridge": 0.77, "lasso": 0.88},
    "own-python": {"linear": 0.8, "ridge": 0.9, "lasso": 2.0},
    "linfa": {"linear": 0.29, "ridge": 1.3, "lasso": 3.0},
    "smartcore": {"linear": 3.2, "ridge": 100.0, "lasso": 87.0},
}
START_MS = {"python": (12, 640, 60), "rust": (1.5, 0, 0.4)}
ROW_NS = {"sklearn": 70_000, "own-python": 3_000, "own": 50, "linfa": 60, "smartcore": 200}
DIGEST = "0" * 64


def case(algorithm: str, dataset: str) -> Case:
    """A case with all contenders; smartcore's lasso is known to fail."""
    params: dict[str, Any] = {} if algorithm == "linear" else {"alpha": 1.0}
    return Case(
        domain="regression",
        algorithm=algorithm,
        dataset=dataset,
        params=params,
        named=tuple(params),
        threads=1,
        baseline="sklearn",
        contenders=tuple(LANGUAGE),
        tolerance={"predictions": 1e-6},
        tolerance_reason="double precision",
        known={"smartcore": "no exact zeros"} if algorithm == "lasso" else {},
    )


def bin_of(ns: float) -> int:
    """The 1 % bin of a latency."""
    return math.floor(math.log(ns) / math.log(1.01))


def record(one: Case, contender: str, tier: str, block: int, position: int) -> RunRecord:
    """One run; times wobble by a fixed pattern of a few per cent."""
    wobble = 1 + 0.02 * math.sin(1.7 * block + 2.3 * position)
    factor = FACTOR.get(contender, {}).get(one.algorithm, 1.0) * (0.9 if tier == "tuned" else 1)
    fit = int(BASE_MS[one.dataset] * factor * wobble * MS)
    start = [int(part * wobble * MS) for part in START_MS[LANGUAGE[contender]]]
    rss = 150_000_000 if LANGUAGE[contender] == "python" else 12_000_000
    rss += SIZES[one.dataset][0] * SIZES[one.dataset][1] * 16

    def phase(ns: int) -> PhaseTime:
        return PhaseTime(wall_ns=ns, cpu_ns=ns, peak_rss=rss, harness_ns=ns)

    return RunRecord.model_validate(
        {
            "case": one.name,
            "contender": contender,
            "tier": tier,
            "role": "run",
            "block": block,
            "position": position,
            "predecessor": None,
            "resumed": False,
            "status": "ok",
            "reason": None,
            "started": "2026-11-23T08:00:00+00:00",
            "split": 0,
            "seed": block,
            "layout": "c",
            "threads": 1,
            "exit_code": 0,
            "phases": {
                "startup": phase(sum(start)),
                "load": phase(MS),
                "fit": phase(3 * fit),
                "predict": phase(MS),
            },
            "startup": dict(zip(("loader", "libraries", "rest"), start, strict=True)),
            "samples": {
                "fit": Samples(warmup=1, batch=1, ns=[2 * fit, fit, fit], rest_count=0, rest_ns=0),
                "predict": Samples(warmup=0, batch=1, ns=[fit // 10 + 1], rest_count=0, rest_ns=0),
            },
            "latency": Latency(batch=1, bins=[(bin_of(ROW_NS[contender] * wobble), 100)]),
            "curves": {},
            "outputs": DIGEST,
            "peak_rss": rss,
            "huge_pages": 0,
            "threads_seen": 1,
            "probe_ns": MS,
            "overhead_ns": 4 * MS,
            "steal": 0.0,
            "foreign": 0.0,
            "stderr": "",
        }
    )


def parity(one: Case, contender: str, tier: str) -> ParityLine:
    """Passing but for what is declared to fail."""
    bad = contender in one.known
    gap = 2.6e-3 if bad else 3e-14
    return ParityLine(
        case=one.name,
        contender=contender,
        tier=tier,
        split=0,
        outputs=DIGEST,
        parity="fail" if bad else "pass",
        level=one.level,
        worst_difference=gap,
        worst_output="predictions",
        tolerance=1e-6,
        differences={"predictions": gap},
        tolerances={"predictions": 1e-6},
        correlation=0.999999,
        scores={"rmse": 53.4567, "r2": 0.4512, "cv_rmse": 54.9},
        reference="1" * 64,
        reason=one.known.get(contender),
    )


def listing(contender: str) -> dict[str, Any]:
    """What the worker of a contender says it is."""
    return {
        "protocol": 1,
        "framework": contender,
        "version": "1.0.0",
        "language": LANGUAGE[contender],
        "algorithms": {},
        "phases": ["fit", "predict"],
        "layouts": ["c", "f"],
        "facts": {
            "compiler": "rustc 1.90" if LANGUAGE[contender] == "rust" else None,
            "threads": 1,
            "libraries": {contender: "1.0.0"},
            "cpu_features": ["avx2"],
        },
    }


def write(folder: Path, blocks: int = 20, profile: str = "standard") -> Path:
    """Write manifest, records and parity lines of a recording; returns its folder."""
    cases = [
        case(algorithm, dataset)
        for algorithm in ("linear", "ridge", "lasso")
        for dataset in (SIZES if algorithm == "linear" else list(SIZES)[:3])
    ]
    tiers = ("shipped", "tuned")
    planned = [
        PlannedCase(
            case=one,
            contenders=[
                PlannedContender(
                    contender=name,
                    tier=tier,
                    worker=name,
                    layout="c",
                    repeat={"fit": Repeat(warmup=1, samples=2)},
                    estimate_s=1.0,
                )
                for name in LANGUAGE
                for tier in tiers
            ],
        )
        for one in cases
    ]
    plan = Plan(profile=profile, seed=0, budget_s=60.0, cases=planned)
    manifest = Manifest(
        name=folder.name,
        created="2026-11-23T08:00:00+00:00",
        finished="2026-11-23T08:30:00+00:00",
        plan=plan,
        plan_sha256=plan.sha256,
        commit="abcdef0123456789",
        dirty=False,
        locks={},
        sources={},
        machine={
            "cpu": "Synthetic CPU @ 2.00GHz",
            "cores": 2,
            "virtualised": True,
            "memory_bytes": 16 * 2**30,
        },
        workers={f"{name}:{tier}": listing(name) for name in LANGUAGE for tier in tiers},
        datasets={
            name: {"rows": n * 5 // 4, "train_rows": n, "test_rows": n // 4, "columns": d}
            for name, (n, d) in SIZES.items()
        },
        references={},
        unavailable={"regression/ridge/california": "no network"},
        interruptions=[],
        layout_pilot=[
            {
                "case": cases[2].name,
                "algorithm": "linear",
                "contender": name,
                "tier": "shipped",
                "layout": layout,
                "fit_ns": (2 if layout == "c" else 1) * 8 * MS,
                "convert_ns": MS,
                "chosen": layout == "f",
                "status": "ok",
                "reason": None,
            }
            for name in ("sklearn", "linfa")
            for layout in ("c", "f")
        ],
    )
    sides = [(name, tier) for name in LANGUAGE for tier in tiers]
    records = [
        record(one, name, tier, block, position)
        for one in cases
        for block in range(blocks)
        for position, (name, tier) in enumerate(sides)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(manifest.model_dump_json(indent=1))
    lines = "".join(one.line() + "\n" for one in records).encode()
    (folder / "records.jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(lines))
    lines_of_parity = [parity(one, name, tier).line() for one in cases for name, tier in sides]
    (folder / "parity.jsonl").write_text("".join(line + "\n" for line in lines_of_parity))
    return folder
