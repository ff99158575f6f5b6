"""Did a contender compute the case's answer in every run of the recording?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from rmlbench_utils.judge.sides import Side, SideKey
from rmlbench_utils.protocol.record import ParityLine

Agreement = Literal["pass", "fail", "unchecked"]
SINGLE = ("intercept", "objective", "inertia", "log_likelihood", "n_iter", "subspace")
_WORST: dict[Agreement, int] = {"fail": 2, "unchecked": 1, "pass": 0}


class Answer(NamedTuple):
    """Parity of a side: what it is, why where it is not ``pass``, its scores."""

    parity: Agreement
    reason: str
    scores: dict[str, float]


def by_side(lines: Iterable[ParityLine]) -> dict[SideKey, list[ParityLine]]:
    """Parity lines by case, contender and tier."""
    grouped: dict[SideKey, list[ParityLine]] = defaultdict(list)
    for line in lines:
        grouped[line.case, line.contender, line.tier].append(line)
    return grouped


def answer(side: Side | None, lines: list[ParityLine]) -> Answer:
    """Parity over every distinct output of a side; any that is missing makes it unchecked."""
    failed = [line for line in lines if line.parity == "fail"]
    if failed:
        worst = max(failed, key=lambda line: line.worst_difference or 0.0)
        return Answer("fail", worst.reason or _difference(worst), {})
    if side is None and lines and all(line.parity == "pass" for line in lines):
        return Answer("pass", "", lines[0].scores)  # checked, but not timed
    if side is None or not side.ok.any():
        return Answer("unchecked", "no run gave an answer to check", {})
    checked = {(line.split, line.outputs) for line in lines if line.parity == "pass"}
    for record in side.records:
        if record.status != "ok":
            continue
        if record.outputs is None or (record.split, record.outputs) not in checked:
            said = [line.reason for line in lines if line.parity == "unchecked" and line.reason]
            return Answer("unchecked", said[0] if said else "an output was never checked", {})
    return Answer("pass", "", lines[0].scores)


def _difference(line: ParityLine) -> str:
    if line.worst_difference is None:
        return "the outputs do not agree with the reference"
    said = verb(line.worst_output)
    return (
        f"{line.worst_output} {said} by {line.worst_difference:.2g} from the reference, "
        f"allowed is {line.tolerance or 0:.2g}"
    )


def verb(output: str | None) -> str:
    """``differ`` for outputs of many values, ``differs`` for one."""
    return "differs" if output is None or output in SINGLE else "differ"


def worse(a: Agreement, b: Agreement) -> Agreement:
    """The worse of two parities: fail, then unchecked, then pass."""
    return a if _WORST[a] >= _WORST[b] else b
