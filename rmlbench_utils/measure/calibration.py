"""What a calibration measures: contenders whose true ratio is known, through the real chain."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.judge.calibration import (
    LATE,
    RAGGED_RARE,
    RAGGED_USUAL,
    STEADY,
    caught,
    comparisons,
)
from rmlbench_utils.judge.days import across
from rmlbench_utils.judge.error_rates import own, rates, seconds_a_pair, tools
from rmlbench_utils.measure import build, builds, counted, rivals, session
from rmlbench_utils.measure.counted import REPEATS, repeats
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.record import Manifest
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

EFFECTS = (1, 2, 5, 10)
LOSSES = ("1e-12", "1e-6", "1e-4")  # relative error of every coefficient
NAMES = "abcdef"
RIVAL_PAIRS = 40
TURNS = f"rmlbench-turns-{os.getpid()}"  # counts runs, in the temporary folder
LARGER = "synthetic_linear_20000x50"  # on which a fit of scikit-learn takes some 10 ms


@dataclass(frozen=True)
class Experiment:
    """Contenders that share their blocks, in how many sets, and the blocks of a set."""

    contenders: tuple[str, ...]
    sets: int
    min_blocks: int = 20
    max_blocks: int = 40
    splits: int = 2
    dataset: str = counted.DATASET

    def case(self, alpha: float) -> Case:
        """The case of one set."""
        blocks = (self.min_blocks, self.max_blocks)
        return counted.case(self.contenders, alpha, *blocks, self.splits, self.dataset)


EXPERIMENTS = (
    Experiment((*(f"same-{n}" for n in NAMES), *(f"plus-{k}" for k in EFFECTS)), 40, max_blocks=60),
    Experiment(tuple(f"build-{n}" for n in NAMES[:5]), 8),
    Experiment(("steady", "ragged"), 12),
    Experiment(("light-a", "light-b", "heavy"), 8),
    Experiment(tuple(f"python-{n}" for n in NAMES[:4]), 8, max_blocks=20, dataset=LARGER),
    Experiment(("turn-a", "turn-b"), 12),
    Experiment(("same-a", *(f"loss-{x}" for x in LOSSES)), 2, 10, 10, splits=10),
)


def calibrate(
    place: Path, budget_s: float | None, seed: int, share: float, say: Callable[[str], None]
) -> Recording:
    """Record the calibration, or go on with it.

    ``share`` scales the number of sets of each experiment, and of pairs given to other tools;
    at least one of each.
    """
    request = Request(("calibration",), "calibration", budget_s=budget_s, seed=seed)
    cases: list[Case] = []
    for one in EXPERIMENTS:
        first = len(cases) + 1
        for number in range(first, first + max(1, round(one.sets * share))):
            cases.append(one.case(float(number)))
    workers = contenders()
    stage = Stage(workers, project_root() / ".cache" / "data", seed)
    tiers = {name: list(library.tiers) for name, library in workers.items()}
    try:
        recording = session.measured(Work(request, stage, cases, {}, tiers, None), place)
    finally:
        Path(tempfile.gettempdir(), TURNS).unlink(missing_ok=True)
    pairs = max(1, round(RIVAL_PAIRS * share))
    rivals.record(recording.path, pairs, seconds_a_pair(recording.records), say)
    return recording


def findings(
    recording: Recording, others: list[tuple[Manifest, pd.DataFrame]] | None = None
) -> dict[str, Any]:
    """What a calibration recording says, as ``rmlbench calibrate --json`` prints it.

    Parameters
    ----------
    others
        Recordings of workloads with their tables of verdicts, for the null ``days``: the same
        ratio in two of them.

    Raises
    ------
    UsageError
        If the recording is none.
    """
    table = comparisons(recording.manifest, recording.records)
    if table.empty:
        raise UsageError(
            f"{recording.name} is no calibration: give one made by `rmlbench calibrate`"
        )
    given = [one.model_dump() for one in rivals.read(recording.path)]
    ours = own(table, seconds_a_pair(recording.records)) if given else []
    return {
        **rates(table),
        "days": across(others or []),
        "losses": caught(recording.parity),
        "tools": tools(pd.DataFrame([*ours, *given])) if given else [],
        "budget_s": recording.manifest.plan.budget_s,
    }


def contenders() -> dict[str, Library]:
    """The workers of the calibration, built; each is a command."""
    python = libraries()["sklearn"]
    build.build([python], ["shipped"])
    built = builds.shuffled(5)
    interpreted = (f"PYTHONPATH={project_root()}", *build.command(python, "shipped"))
    turns = (f"RMLBENCH_LATE={LATE}", f"RMLBENCH_TURNS={TURNS}")
    told = {
        **{f"same-{n}": repeats(REPEATS) for n in NAMES},
        **{f"plus-{k}": repeats(REPEATS + REPEATS * k // 100) for k in EFFECTS},
        **{
            f"build-{n}": repeats(REPEATS, str(path)) for n, path in zip(NAMES, built, strict=False)
        },
        "steady": repeats(STEADY),
        "ragged": (f"RMLBENCH_RARELY={RAGGED_RARE}", *repeats(RAGGED_USUAL)),
        "light-a": repeats(REPEATS),
        "light-b": repeats(REPEATS),
        **{f"turn-{n}": (*turns, *repeats(REPEATS)) for n in NAMES[:2]},
        **{f"loss-{loss}": (f"RMLBENCH_LOSS={loss}", *repeats(REPEATS)) for loss in LOSSES},
    }
    rust = {name: counted.library(name, words) for name, words in told.items()}
    names = ("heavy", *(f"python-{n}" for n in NAMES[:4]))
    return rust | {name: counted.library(name, interpreted, "python") for name in names}
