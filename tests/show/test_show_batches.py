"""What a binding costs as its batch grows: its sizes with intervals, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matplotlib.text
import numpy as np
import pandas as pd
from matplotlib.container import ErrorbarContainer

from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import PlannedCase
from rmlbench_utils.show import batches
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View
from tests.judge.factory import make_case, make_manifest, planned

NAME = "lenet · digits · threads=1"


def sized(size: int, algorithm: str = "lenet") -> Case:
    return make_case(
        domain="cnn",
        algorithm=algorithm,
        dataset="digits",
        params={"batch_size": size, "evaluate_every": 0},
        named=("batch_size",),
        baseline="torch",
        contenders=("torch", "tch", "candle"),
    )


def row(case: Case, ratio: float, **changes: Any) -> dict[str, Any]:
    """A verdict about a step: the interval reaches a tenth each way."""
    return {
        "case": case.name,
        "contender": "tch",
        "tier": "shipped",
        "family": "primary",
        "effect": "binding",
        "ratio": ratio,
        "ci_low": 0.9 * ratio,
        "ci_high": 1.1 * ratio,
        "recording": "trainings",
        "n_runs": 20,
        **changes,
    }


def seen(view: View, *rows: dict[str, Any]) -> View:
    """A recording with these verdicts."""
    cases = [sized(size, name) for name in ("lenet", "resnet18") for size in (1, 4, 16, 64)]
    sides = [planned(who) for who in ("torch", "tch", "candle")]
    manifest = make_manifest([PlannedCase(case=case, contenders=sides) for case in cases])
    return replace(view, name="trainings", manifest=manifest, verdicts=pd.DataFrame(rows))


def drawn(made: Picture) -> dict[str, ErrorbarContainer]:
    """The error bars of the first panel by their label."""
    found = made.figure.axes[0].containers
    return {str(one.get_label()): one for one in found if isinstance(one, ErrorbarContainer)}


def test_sizes_of_a_binding_are_drawn_with_intervals(view: View) -> None:
    rows = [row(sized(64), 1.02), row(sized(1), 0.5), row(sized(4), 0.8)]
    made = batches.figure([seen(view, *rows)])
    assert isinstance(made, Picture)
    assert f"{NAME}, tch: 0.50 [0.45, 0.55] at 1 and 1.02 [0.92, 1.12] at 64" in made.alt
    line, _, (bars,) = drawn(made)["tch"].lines
    assert np.asarray(line.get_xdata()).tolist() == [1, 4, 64]
    assert np.asarray(line.get_ydata()).tolist() == [0.5, 0.8, 1.02]
    ends = [segment[:, 1].tolist() for segment in bars.get_segments()]
    np.testing.assert_allclose(ends, [[0.45, 0.55], [0.72, 0.88], [0.918, 1.122]])
    (axis,) = made.figure.axes
    assert axis.get_xscale() == "log"
    assert [text.get_text() for text in axis.get_xticklabels()] == ["1", "4", "64"]
    words = [found.get_text() for found in made.figure.findobj(matplotlib.text.Text)]
    assert any("recording trainings" in text for text in words)
    assert made.svg() == made.svg()


def test_other_effects_and_tiers_and_families_are_left_out(view: View) -> None:
    plain = [row(sized(1), 0.5), row(sized(4), 0.8)]
    others = [
        row(sized(1), 3.0, contender="candle", effect="library"),
        row(sized(4), 3.0, contender="candle", effect="port"),
        row(sized(1), 9.0, tier="tuned"),
        row(sized(4), 9.0, family="secondary"),
    ]
    made, with_others = (batches.figure([seen(view, *rows)]) for rows in (plain, plain + others))
    assert isinstance(with_others, Picture)
    assert with_others.alt == made.alt  # type: ignore[union-attr]
    assert set(drawn(with_others)) == {"tch"}
    tuned = batches.figure([seen(view, *plain, *others, row(sized(4), 8.0, tier="tuned"))], "tuned")
    assert "9.00 [8.10, 9.90] at 1 and 8.00 [7.20, 8.80] at 4" in tuned.alt  # type: ignore


def test_a_workload_has_a_panel(view: View) -> None:
    rows = [row(sized(n, name), 0.9) for name in ("lenet", "resnet18") for n in (1, 16)]
    made = batches.figure([seen(view, *rows)])
    assert isinstance(made, Picture)
    assert len(made.figure.axes) == 2
    assert "resnet18 · digits · threads=1, tch: " in made.alt


def test_one_size_of_a_workload_is_no_curve(view: View) -> None:
    rows = [row(sized(1), 0.5), row(sized(4), 0.8), row(sized(16, "resnet18"), 0.9)]
    made = batches.figure([seen(view, *rows)])
    assert isinstance(made, Picture)
    assert "resnet18" not in made.alt
    two = [*rows, row(sized(16, "resnet18"), 0.7, contender="burn")]
    assert "resnet18" not in batches.figure([seen(view, *two)]).alt  # type: ignore[union-attr]


def test_of_several_recordings_the_one_with_the_most_runs_tells(view: View) -> None:
    few = [row(sized(n), 0.5, n_runs=6, recording="few") for n in (1, 4)]
    many = [row(sized(n), 0.7, n_runs=20, recording="many") for n in (1, 4)]
    for order in ((few, many), (many, few)):
        made = batches.figure([seen(view, *rows) for rows in order])
        assert isinstance(made, Picture)
        assert "0.70 [0.63, 0.77] at 1 and 0.70 [0.63, 0.77] at 4" in made.alt
        assert np.asarray(drawn(made)["tch"].lines[0].get_xdata()).tolist() == [1, 4]


def test_without_sizes_there_is_a_sentence(view: View) -> None:
    for shown in ([view], [seen(view, row(sized(1), 0.5))]):
        made = batches.figure(shown)
        assert isinstance(made, Note)
        assert made.text == "No binding was measured at several batch sizes."
