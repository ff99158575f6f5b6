"""What every seed reached, drawn from a small recording."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.text import Text

from rmlbench_utils.protocol.record import ParityLine, PlannedCase, RunRecord
from rmlbench_utils.show import free_seeds
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View
from tests.clustering.clustering_cases import case_of
from tests.judge.factory import make_line, make_manifest, make_record, planned

CASE = case_of("kmeans", init="k-means++", level="same quality", tolerance={"objective": 0.05})
INERTIA = {"sklearn": 100.0, "linfa": 101.0, "own": 120.0}


def recorded(view: View, name: str, seeds: int, **changed: str) -> View:
    """Each contender's inertia spreads by 1 % around its own mean; ``changed``: its parity."""
    case = CASE.model_copy(update={"contenders": tuple(INERTIA)})
    cases = [PlannedCase(case=case, contenders=[planned(who) for who in INERTIA])]
    records: list[RunRecord] = []
    lines: list[ParityLine] = []
    for who, mean in INERTIA.items():
        for seed, z in enumerate(np.random.default_rng(0).normal(size=seeds)):
            key = {"case": case.name, "contender": who, "split": seed}
            records.append(make_record(**key, block=seed))
            scores = {"inertia": mean * (1 + 0.01 * z)}
            lines.append(make_line(**key, parity=changed.get(who, "unchecked"), scores=scores))
    manifest = make_manifest(cases)
    return replace(view, name=name, manifest=manifest, records=records, parity=lines)


def test_means_are_held_to_the_margin_of_the_case(view: View) -> None:
    made = free_seeds.figure([recorded(view, "seeds", 20)])
    assert isinstance(made, Picture)
    assert "sklearn: 20 seeds; linfa: ✓ same quality, 1.01" in made.alt
    assert "own: ? unchecked, 1.20" in made.alt
    (axis,) = made.figure.axes
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    assert [len(line.get_xdata()) for line in dots] == [20, 20, 20]  # type: ignore[arg-type]
    assert abs(np.log(dots[0].get_xdata()).mean()) < 1e-12  # beside the baseline's own mean
    assert any("band: what the case allows" in t.get_text() for t in made.figure.findobj(Text))


def test_the_recording_with_the_most_seeds_tells(view: View) -> None:
    few, many = recorded(view, "few", 19), recorded(view, "many", 20)
    assert "19 seeds are too few" in free_seeds.figure([few]).alt  # type: ignore[union-attr]
    made = free_seeds.figure([few, many])
    assert isinstance(made, Picture)
    assert "too few" not in made.alt
    assert any("recording many" in t.get_text() for t in made.figure.findobj(Text))


def test_an_output_that_contradicts_itself_shows_no_interval(view: View) -> None:
    made = free_seeds.figure([recorded(view, "seeds", 20, linfa="fail")])
    assert isinstance(made, Picture)
    assert "linfa: ✗ not comparable" in made.alt


def test_without_free_seeds_there_is_a_sentence(view: View) -> None:
    assert isinstance(free_seeds.figure([view]), Note)
