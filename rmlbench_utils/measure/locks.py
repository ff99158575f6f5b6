"""The hash-pinned lock: which of its blocks a set of packages needs. Standard library only."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==")


@dataclass
class Block:
    """One pinned package: its lines in the lock, and the packages that ask for it."""

    name: str
    lines: list[str] = field(default_factory=list)
    via: set[str] = field(default_factory=set)


def blocks(lock: Path) -> list[Block]:
    """The blocks of a lock written by ``uv pip compile --generate-hashes``."""
    found: list[Block] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if match := _PINNED.match(line):
            found.append(Block(normal(match.group(1)), [line]))
        elif line.startswith("    --hash"):
            found[-1].lines.append(line)
        elif line.startswith("    #"):
            parent = line.strip().removeprefix("#").strip().removeprefix("via").strip()
            if parent:
                found[-1].via.add(normal(parent.split()[0].split("[")[0]))
    return found


def subset(lock: Path, roots: Iterable[str]) -> str:
    """The part of a lock that installs ``roots`` and what they depend on, hashes included.

    Raises
    ------
    KeyError
        If a root is not in the lock; the argument is its name.
    """
    found = blocks(lock)
    wanted = {normal(root) for root in roots}
    for root in sorted(wanted - {block.name for block in found}):
        raise KeyError(root)
    while more := {b.name for b in found if b.via & wanted} - wanted:
        wanted |= more
    return "".join("\n".join(b.lines) + "\n" for b in found if b.name in wanted)


def normal(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement(text: str) -> str:
    """The name in a requirement such as ``jupyter-book==1.0.4.post1``."""
    match = re.match(r"[A-Za-z0-9._-]+", text)
    assert match is not None, text
    return normal(match.group(0))


def sha256(text: str) -> str:
    """Hex digest of a text."""
    return hashlib.sha256(text.encode()).hexdigest()
