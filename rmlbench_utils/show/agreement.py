"""Parity in a reader's words: is it the same answer, and if not, by how much."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.judge.pairs import standing
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import digits, known, listed


def worst(view: View, case: str, contender: str, tier: str) -> ParityLine | None:
    """The parity line furthest beyond its tolerance, or None if nothing was checked.

    A contender measured as shipped alone is checked in that for both tiers.
    """
    own = [line for line in view.parity if (line.case, line.contender) == (case, contender)]
    at = standing({line.tier for line in own}, tier)
    lines = [line for line in own if line.tier == at]
    order = {"fail": 2, "unchecked": 1, "pass": 0}
    return max(lines, key=lambda line: (order[line.parity], _excess(line)), default=None)


def _excess(line: ParityLine) -> float:
    if line.worst_difference is None:
        return 0.0
    return line.worst_difference / (line.tolerance or 1.0)


def difference(line: ParityLine | None) -> str:
    """``differs by 2.6e-05, allowed 1e-08`` or why there is no number."""
    if line is None:
        return "no output was checked"
    if line.worst_difference is None or not known(line.worst_difference):
        return line.reason or "the difference is unknown"
    if line.worst_output == "nonzero":
        count = round(line.worst_difference)
        words = "coefficient is" if count == 1 else "coefficients are"
        return f"{count} {words} zero on one side only"
    where = f" in {line.worst_output}" if line.worst_output else ""
    allowed = "" if line.tolerance is None else f", allowed {line.tolerance:.1g}"
    return f"differs by {line.worst_difference:.2g}{where}{allowed}"


def comparable(row: pd.Series) -> bool:
    """True if a ratio may be shown for this row: both sides passed parity."""
    return row["parity"] == "pass" and row["verdict"] != "not comparable"


def baseline_fails(view: View, row: pd.Series) -> bool:
    """True if the baseline of this row is not the reference's answer: nobody can agree with it."""
    line = worst(view, row["case"], row["baseline"], row["tier"])
    return line is not None and line.parity == "fail"


def barred(view: View, row: pd.Series) -> str:
    """Why a row that is not comparable is not, in two or three words."""
    if row["parity"] != "pass":
        if baseline_fails(view, row):
            return f"{row['baseline']} has no parity"
        return "no parity" if row["parity"] == "fail" else "parity unchecked"
    return "unequal terms" if row["fairness"] == "unequal" else "not comparable"


def mark(view: View, row: pd.Series) -> str:
    """``✓ same answer``, ``✗ not comparable`` or ``? parity unchecked``.

    The answer can be the same and a ratio still be barred: ``✓ same answer, not comparable``.
    """
    if row["parity"] == "pass":
        barred = "" if comparable(row) else ", not comparable"
        return f"✓ {view.cases[row['case']].level}{barred}"
    return "? parity unchecked" if row["parity"] == "unchecked" else "✗ not comparable"


def split(view: View, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows whose baseline is the reference's answer, and those where it fails itself."""
    fails = [baseline_fails(view, row) for _, row in rows.iterrows()]
    return where(rows, (not each for each in fails)), where(rows, fails)


def counts(view: View, rows: pd.DataFrame) -> str:
    """``5 of 7``: in how many of the rows that can agree parity holds."""
    able, _ = split(view, rows)
    return f"{int((able['parity'] == 'pass').sum())} of {len(able)}"


def aside(rows: pd.DataFrame) -> str:
    """``in 2 more sklearn fails``, of rows whose baseline fails; nothing where there is none."""
    if rows.empty:
        return ""
    return f"in {rows['case'].nunique()} more {listed(dict.fromkeys(rows['baseline']))} fails"


def score(line: ParityLine, name: str) -> str:
    """A score of a parity line, or a dash."""
    value = line.scores.get(name)
    return digits(value, 4) if value is not None and known(value) else "–"  # noqa: RUF001
