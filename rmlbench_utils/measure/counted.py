"""Contenders whose work is counted, and the null case that every recording carries."""

from __future__ import annotations

import shutil

from rmlbench_utils.cases import load_cases
from rmlbench_utils.contenders.registry import Configuration, Library
from rmlbench_utils.measure import cargo
from rmlbench_utils.protocol.case import Case

DATASET = "synthetic_linear_500x20"
REPEATS = 100  # of a fit, about 2 ms, against which effects are counted
NULL = tuple(f"same-{name}" for name in "abcd")


def case(
    contenders: tuple[str, ...],
    alpha: float,
    min_blocks: int,
    max_blocks: int,
    splits: int = 2,
    dataset: str = DATASET,
) -> Case:
    """Ridge on a small matrix; ``alpha`` numbers the sets and changes no amount of work."""
    template = next(c for c in load_cases("regression", "check") if c.algorithm == "ridge")
    return template.model_copy(
        update={
            "domain": "calibration",
            "dataset": dataset,
            "params": {**template.params, "alpha": alpha},
            "named": ("alpha",),
            "contenders": contenders,
            "baseline": contenders[0],
            "known": {},
            "min_blocks": min_blocks,
            "max_blocks": max_blocks,
            "splits": splits,
        }
    )


def null_case(blocks: int) -> Case:
    """One program under four names, for as many blocks as the other cases have at least."""
    return case(NULL, 1.0, blocks, blocks)


def null_libraries() -> dict[str, Library]:
    """The names of the null case."""
    return {name: library(name, repeats(REPEATS)) for name in NULL}


def repeats(count: int, binary: str | None = None) -> tuple[str, ...]:
    """The words that start the calibration worker with this many repetitions of a fit."""
    return (f"RMLBENCH_REPEATS={count}", binary or str(cargo.binary("tuned", cargo.CALIBRATION)))


def library(name: str, words: tuple[str, ...], language: str = "rust") -> Library:
    """A command under a name; ``words`` may begin with variables of its environment."""
    env = shutil.which("env")
    assert env is not None, "POSIX has env"
    return Library(
        name=name,
        label=name,
        language=language,
        kind="command",
        command=(env, *words),
        tier={"shipped": Configuration()},
    )
