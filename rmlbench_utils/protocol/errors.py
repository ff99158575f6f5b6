"""Mistakes of a user, said in one sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UsageError(ValueError):
    """Bad usage: one lowercase sentence with the bad value, what is allowed, what to do."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """The allowed names nearest to ``name`` (or the first few), as ``a, b, c``."""
    names = sorted(set(allowed))
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.3)
    return ", ".join(close or names[:5]) or "none"
