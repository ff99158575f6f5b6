"""What the committed recordings of support vector machines must carry."""

from __future__ import annotations

import pytest

from rmlbench_utils.judge.limits import upper_limits
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show import evidence
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View, companions, look

PAIRED = ("libsvm", "own", "own-port")
SPEED = ("digits", "synthetic_classification_5000x20")


@pytest.fixture(scope="module")
def views() -> list[View]:
    page = look(project_root() / "book/recordings/svm-standard")
    return [page, *companions(page)]


def test_kernel_machines_have_the_baselines_support_vectors_and_objective(
    views: list[View],
) -> None:
    shown = evidence.beside_baseline(views, PAIRED)
    assert isinstance(shown, Table)
    beside_sklearn = shown.frame[shown.frame["tier"] == "shipped"]
    assert list(beside_sklearn["contender"]) == list(PAIRED)
    assert set(beside_sklearn["not in"]) == {"none"}
    assert (beside_sklearn["objectives apart by at most"].astype(float) <= 1e-6).all()


@pytest.mark.parametrize("contender", ["own", "own-port"])
def test_our_own_takes_at_most_as_long(views: list[View], contender: str) -> None:
    """60 blocks or more of one thread, upper one-sided 95 % limit at most 1.05."""
    held = {}
    for view in views:
        limits = upper_limits(view.manifest, view.records, contender)
        for _, row in limits[limits["blocks"] >= 60].iterrows():
            case = view.cases[row["case"]]
            if case.dataset in SPEED and case.threads == 1 and not case.served:
                held[case.dataset] = row["upper"]
    assert set(held) == set(SPEED)
    assert max(held.values()) <= 1.05
