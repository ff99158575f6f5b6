"""Did both sides run on equal terms? Equal, disclosed (named beside the row) or unequal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

import numpy as np

from rmlbench_utils.judge.sides import Side

Fairness = Literal["equal", "disclosed", "unequal"]
Facts = dict[str, Any]
HUGE_PAGE = 2 * 1024**2
UNEVEN = 0.25  # difference of the shares of runs with huge pages that is named
BIG_DATA = 8_000_000  # bytes of training matrix from which page size shows in a time
NATIVE = ("native",)
VECTOR = ("sse", "ssse", "avx", "amx", "fma", "neon", "sve")
DISCLOSED = (
    ("interpreter", "interpreter"),
    ("compiler", "compiler"),
    ("blas", "BLAS"),
    ("blas_kernel", "BLAS kernel"),
    ("allocator", "allocator"),
    ("kernel_library", "kernel library"),
)


class Terms(NamedTuple):
    """``unequal`` reasons forbid a verdict; ``disclosed`` differences stand beside it."""

    unequal: tuple[str, ...]
    disclosed: tuple[str, ...]

    @property
    def fairness(self) -> Fairness:
        return "unequal" if self.unequal else "disclosed" if self.disclosed else "equal"

    def __add__(self, other: object) -> Terms:
        if not isinstance(other, Terms):
            return NotImplemented
        return Terms(self.unequal + other.unequal, self.disclosed + other.disclosed)


def builds(
    names: tuple[str, str],
    tiers: tuple[str, str],
    facts: tuple[Facts | None, Facts | None],
    machine: dict[str, Any],
) -> Terms:
    """Compare how both workers were built and what they stand on.

    Parameters
    ----------
    names, tiers, facts
        Of the contender and the baseline; ``facts`` as in ``WORKER --list``, None if the
        manifest has no listing of that worker.
    machine
        The manifest's ``machine``; ``cpu_features`` (a list) is read where it has one.

    Notes
    -----
    A worker's own ``notes`` (such as "the caller centres the data") are differences too.
    """
    unequal: list[str] = []
    disclosed: list[str] = []
    for name, tier, known in zip(names, tiers, facts, strict=True):
        if known is None:
            disclosed.append(f"{name} states no facts about its build")
            continue
        unequal += _build(name, tier, known, machine)
        if _compiled(known) and known.get("opt_level") is None:
            disclosed.append(f"{name} does not state its optimisation level")
        disclosed += [f"{name}: {note}" for note in known.get("notes") or ()]
    if facts[0] is not None and facts[1] is not None:
        for key, label in DISCLOSED:
            a, b = facts[0].get(key), facts[1].get(key)
            if a != b:
                disclosed.append(f"{label}: {spoken(a)} / {spoken(b)}")
    return Terms(tuple(unequal), tuple(disclosed))


def _compiled(facts: Facts) -> bool:
    return not facts.get("interpreter")


def _build(name: str, tier: str, facts: Facts, machine: dict[str, Any]) -> list[str]:
    found = []
    if facts.get("debug_assertions"):
        found.append(f"{name} is built with debug assertions")
    level = facts.get("opt_level")
    if level is not None and str(level) != "3":
        found.append(f"{name} is built at optimisation level {level}, not 3")
    if tier == "shipped" and facts.get("target_cpu") in NATIVE:
        found.append(f"{name} is built for this CPU in tier shipped, which keeps the default")
    absent = lacking(facts, machine) if _compiled(facts) else []
    if absent:
        found.append(f"{name} uses CPU features the machine lacks: {', '.join(absent)}")
    return found


def lacking(facts: Facts, machine: dict[str, Any]) -> list[str]:
    """Vector instruction sets a binary is compiled for or uses that the machine does not list.

    Only vector sets are compared, and their names without dots and underscores, since the
    kernel and the compiler spell them differently. Empty where either side lists nothing.
    """
    has = machine.get("cpu_features")
    if not isinstance(has, list):
        return []
    known = {_plain(str(name)) for name in has}
    used = [
        str(name)
        for key in ("cpu_features", "compiled_cpu_features")
        if isinstance(facts.get(key), list)
        for name in facts[key]
    ]
    vector = {name for name in used if name.startswith(VECTOR)}
    return sorted(name for name in vector if _plain(name) not in known)


def _plain(name: str) -> str:
    return name.replace(".", "").replace("_", "")


def runs(contender: Side | None, baseline: Side | None, matrix_bytes: float) -> Terms:
    """Compare what the harness saw of the runs: threads, layout, page size."""
    unequal: list[str] = []
    disclosed: list[str] = []
    if contender is None or baseline is None:
        return Terms((), ())
    threads = [
        sorted({record.threads for record in side.records}) for side in (contender, baseline)
    ]
    if threads[0] != threads[1]:
        unequal.append(f"threads: {_join(threads[0])} / {_join(threads[1])}")
    layouts = [sorted({record.layout for record in side.records}) for side in (contender, baseline)]
    if layouts[0] != layouts[1]:
        disclosed.append(f"layout: {_join(layouts[0])} / {_join(layouts[1])}")
    pages = [_huge_pages(side) for side in (contender, baseline)]
    if pages[0] is None and pages[1] is None:
        return Terms(tuple(unequal), tuple(disclosed))
    if pages[0] is None or pages[1] is None:
        disclosed.append("huge pages: known of one side only")
    elif matrix_bytes >= BIG_DATA:
        most, least = max(pages[0], pages[1]), min(pages[0], pages[1])
        if most >= 2 * HUGE_PAGE and least < 0.1 * most:
            a, b = (f"{p / 1e6:.0f} MB" for p in (pages[0], pages[1]))
            unequal.append(f"memory in huge pages: {a} / {b}")
        elif text := _uneven_pages(contender, baseline):
            disclosed.append(text)
    return Terms(tuple(unequal), tuple(disclosed))


def _huge_pages(side: Side) -> float | None:
    known = [r.huge_pages for r in side.records if r.status == "ok" and r.huge_pages is not None]
    return float(np.median(known)) if known else None


def _uneven_pages(contender: Side, baseline: Side) -> str | None:
    """Where one side got huge pages in clearly more of its runs than the other."""
    shares = []
    for side in (contender, baseline):
        known = [
            r.huge_pages for r in side.records if r.status == "ok" and r.huge_pages is not None
        ]
        shares.append(float(np.mean([pages >= HUGE_PAGE for pages in known])))
    if abs(shares[0] - shares[1]) <= UNEVEN:
        return None
    a, b = (f"{100 * share:.0f} %" for share in shares)
    return f"runs that got huge pages: {a} / {b}"


def spoken(value: Any) -> str:
    """A fact in words: ``none`` for nothing, lists and objects joined by commas, a file by its
    name and the head of its digest."""
    if value is None or value == [] or value == "":
        return "none"
    if isinstance(value, dict):
        if "sha256" in value:
            return f"{PurePath(str(value.get('path'))).name} {value['sha256'][:12]}"
        if "implementation" in value:
            return f"{value['implementation']} {value.get('version', '')}".strip()
        return _join(f"{key} {each}" for key, each in value.items())
    return _join(value) if isinstance(value, list | tuple) else str(value)


def _join(parts: Iterable[object]) -> str:
    return ", ".join(str(part) for part in parts) or "none"
