"""One line of parity: the worst of what is gated decides, and its reason is in words."""

from __future__ import annotations

from typing import Any

import pytest

from rmlbench_utils.judge.line import Compared, line
from tests.judge.factory import make_case, make_record

ALLOWED = {"decision": 1e-3, "labels": 0.0}


def made(differences: dict[str, float] | None, **told: Any):
    compared = None if differences is None else Compared(differences, words=told.pop("words", {}))
    return line(make_case(), make_record(), "f" * 64, ALLOWED, compared, **told)


def test_the_worst_by_its_own_tolerance_decides() -> None:
    found = made({"decision": 5e-4, "labels": 0.0, "objective": 9.0})
    assert (found.parity, found.worst_output, found.worst_difference) == ("pass", "decision", 5e-4)
    found = made({"decision": 2e-3, "labels": 1.0}, words={"labels": "1 row differs"})
    assert (found.parity, found.worst_output, found.reason) == ("fail", "labels", "1 row differs")
    found = made({"decision": float("nan")})
    assert found.parity == "fail"


def test_nothing_to_hold_against_is_unchecked_and_says_why() -> None:
    assert made({"objective": 0.0}).parity == "unchecked"
    found = made({}, unknown="too many rows")
    assert (found.parity, found.reason) == ("unchecked", "too many rows")


def test_a_doubtful_reference_lets_another_answer_stand_unchecked() -> None:
    assert made({"decision": 5e-4}, doubt="two rows are equally near").parity == "pass"
    found = made({"decision": 1.0}, doubt="two rows are equally near")
    assert found.parity == "unchecked"
    assert found.reason.endswith("another answer may be as right: two rows are equally near")


@pytest.mark.parametrize("told", [{}, {"doubt": "ties"}])
def test_what_is_no_answer_fails_whatever_else_is_said(told: dict[str, str]) -> None:
    found = made(None, wrong="predictions are missing", **told)
    assert (found.parity, found.reason) == ("fail", "predictions are missing")
    assert found.worst_output is None
