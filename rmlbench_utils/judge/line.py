"""One parity line out of what was compared: the worst of the gated differences decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rmlbench_utils.judge.agreement import verb
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord


@dataclass(frozen=True)
class Compared:
    """Differences from the reference by output, scores, and how failures of some are said."""

    differences: dict[str, float]
    scores: dict[str, float] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    correlation: float | None = None


def line(
    case: Case,
    record: RunRecord,
    reference: str,
    tolerances: dict[str, float],
    compared: Compared | None = None,
    wrong: str | None = None,
    unknown: str | None = None,
    doubt: str = "",
) -> ParityLine:
    """The parity line of a run.

    Parameters
    ----------
    reference
        Digest of the reference solution.
    tolerances
        Allowed difference by output; what is not there is shown and gates nothing.
    wrong
        What makes the outputs no answer at all.
    unknown
        Why there is nothing to hold them against.
    doubt
        Why another answer may be as right as the reference: one that differs is unchecked.
    """
    compared = compared or Compared({})
    differences = compared.differences
    gated = {name: differences[name] for name in tolerances if name in differences}
    gated = {} if wrong or unknown else gated
    worst = max(gated, key=lambda name: _excess(gated[name], tolerances[name]), default=None)
    parity: Literal["pass", "fail", "unchecked"] = "pass"
    reason = wrong
    if wrong:
        parity = "fail"
    elif worst is None:
        parity = "unchecked"
        reason = unknown or f"the case states no tolerance for what {case.level} needs"
    elif not gated[worst] <= tolerances[worst]:
        parity = "fail"
        reason = compared.words.get(worst) or (
            f"{worst} {verb(worst)} by {gated[worst]:.2g} from the reference, "
            f"allowed is {tolerances[worst]:.2g}"
        )
        if doubt:
            parity, reason = "unchecked", f"{reason}; but another answer may be as right: {doubt}"
    known = case.declared(record.contender, record.tier)
    return ParityLine(
        case=case.name,
        contender=record.contender,
        tier=record.tier,
        split=record.split,
        outputs=str(record.outputs),
        parity=parity,
        level=case.level,
        differences=differences,
        tolerances=tolerances,
        worst_difference=gated[worst] if worst else None,
        worst_output=worst,
        tolerance=tolerances[worst] if worst else None,
        correlation=compared.correlation,
        scores=compared.scores,
        reference=reference,
        reason=f"{reason}; known: {known}" if reason and known else reason,
    )


def _excess(difference: float, tolerance: float) -> float:
    if tolerance > 0:
        return difference / tolerance
    return float("inf") if difference > 0 else 0.0
