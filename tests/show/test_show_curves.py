"""Losses beside float64's: who stays where rounding alone leads, and who does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import matplotlib.text
import numpy as np

from rmlbench_utils.protocol.record import ParityLine, PlannedCase
from rmlbench_utils.show import curves
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View
from tests.judge.factory import make_case, make_line, make_manifest, planned

STEPS = 6
REFERENCE = np.linspace(2.3, 1.1, STEPS)
ENVELOPE = np.full(STEPS, 1e-6)


def trained(algorithm: str) -> Any:
    return make_case(
        domain="cnn",
        algorithm=algorithm,
        dataset="digits",
        params={"batch_size": 8, "evaluate_every": 0},
        named=("batch_size",),
        baseline="torch",
        contenders=("torch", "tch", "burn"),
    )


def line(algorithm: str, contender: str, apart: float, **changes: Any) -> ParityLine:
    """A training whose losses lie so many envelopes from float64's, the last one at that."""
    loss = REFERENCE + 0.1 * ENVELOPE
    loss[-1] = REFERENCE[-1] + apart * ENVELOPE[-1]
    told = {"loss": loss, "reference": REFERENCE, "envelope": ENVELOPE}
    told = {name: values.tolist() for name, values in told.items()}
    return make_line(contender, case=trained(algorithm).name, **{"curves": told, **changes})


def seen(view: View, *lines: ParityLine) -> View:
    """A recording with these parity lines."""
    cases = [
        PlannedCase(case=trained(name), contenders=[planned(who) for who in ("torch", "tch")])
        for name in ("lenet", "resnet18")
    ]
    return replace(view, name="trainings", manifest=make_manifest(cases), parity=list(lines))


def words(made: Picture) -> str:
    return " ".join(found.get_text() for found in made.figure.findobj(matplotlib.text.Text))


def test_who_is_inside_the_band_is_said(view: View) -> None:
    both = seen(view, line("lenet", "torch", 0.5), line("lenet", "tch", 1.9))
    made = curves.figure(both)
    assert isinstance(made, Picture)
    assert "lenet · digits · batch_size=8, threads=1: the loss goes from 2.3 to 1.1" in made.alt
    assert "torch and tch inside the band" in made.alt
    assert "recording trainings" in words(made)
    (axis,) = made.figure.axes
    assert axis.get_legend_handles_labels()[1] == ["allowed", "torch", "tch"]
    assert axis.get_yscale() == "log"
    assert made.svg() == made.svg()


def test_who_leaves_the_band_is_said(view: View) -> None:
    made = curves.figure(seen(view, line("lenet", "torch", 0.5), line("lenet", "tch", 2.1)))
    assert isinstance(made, Picture)
    before, _, after = made.alt.partition("torch inside the band")
    assert " tch" not in before
    assert "tch" in after
    assert "outside" in after


def test_when_all_leave_it_nobody_is_inside(view: View) -> None:
    made = curves.figure(seen(view, line("lenet", "torch", 5.0), line("lenet", "tch", 9.0)))
    assert "nobody inside the band" in made.alt  # type: ignore[union-attr]


def test_the_curves_drawn_are_the_distances(view: View) -> None:
    made = curves.figure(seen(view, line("lenet", "torch", 1.5), line("lenet", "tch", 0.0)))
    assert isinstance(made, Picture)
    torch, tch = made.figure.axes[0].lines
    assert np.isclose(np.asarray(torch.get_ydata())[-1], 1.5e-6, rtol=1e-6)
    assert np.asarray(tch.get_ydata())[-1] == curves.LEAST
    assert np.asarray(torch.get_xdata()).tolist() == list(range(1, STEPS + 1))


def test_a_case_has_a_panel_and_one_algorithm_can_be_asked(view: View) -> None:
    lines = [line(name, who, 0.5) for name in ("lenet", "resnet18") for who in ("torch", "tch")]
    made = curves.figure(seen(view, *lines))
    assert isinstance(made, Picture)
    assert len(made.figure.axes) == 2
    assert ("lenet" in made.alt, "resnet18" in made.alt) == (True, True)
    one = curves.figure(seen(view, *lines), "resnet18")
    assert isinstance(one, Picture)
    assert len(one.figure.axes) == 1
    assert "lenet" not in one.alt


def test_a_tier_has_a_curve_of_its_own(view: View) -> None:
    lines = [line("lenet", "torch", 0.5), line("lenet", "torch", 0.7, tier="tuned")]
    made = curves.figure(seen(view, *lines))
    assert "torch and torch tuned inside the band" in made.alt  # type: ignore[union-attr]


def test_without_curves_there_is_a_sentence(view: View) -> None:
    free = line("lenet", "torch", 0.5, curves={"accuracy": [0.1, 0.9]})
    for shown in (view, seen(view, free)):
        made = curves.figure(shown)
        assert isinstance(made, Note)
        assert made.text == f"No loss curves to compare in recording {shown.name}."
    there = seen(view, line("lenet", "torch", 0.5))
    assert isinstance(curves.figure(there, "resnet34"), Note)
