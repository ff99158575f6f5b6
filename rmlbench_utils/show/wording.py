"""How numbers and names are written on pages."""

from __future__ import annotations

import math
from collections.abc import Iterable

MISSING = "–"  # noqa: RUF001
TIMES = (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6), ("ns", 1e-9))
SHORT = ("svm", "cnn", "rnn")  # domains that are abbreviations
BYTES = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3), ("B", 1.0))
TO_BASE = {
    "s": ("s", 1.0),
    "ms": ("s", 1e-3),
    "us": ("s", 1e-6),
    "µs": ("s", 1e-6),
    "ns": ("s", 1e-9),
    "B": ("B", 1.0),
    "bytes": ("B", 1.0),
    "kB": ("B", 1e3),
    "MB": ("B", 1e6),
}


def known(value: object) -> bool:
    """True for a finite number: not None, NaN or infinite."""
    return (
        isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    ) or (hasattr(value, "dtype") and bool(math.isfinite(value)))  # type: ignore[arg-type]


def digits(value: float, places: int = 2) -> str:
    """``value`` with ``places`` significant digits and no exponent below a million.

    >>> digits(0.0816), digits(27.14), digits(1490.0)
    ('0.082', '27', '1500')
    """
    if value == 0:
        return "0"
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.{places - 1}e}"
    value = float(f"{value:.{places}g}")
    behind = max(0, places - 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{behind}f}"


def count(value: float) -> str:
    """A number of rows or calls with two significant digits: ``41``, ``3,100``.

    >>> count(3.42), count(41.3), count(3123.0)
    ('3.4', '41', '3,100')
    """
    return digits(value) if abs(value) < 1000 else f"{float(f'{value:.1e}'):,.0f}"


def called(domain: str) -> str:
    """How a domain stands in prose.

    >>> called("svm"), called("language_models")
    ('SVM', 'language models')
    """
    return domain.upper() if domain in SHORT else domain.replace("_", " ")


def sentence(text: str) -> str:
    """``text`` with a capital first letter; the others stay as they are."""
    return text[:1].upper() + text[1:]


def ratio(value: float) -> str:
    """A ratio: two decimals between 0.1 and 10, else two significant digits."""
    return f"{value:.2f}" if 0.1 <= value < 9.995 else digits(value)


def interval(row: object, low: str = "ci_low", high: str = "ci_high") -> str:
    """``0.82 [0.78, 0.87]`` from a verdict row, or a dash where there is no ratio."""
    value, least, most = (row[name] for name in ("ratio", low, high))  # type: ignore[index]
    if not known(value):
        return MISSING
    if not (known(least) and known(most)):
        return f"{ratio(value)} [no interval]"
    return f"{ratio(value)} [{ratio(least)}, {ratio(most)}]"


def amount(value: float, unit: str, places: int = 3) -> str:
    """A value with the unit a reader would choose: ``27.1 ms``, ``182 MB``."""
    if not known(value):
        return MISSING
    base, factor = TO_BASE.get(unit, (unit, 1.0))
    scaled = float(value) * factor
    scales = {"s": TIMES, "B": BYTES}.get(base, ((base, 1.0),))
    name, size = next((one for one in scales if abs(scaled) >= one[1]), scales[-1])
    return f"{digits(scaled / size, places)} {name}"


def ranged(value: float, low: float, high: float, unit: str) -> str:
    """A value with its interval in one unit and as many decimals: ``52.1 ms [51.0, 53.9]``."""
    said = amount(value, unit)
    if not known(value):
        return said
    if not (known(low) and known(high)):
        return f"{said} [no interval]"
    number, name = said.split(" ", 1)
    base, factor = TO_BASE.get(unit, (unit, 1.0))
    scale = factor / dict({"s": TIMES, "B": BYTES}.get(base, ((base, 1.0),)))[name]
    places = len(number.partition(".")[2])
    return f"{said} [{low * scale:.{places}f}, {high * scale:.{places}f}]"


def both(row: object) -> str:
    """The contender's value against the baseline's: ``27.1 ms against 33.0 ms``."""
    mine = amount(row["contender_value"], row["unit"])  # type: ignore[index]
    theirs = amount(row["baseline_value"], row["unit"])  # type: ignore[index]
    return f"{mine} against {theirs}"


def word(verdict: str, metric: str) -> str:
    """A verdict in the words of its metric: memory and energy are smaller or larger."""
    if metric in ("peak_rss", "energy"):
        return {"faster": "smaller", "slower": "larger"}.get(verdict, verdict)
    return verdict


def listed(names: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    items = list(names)
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def short(case: str) -> str:
    """A case without its domain, spaced for reading: ``ridge · diabetes · alpha=1, threads=1``."""
    parts = case.split("/", 3)
    return " · ".join([*parts[1:-1], parts[-1].replace(",", ", ")]).replace("synthetic_", "")
