"""What `rmlbench list` and `rmlbench build` show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rmlbench_utils.cases import domains, load_cases
from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.datasets import catalogue
from rmlbench_utils.datasets.pretrained import CARDS
from rmlbench_utils.measure import build
from rmlbench_utils.measure.settings import PROFILES
from rmlbench_utils.protocol.errors import UsageError, nearest

Rows = list[dict[str, Any]]


def cases(profile: str) -> Rows:
    """Cases of every domain at a profile."""
    if profile not in PROFILES:
        raise UsageError(f"profile is {profile!r}: choose from {', '.join(PROFILES)}")
    return [
        {"case": case.name, "contenders": ", ".join(case.contenders), "level": case.level}
        for domain in domains()
        for case in load_cases(domain, profile)  # type: ignore[arg-type]
    ]


def contenders() -> Rows:
    """Contenders with language, tiers and where their configuration is described."""
    return [
        {"contender": name, "language": library.language, "tiers": ", ".join(library.tiers)}
        for name, library in libraries(None).items()
    ]


def datasets() -> Rows:
    """Datasets with what their cards say."""
    return [
        {"dataset": name, "rows": card.rows, "columns": card.columns, "licence": card.licence}
        for name, card in catalogue().items()
    ]


def weights() -> Rows:
    """Networks that begin from trained weights, with what the weights' cards say."""
    return [
        {"network": name, "weights": card.title, "licence": card.licence}
        for name, card in CARDS.items()
    ]


def build_all(wanted: list[str], workers: Path | None) -> Rows:
    """Build the workers of the contenders named, or of all."""
    known = libraries(workers)
    for name in wanted:
        if name not in known:
            raise UsageError(f"no contender is {name!r}: nearest are {nearest(name, known)}")
    chosen = {name: lib for name, lib in known.items() if not wanted or name in wanted}
    build.build(chosen.values(), {tier for lib in chosen.values() for tier in lib.tiers})
    return [
        {"contender": name, "tier": tier, "command": " ".join(build.command(library, tier))}
        for name, library in chosen.items()
        for tier in library.tiers
    ]
