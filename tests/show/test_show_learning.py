"""What free seeds learned: curves, test accuracy with its interval, and early stopping."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.text import Text
from scipy import stats

from rmlbench_utils.protocol.record import PlannedCase
from rmlbench_utils.show import learning
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import MISSING
from tests.judge.factory import make_line, make_manifest, planned
from tests.networks.judged import OUTCOMES
from tests.show.test_show_curves import trained

CURVE = [0.5, 0.9, 0.95, *[0.94] * 12]
CASE = trained("lenet").model_copy(
    update={
        "params": {"batch_size": 8, "evaluate_every": 8},
        "contenders": ("torch", "tch"),
        "tolerance": OUTCOMES,
        "target": 0.95,
    }
)


def recorded(view: View, name: str, seeds: int) -> View:
    """Test accuracies spread by a thousandth around .97 and .96; tch never reaches the target
    with its last seed."""
    lines = []
    for who, accuracy in (("torch", 0.97), ("tch", 0.96)):
        for seed, z in enumerate(np.random.default_rng(0).normal(size=seeds)):
            scores = {"accuracy": accuracy + 0.001 * z, "steps_to_target": 24.0}
            if who == "tch" and seed == seeds - 1:
                del scores["steps_to_target"]
            told = {"scores": scores, "curves": {"accuracy": CURVE}, "parity": "unchecked"}
            lines.append(make_line(who, case=CASE.name, split=seed, **told))
        lines.append(lines[-1].model_copy(update={"outputs": "a" * 64}))  # with its gradients
    cases = [PlannedCase(case=CASE, contenders=[planned("torch"), planned("tch")])]
    return replace(view, name=name, manifest=make_manifest(cases), parity=lines)


@pytest.mark.parametrize(
    ("curve", "patience", "ended"),
    [
        ([0.1, 0.2, 0.3], 2, (3, 3)),
        ([0.1, 0.3, 0.2, 0.3, 0.4], 2, (4, 2)),  # as good is not better
        ([0.1, 0.3, 0.2, 0.4, 0.4, 0.4, 0.9], 2, (6, 4)),
        ([0.5], 1, (1, 1)),
        ([0.5, 0.5], 1, (2, 1)),
    ],
)
def test_training_stops_when_nothing_got_better(
    curve: list[float], patience: int, ended: tuple[int, int]
) -> None:
    assert learning.stop(curve, patience) == ended


def test_the_interval_of_a_mean_is_scipys() -> None:
    values = np.random.default_rng(1).normal(size=(20, 3))
    for column, middle, low, high in zip(values.T, *learning.mean(values), strict=True):
        said = stats.ttest_1samp(column, 0.0).confidence_interval(0.95)
        assert (middle, low, high) == pytest.approx((column.mean(), said.low, said.high))


def test_the_figure_says_what_test_rows_say(view: View) -> None:
    made = learning.figure([recorded(view, "few", 2), recorded(view, "many", 20)])
    assert isinstance(made, Picture)
    accuracies = 0.97 + 0.001 * np.random.default_rng(0).normal(size=20)
    assert f"torch {100 * accuracies.mean():.2f} [" in made.alt
    (axis,) = made.figure.axes
    assert list(axis.lines[0].get_xdata()) == [8 * (i + 1) for i in range(len(CURVE))]
    assert any("recording many" in t.get_text() for t in made.figure.findobj(Text))


def test_the_table_counts_seeds_and_stops_early(view: View) -> None:
    made = learning.table([recorded(view, "seeds", 20)])
    assert isinstance(made, Table)
    torch, tch = made.frame.to_dict("records")
    reached = "seeds that reach it"
    assert (torch["seeds"], torch[reached], tch[reached]) == (20, 20, 19)
    assert torch["steps to 95 %, if reached"] == "24 [24, 24]"
    assert torch["early stop (patience 10) at step"] == "104 [104, 104]"  # 10 later
    assert torch["best on held-out rows until then, %"] == "95.00 [95.00, 95.00]"


def test_one_seed_has_no_interval(view: View) -> None:
    made = learning.table([recorded(view, "seeds", 1)])
    assert isinstance(made, Table)
    assert made.frame["test accuracy, %"].str.endswith("[no interval]").all()
    assert made.frame["steps to 95 %, if reached"].tolist() == ["24 [no interval]", MISSING]


def test_without_evaluations_there_is_a_sentence(view: View) -> None:
    assert isinstance(learning.figure([view]), Note)
    assert isinstance(learning.table([view]), Note)
