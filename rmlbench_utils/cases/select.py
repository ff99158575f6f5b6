"""Picks cases by name."""

from __future__ import annotations

from fnmatch import fnmatchcase

from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError, nearest


def select(cases: list[Case], patterns: list[str]) -> list[Case]:
    """The cases whose name matches any of the shell patterns, in their own order.

    A pattern that is only the beginning of a name up to a slash (a domain, a
    domain/algorithm) matches all below it; no pattern at all matches everything.

    Raises
    ------
    UsageError
        If a pattern matches nothing: with the nearest names.
    """
    for pattern in patterns:
        if not any(_matches(case.name, pattern) for case in cases):
            names = {name for case in cases for name in _prefixes(case.name)}
            raise UsageError(f"no case matches {pattern!r}: nearest are {nearest(pattern, names)}")
    return [c for c in cases if not patterns or any(_matches(c.name, p) for p in patterns)]


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or name.startswith(pattern.rstrip("/") + "/")


def _prefixes(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[: k + 1]) for k in range(len(parts))]
