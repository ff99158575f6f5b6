"""Words of a text, and their numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*|\n")


def words(text: str) -> list[str]:
    """Lowercase words, with apostrophes inside, and ends of lines; other signs are left out."""
    return _WORD.findall(text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))


def numbered(tokens: Iterable[str], first: int, most: int) -> dict[str, int]:
    """Numbers from ``first`` on for the ``most`` frequent tokens, of equal ones in their order."""
    counts = sorted(Counter(tokens).items(), key=lambda counted: (-counted[1], counted[0]))
    return {token: first + rank for rank, (token, _) in enumerate(counts[:most])}
