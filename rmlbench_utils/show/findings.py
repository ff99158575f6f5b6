"""What a library's maintainers could act on: who fails parity, by how much, where, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from rmlbench_utils.cases import load_cases
from rmlbench_utils.judge.agreement import verb
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table, cut
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import listed, short

_REPRODUCER = re.compile(r"\(book/reproducers/([^)]+)\)")
UNKNOWN = "not found yet"
LATER = "(found after this was recorded)"
LEAST = 2  # letters of words that tell nothing


def findings(views: list[View]) -> Table | Note:
    """One row a contender, algorithm and reason: the worst failure of its kind in any recording.

    Columns: who and which version; the case with the largest excess over its tolerance; what
    differs there, by how much, what is allowed; in how many of the algorithm's cases; the reason
    found in the library's source, as the case file declares it, and whether only since; the
    files that reproduce it.
    """
    rows = [_row(views, failed) for failed in _kinds(views)]
    if not rows:
        names = listed(view.name for view in views)
        return Note(f"Nobody fails parity in recording {names}.")
    return Table(pd.DataFrame(rows), "findings")


def _kinds(views: list[View]) -> Iterator[list[tuple[View, ParityLine]]]:
    """Failed lines, each with its recording, by contender, algorithm and declared reason."""
    found: dict[tuple[str, str, str], list[tuple[View, ParityLine]]] = {}
    for view in views:
        for line in view.parity:
            if line.parity == "fail" and line.case in view.cases:
                case = view.cases[line.case]
                reason = case.declared(line.contender, line.tier) or ""
                key = (line.contender, case.algorithm, reason)
                found.setdefault(key, []).append((view, line))
    yield from found.values()


def _row(views: list[View], failed: list[tuple[View, ParityLine]]) -> dict[str, object]:
    view, worst = max(failed, key=lambda one: _excess(one[1]))
    case, who = view.cases[worst.case], worst.contender
    measured = {  # a case may stand in several recordings, not with everyone in each
        name
        for each in views
        for name, one in each.cases.items()
        if one.algorithm == case.algorithm and who in one.contenders
    }
    reason = _reason(view, worst)
    version = view.manifest.workers.get(f"{who}:{worst.tier}", {}).get("version", "")
    return {
        "who": f"{who} {version}".strip(),
        "algorithm": case.algorithm,
        "worst in": short(worst.case),
        "what": _what(worst),
        "allowed": cut(worst.tolerance, 2),
        "cases": f"{len({line.case for _, line in failed})} of {len(measured)}",
        "reason in its source": reason or UNKNOWN,
        "reproduced by": ", ".join(_reproducers(who, case.domain, case.algorithm, reason)),
    }


def _reason(view: View, line: ParityLine) -> str | None:
    """The reason declared when this was recorded, else the one that the case file has today."""
    case = view.cases[line.case]
    declared = case.declared(line.contender, line.tier)
    if declared is None:
        for today in load_cases(case.domain, view.manifest.plan.profile):
            later = today.declared(line.contender, line.tier)
            if today.name == case.name and later is not None:
                return f"{later} {LATER}"
    return declared


def _excess(line: ParityLine) -> float:
    if line.worst_difference is None or not line.tolerance:
        return float("inf")
    return line.worst_difference / line.tolerance


def _what(line: ParityLine) -> str:
    """What differs by how much, or why there is nothing to compare."""
    if line.worst_difference is None:
        return line.reason or "no usable output"
    return f"{line.worst_output} {verb(line.worst_output)} by {cut(line.worst_difference, 2)}"


def _reproducers(contender: str, domain: str, algorithm: str, reason: str | None) -> list[str]:
    """Files of ``book/reproducers`` about a contender's algorithm, or about its domain and in the
    words of the reason (BIAS.md): they are named ``CONTENDER_SUBJECT+SUBJECT_WORDS``."""
    table = (project_root() / "BIAS.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[^\W_]+", (reason or "").lower()))
    found = []
    for name in _REPRODUCER.findall(table):
        subjects, _, words = Path(name).stem.removeprefix(f"{contender}_").partition("_")
        telling = {word for word in words.split("_") if len(word) > LEAST}
        about = subjects.split("+")
        if name.startswith(f"{contender}_") and (
            algorithm in about or (domain in about and (reason is None or telling & told))
        ):
            found.append(name)
    return sorted(found)
