"""Parity is counted with the baseline's own failures apart."""

from dataclasses import replace

import pytest
from synthetic import parity

from rmlbench_utils.show import advice, agreement, front, tables
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View

LOST = "regression/linear/diabetes/threads=1"


def fails(view: View, cases: set[str]) -> View:
    """The same recording, had the baseline missed the answer of these cases."""
    lines = [
        line.model_copy(update={"parity": "fail"})
        if line.case in cases and line.contender == "sklearn"
        else line
        for line in view.parity
    ]
    there = view.verdicts["case"].isin(cases)
    rows = view.verdicts.assign(
        parity=view.verdicts["parity"].mask(there, "fail"),
        verdict=view.verdicts["verdict"].mask(there, "not comparable"),
    )
    return replace(view, parity=lines, verdicts=rows)


@pytest.fixture
def lost(view: View) -> View:
    return fails(view, {LOST})


def test_cases_whose_baseline_fails_are_counted_apart(lost: View) -> None:
    shown = tables.answers(lost)
    assert isinstance(shown, Table)
    own = shown.frame[shown.frame["contender"] == "own"].iloc[0]
    assert own["same answer"] == "9 of 9 (in 1 more sklearn fails)"
    assert own["not the same in"] == "none"
    assert own["where the baseline fails"].endswith("threads=1: own agrees with the reference")
    smartcore = shown.frame[shown.frame["contender"] == "smartcore"].iloc[0]
    assert smartcore["same answer"] == "6 of 9 (in 1 more sklearn fails)"


def test_without_a_failing_baseline_nothing_is_added(view: View) -> None:
    shown = tables.answers(view)
    assert isinstance(shown, Table)
    assert set(shown.frame["where the baseline fails"]) == {"nowhere"}
    assert set(shown.frame["unchecked in"]) == {"none"}
    assert shown.frame["same answer"].iloc[0] == "10 of 10"


def test_the_first_page_says_once_that_the_baseline_fails(lost: View) -> None:
    page = front.front([lost])._repr_html_()
    assert "<div>own, linfa 9 of 9</div>" in page
    assert page.count("in 1 more sklearn fails") == 1


def test_the_sentence_blames_who_fails(view: View) -> None:
    linear = {name for name, case in view.cases.items() if case.algorithm == "linear"}
    said = advice.advice(fails(view, linear), "regression")
    assert "sklearn itself misses the answer for linear" in said
    assert "does not give the same answer for linear" not in said
    said = advice.advice(fails(view, set(view.cases)), "regression")
    assert said == "No answer: sklearn itself misses the reference's answer in every case."


def test_the_same_answer_on_unequal_terms_is_not_called_another(view: View) -> None:
    linear = [view.cases[case].algorithm == "linear" for case in view.verdicts["case"]]
    rows = view.verdicts.assign(verdict=view.verdicts["verdict"].mask(linear, "not comparable"))
    said = advice.advice(replace(view, verdicts=rows), "regression")
    assert "for linear nothing was measured on equal terms" in said
    assert "does not give the same answer" not in said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1.0, "1 coefficient is zero on one side only"),
        (6.0, "6 coefficients are zero on one side only"),
    ],
)
def test_a_count_of_coefficients_is_no_difference(view: View, count: float, said: str) -> None:
    one = view.cases["regression/lasso/diabetes/alpha=1,threads=1"]
    line = parity(one, "smartcore", "shipped").model_copy(
        update={"worst_output": "nonzero", "worst_difference": count, "tolerance": 0.0}
    )
    assert agreement.difference(line) == said


def test_start_up_is_said_once_for_all_workloads(view: View) -> None:
    said = advice.short_lived([view])
    assert said == (
        "Port also if processes are short-lived: the best Rust option starts in "
        "0.0027 [0.0026, 0.0027] of Python's time or less in every case."
    )
    page = front.front([view])._repr_html_()
    assert page.count("short-lived") == 1
    slow = replace(view, verdicts=view.verdicts.assign(verdict="inconclusive"))
    assert advice.short_lived([slow]) == ""


def test_a_case_that_does_not_start_faster_is_counted(view: View) -> None:
    rows = view.verdicts
    mine = (rows["contender"] == advice.best(view, "regression")) & (rows["tier"] == "shipped")
    mine &= (rows["phase"] == "startup") & (rows["metric"] == "wall")
    first = mine & (rows["case"] == rows.loc[mine, "case"].iloc[0])
    verdict = rows["verdict"].mask(first, "slower")
    some = replace(view, verdicts=rows.assign(verdict=verdict))
    said = advice.short_lived([some])
    assert said.endswith(f"or less in {mine.sum() - 1} of {mine.sum()} cases.")
