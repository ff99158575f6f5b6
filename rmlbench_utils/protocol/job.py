"""What a worker is asked, and what it says it can do."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from rmlbench_utils.protocol.base import Model

Layout = Literal["c", "f"]
Tier = Literal["shipped", "tuned"]
Scalar = bool | int | float | str


class FileRef(Model):
    """A file and its SHA-256."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Repeat(Model):
    """How often a phase is called: ``warmup + samples`` samples of ``batch`` calls."""

    warmup: int = Field(ge=0)
    samples: int = Field(ge=1)
    batch: int = Field(default=1, ge=1)


class Job(Model):
    """One case for one contender; field meanings are in book/protocol.md."""

    protocol: Literal[1]
    case: str
    contender: str
    tier: Tier
    algorithm: str
    params: dict[str, Scalar]
    layout: Layout
    threads: int = Field(ge=1)
    seed: int
    train: FileRef
    weights: FileRef | None
    outputs: str
    repeat: dict[str, Repeat]
    folds: bool


class Listing(Model):
    """What ``WORKER --list`` prints."""

    protocol: Literal[1]
    framework: str
    version: str
    language: str
    algorithms: dict[str, dict[str, Any]]
    phases: list[str]
    layouts: list[Layout]
    facts: dict[str, Any]
