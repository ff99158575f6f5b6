"""What a library's maintainers could act on: who fails parity, by how much, where, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from rmlbench_utils.judge.agreement import verb
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table, cut
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import short

_REPRODUCER = re.compile(r"\(book/reproducers/([^)]+)\)")
UNKNOWN = "not found yet"


def findings(view: View) -> Table | Note:
    """One row a contender, algorithm and reason: the worst failure of its kind.

    Columns: who and which version; the case with the largest excess over its tolerance; what
    differs there, by how much, what is allowed; in how many of the algorithm's cases; the reason
    found in the library's source, as the case file declares it; the files that reproduce it.
    """
    rows = [_row(view, lines) for lines in _kinds(view)]
    if not rows:
        return Note(f"Nobody fails parity in recording {view.name}.")
    return Table(pd.DataFrame(rows), "findings")


def _kinds(view: View) -> Iterator[list[ParityLine]]:
    """Failed lines by contender, algorithm and declared reason."""
    found: dict[tuple[str, str, str], list[ParityLine]] = {}
    for line in view.parity:
        if line.parity == "fail" and line.case in view.cases:
            case = view.cases[line.case]
            key = (line.contender, case.algorithm, case.declared(line.contender, line.tier) or "")
            found.setdefault(key, []).append(line)
    yield from found.values()


def _row(view: View, lines: list[ParityLine]) -> dict[str, object]:
    worst = max(lines, key=_excess)
    case, who = view.cases[worst.case], worst.contender
    cases = [one for one in view.cases.values() if one.algorithm == case.algorithm]
    version = view.manifest.workers.get(f"{who}:{worst.tier}", {}).get("version", "")
    return {
        "who": f"{who} {version}".strip(),
        "algorithm": case.algorithm,
        "worst in": short(worst.case),
        "what": _what(worst),
        "allowed": cut(worst.tolerance, 2),
        "cases": f"{len({line.case for line in lines})} of "
        f"{sum(who in one.contenders for one in cases)}",
        "reason in its source": case.declared(who, worst.tier) or UNKNOWN,
        "reproduced by": ", ".join(_reproducers(who, case.domain, case.algorithm)),
    }


def _excess(line: ParityLine) -> float:
    if line.worst_difference is None or not line.tolerance:
        return float("inf")
    return line.worst_difference / line.tolerance


def _what(line: ParityLine) -> str:
    """What differs by how much, or why there is nothing to compare."""
    if line.worst_difference is None:
        return line.reason or "no usable output"
    return f"{line.worst_output} {verb(line.worst_output)} by {cut(line.worst_difference, 2)}"


def _reproducers(contender: str, domain: str, algorithm: str) -> list[str]:
    """Files of ``book/reproducers`` about a contender's algorithm or domain (BIAS.md)."""
    table = (project_root() / "BIAS.md").read_text(encoding="utf-8")
    stems = (f"{contender}_{algorithm}", f"{contender}_{domain}")
    return sorted(name for name in _REPRODUCER.findall(table) if name.startswith(stems))
