"""Parity over every contender, as `rmlbench parity` runs it: nothing surprising."""

from __future__ import annotations

from unittest.mock import Mock

import pytest

from rmlbench_utils.judge.domains import svm_reference
from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.measure.parity_run import Row, rows
from rmlbench_utils.measure.request import Request

PATTERNS = (
    "regression/ridge/diabetes/alpha=1,threads=1",
    "regression/*/boston/threads=1",
    "regression/lasso/diabetes/alpha=1,threads=1",
    "regression/elastic_net/wine_red/alpha=0.01,l1_ratio=0.5,threads=1",
    "regression/linear/synthetic_linear_2000x20_*",
    "regression/linear/synthetic_deficient_500x30/*",
    "regression/ridge/synthetic_linear_2000x20_cond1e10/*",
)
OURS = ("own", "own-python")


@pytest.fixture(scope="module")
def found() -> list[Row]:
    return rows(Request(PATTERNS, tiers=("tuned",)))


def test_every_case_and_contender_has_a_row(found: list[Row]) -> None:
    assert len({row.case for row in found}) >= 9
    assert {row.contender for row in found} == {"sklearn", "linfa", "smartcore", *OURS}


def test_what_is_declared_comparable_passes_and_what_is_declared_known_fails(
    found: list[Row],
) -> None:
    surprising = [(row.case, row.contender, row.reason) for row in found if row.surprising]
    assert surprising == []


def test_our_own_pass_everywhere(found: list[Row]) -> None:
    assert {row.parity for row in found if row.contender in OURS} == {"pass"}


def test_a_row_that_fails_says_by_how_much(found: list[Row]) -> None:
    failing = [row for row in found if row.parity == "fail"]
    assert failing
    for row in failing:
        assert row.reason
        assert row.declared


def test_a_case_without_a_reference_is_unchecked_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unsolved = Mock(side_effect=NotVerified("the reference machine violates its conditions by 1"))
    monkeypatch.setattr(svm_reference, "cached_solve", unsolved)
    both = ("svm/svc/iris/C=1,kernel=rbf,threads=1", "regression/ridge/diabetes/alpha=1,threads=1")
    found = rows(Request(both, tiers=("tuned",), contenders=("sklearn", "own")))
    assert sorted((row.case.split("/")[0], row.parity) for row in found) == [
        *[("regression", "pass")] * 2,
        *[("svm", "unchecked")] * 2,
    ]
    assert unsolved.call_count == 1
    assert "there is no reference: the" in next(str(r.reason) for r in found if r.parity != "pass")
