"""A served model is held to what it gives, and to all of it."""

from __future__ import annotations

import numpy as np
import pytest

from rmlbench_utils.judge.svm.machines import machines
from rmlbench_utils.judge.svm.parity import check
from rmlbench_utils.judge.svm.reference import solve
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.svm.factory import case, data, files, fitted, outputs, record


def served(algorithm: str, name: str, bend=lambda given: None, **changes) -> ParityLine:
    one = case(algorithm).model_copy(update={"served": (record().contender,), **changes})
    train = data(name)
    full = outputs(one, fitted(one, train), train)
    given = {key: full[key] for key in ("predictions", "decision") if key in full}
    bend(given)
    reference = solve(one, train["x"], train["y"], train["x_test"])
    made = machines(one, train["x"], train["y"])
    return check(one, record(), given, reference, made, *files(train))


@pytest.mark.parametrize(
    ("algorithm", "name", "checked"),
    [
        ("svc", "iris", {"decision", "labels"}),
        ("svc", "breast_cancer", {"decision", "labels"}),
        ("svr", "diabetes", {"predictions"}),
    ],
)
def test_right_answers_pass_and_say_what_was_checked(
    algorithm: str, name: str, checked: set[str]
) -> None:
    line = served(algorithm, name)
    assert line.parity == "pass", line.reason
    assert set(line.tolerances) == checked


def test_labels_that_do_not_follow_the_decisions_fail() -> None:
    def bend(given: dict[str, np.ndarray]) -> None:
        given["predictions"] = 1 - given["predictions"]

    line = served("svc", "breast_cancer", bend)
    assert line.parity == "fail"
    assert "their own decisions" in str(line.reason)


def test_decisions_of_the_other_sign_fail() -> None:
    def bend(given: dict[str, np.ndarray]) -> None:
        given["decision"] = -given["decision"]

    assert served("svc", "breast_cancer", bend).parity == "fail"


def test_decisions_of_another_shape_and_none_fail() -> None:
    def double(given: dict[str, np.ndarray]) -> None:
        given["decision"] = np.hstack([given["decision"], -given["decision"]])

    def drop(given: dict[str, np.ndarray]) -> None:
        del given["decision"]

    for bend in (double, drop):
        line = served("svc", "breast_cancer", bend)
        assert line.parity == "fail"
        assert "decision" in str(line.reason)


def test_values_of_a_neighbouring_row_fail() -> None:
    def bend(given: dict[str, np.ndarray]) -> None:
        given["predictions"] = np.roll(given["predictions"], 1, axis=1)

    assert served("svr", "diabetes", bend).parity == "fail"


def test_what_has_no_tolerance_is_unchecked_not_passed() -> None:
    line = served("linearsvc", "iris", level="same quality")
    assert line.parity == "unchecked"
