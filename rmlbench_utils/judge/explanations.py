"""What changed between two recordings that could explain a change of a ratio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rmlbench_utils.protocol.record import Manifest

MACHINE = ("cpu", "cpu_family", "cores", "memory_bytes", "kernel", "glibc", "governor", "turbo")
FACTS = ("compiler", "flags", "interpreter", "blas", "allocator", "libraries", "features")


def explanations(
    old: Manifest, new: Manifest, contender: str, baseline: str, tier: str
) -> list[str]:
    """Differences of versions, builds, sources, machine and harness, a few words each."""
    found = []
    for name in (contender, baseline):
        before, after = (_worker(made, name, tier) for made in (old, new))
        found += [f"{name}: {said}" for said in _differences(before, after)]
        if old.sources.get(name) != new.sources.get(name):
            found.append(f"{name}: the worker's sources changed")
    found += [
        f"machine: {said}"
        for said in _differences(
            {key: old.machine.get(key) for key in MACHINE},
            {key: new.machine.get(key) for key in MACHINE},
        )
    ]
    found += [f"{lock} changed" for lock, sha in old.locks.items() if new.locks.get(lock) != sha]
    if old.commit != new.commit:
        found.append(f"commit {_short(old.commit)} became {_short(new.commit)}")
    return found


def _worker(made: Manifest, name: str, tier: str) -> dict[str, Any]:
    """Version and facts of a contender's worker, of its only tier if it has one."""
    listed: dict[str, Any] = made.workers.get(f"{name}:{tier}") or next(
        (each for key, each in made.workers.items() if key.partition(":")[0] == name), {}
    )
    facts = listed.get("facts", {})
    return {"version": listed.get("version"), **{key: facts.get(key) for key in FACTS}}


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key in before:
        a, b = before[key], after.get(key)
        if a == b:
            continue
        if isinstance(a, dict) and isinstance(b, dict):
            yield from _differences(dict.fromkeys(b) | a, b)
        else:
            yield f"{key} {_said(a)} became {_said(b)}"


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


def _short(commit: str | None) -> str:
    return commit[:12] if commit else "unknown"
