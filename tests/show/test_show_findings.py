"""Findings: who fails parity, its worst case, and the reason and reproducer beside it."""

from __future__ import annotations

from dataclasses import replace

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.findings import UNKNOWN, findings
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View, look


def test_a_failure_stands_with_its_reason_and_its_reproducer() -> None:
    view = look(project_root() / "book/recordings/regression-standard")
    shown = findings([view])
    assert isinstance(shown, Table)
    rows = shown.frame[shown.frame["who"].str.startswith("linfa")]
    assert list(rows["algorithm"]) == ["linear"]
    assert rows["reproduced by"].item() == "linfa_linear_rank.rs"
    assert rows["reason in its source"].item() != UNKNOWN
    failed = {line.contender for line in view.parity if line.parity == "fail"}
    assert {who.split()[0] for who in shown.frame["who"]} == failed


def test_an_undeclared_failure_is_shown_without_a_reason(view: View) -> None:
    line = next(line for line in view.parity if line.parity == "pass")
    bad = line.model_copy(
        update={"parity": "fail", "worst_output": "decision", "worst_difference": 0.5}
    )
    shown = findings([replace(view, parity=[bad])])
    assert isinstance(shown, Table)
    row = shown.frame.iloc[0]
    assert row["what"] == "decision differ by 0.5"
    assert row["reason in its source"] in (UNKNOWN, *view.cases[line.case].known.values())


def test_where_nobody_fails_that_is_said(view: View) -> None:
    assert isinstance(findings([replace(view, parity=[])]), Note)


def test_a_reason_found_in_two_recordings_is_one_row(view: View) -> None:
    line = next(line for line in view.parity if line.parity == "pass")
    bad = [
        line.model_copy(
            update={"parity": "fail", "worst_output": "decision", "worst_difference": off}
        )
        for off in (0.25, 0.5)
    ]
    shown = findings([replace(view, parity=[one]) for one in bad])
    assert isinstance(shown, Table)
    assert list(shown.frame["what"]) == ["decision differ by 0.5"]
