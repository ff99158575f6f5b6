"""Other committed recordings of a domain stand beside a page's own."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from synthetic import write

from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show import evidence, front, lines, scaling, tables
from rmlbench_utils.show import view as views
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.provenance import provenance
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without any committed recording."""
    monkeypatch.setattr(views, "project_root", lambda: tmp_path)
    return tmp_path / "book" / "recordings"


def renamed(view: View, name: str, cases: int | None = None) -> View:
    """The recording under another name, of its first cases alone if so many are given."""
    planned = view.manifest.plan.cases[:cases]
    plan = view.manifest.plan.model_copy(update={"cases": planned})
    manifest = view.manifest.model_copy(update={"name": name, "plan": plan})
    kept = {one.case.name for one in planned}
    return View(
        name=name,
        manifest=manifest,
        records=[run for run in view.records if run.case in kept],
        parity=view.parity,
        verdicts=view.verdicts[view.verdicts["case"].isin(kept)],
        notes=[],
    )


def elsewhere(view: View) -> View:
    """The recording, had its first case been all and of another domain."""
    first = view.manifest.plan.cases[0]
    other = first.model_copy(update={"case": first.case.model_copy(update={"domain": "svm"})})
    plan = view.manifest.plan.model_copy(update={"cases": [other]})
    return replace(view, manifest=view.manifest.model_copy(update={"plan": plan}))


def test_without_committed_recordings_there_is_no_companion(view: View, committed: Path) -> None:
    assert views.companions(view) == []


def test_companions_are_of_the_domain_and_not_the_page_itself(view: View, committed: Path) -> None:
    for name in ("synthetic", "speed"):
        write(committed / name, blocks=2, profile="check")
    assert [one.name for one in views.companions(view)] == ["speed"]
    assert views.companions(elsewhere(view)) == []


def test_limits_join_the_recordings_and_say_what_is_allowed(view: View) -> None:
    shown = evidence.limits([view, renamed(view, "speed", 2)], "own")
    assert isinstance(shown, Table)
    table = shown.frame
    assert list(table["recording"].unique()) == ["synthetic", "speed"]
    assert (table["recording"] == "speed").sum() == 2 * 2
    assert set(table["allowed"]) == {"1.05"}
    assert set(table["at most allowed"]) == {"yes"}
    assert set(table["blocks"]) == {20}
    assert table["machine and day"].iloc[0].endswith("16 GiB, 2026-11-23")
    slow = evidence.limits([view], "smartcore")
    assert isinstance(slow, Table)
    assert set(slow.frame["at most allowed"]) == {"no", "cannot tell: no parity"}


def test_the_limit_is_held_against_the_margin_of_the_case(view: View) -> None:
    wide = [
        one.model_copy(update={"case": one.case.model_copy(update={"margin": 0.5})})
        for one in view.manifest.plan.cases
    ]
    plan = view.manifest.plan.model_copy(update={"cases": wide})
    shown = evidence.limits(
        [replace(view, manifest=view.manifest.model_copy(update={"plan": plan}))], "linfa"
    )
    assert isinstance(shown, Table)
    ridge = shown.frame[[case.startswith("ridge") for case in shown.frame["case"]]]
    assert set(ridge["allowed"]) == {"1.5"}
    assert set(ridge["at most allowed"]) == {"yes"}


def test_the_largest_size_stands_alone(view: View) -> None:
    whole = evidence.limits([view], "linfa")
    shown = evidence.largest([view], "linfa")
    assert isinstance(whole, Table)
    assert isinstance(shown, Table)
    sizes = {name: data["train_rows"] for name, data in view.manifest.datasets.items()}
    most = {}
    for case in view.cases.values():
        key = (case.algorithm, case.threads)
        most[key] = max(most.get(key, 0), sizes[case.dataset])
    assert set(shown.frame["training rows"]) <= set(most.values())
    assert set(shown.frame["case"]) <= set(whole.frame["case"])
    assert set(shown.frame["at most allowed"]) <= {"yes", "no"}


def test_no_ratio_is_shown_without_parity(view: View) -> None:
    shown = evidence.limits([view], "smartcore")
    assert isinstance(shown, Table)
    bare = shown.frame[shown.frame["at most allowed"] == "cannot tell: no parity"]
    assert len(bare) == 3 * 2
    assert set(bare["ratio"]) | set(bare["at most (95 %)"]) == {""}


def test_limits_of_nobody_are_a_sentence(view: View) -> None:
    shown = evidence.limits([view, renamed(view, "speed")], "nobody")
    assert isinstance(shown, Note)
    assert "synthetic and speed" in shown.text


def test_growth_is_drawn_from_the_recording_with_the_most_sizes(view: View) -> None:
    small = renamed(view, "small", 1)
    assert lines.widest([small, view]).name == "synthetic"
    assert lines.widest([view, renamed(view, "same")]).name == "synthetic"
    assert lines.widest([small]).name == "small"
    shown = scaling.figure(view)
    assert isinstance(shown, Picture)
    assert "recording synthetic" in shown.alt


def test_the_opening_names_where_every_recording_comes_from(view: View) -> None:
    page = front.opening(view, "regression", [renamed(view, "speed")])._repr_html_()
    assert "Recording synthetic" in page
    assert "Recording speed" in page
    assert page.count("commit abcdef0123") == 2


def test_of_several_recordings_of_a_domain_the_broadest_is_collected(
    view: View, committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = {"narrow": renamed(view, "narrow", 1), "wide": view, "svm": elsewhere(view)}
    monkeypatch.setattr(views, "look", lambda place: named[Path(place).name])
    held = [(committed / name, named[name].manifest) for name in ("narrow", "wide")]
    monkeypatch.setattr(views, "_committed", lambda: held)
    assert views.collect("svm") == [named["svm"], view]


@pytest.mark.parametrize(("factor", "words"), [(2.0, "more in 10"), (1.0, "more in none")])
def test_a_tuned_baseline_that_is_slower_is_said(view: View, factor: float, words: str) -> None:
    base = [r for r in view.records if (r.contender, r.role) == ("sklearn", "run")]
    tuned = [slowed(r, factor) for r in base if r.tier == "tuned"]
    others = [r for r in view.records if (r.contender, r.tier) != ("sklearn", "tuned")]
    shown = evidence.tuning(replace(view, records=[*others, *tuned]))
    assert isinstance(shown, Note)
    assert words in shown.text
    assert ("flatters" in shown.text) == (factor > 1)


def slowed(record: RunRecord, factor: float) -> RunRecord:
    """The run, with every sample of a fit that much longer."""
    fit = record.samples["fit"]
    longer = fit.model_copy(update={"ns": [round(ns * factor) for ns in fit.ns]})
    return record.model_copy(update={"samples": {**record.samples, "fit": longer}})


def test_a_page_of_three_blocks_says_how_little_they_tell(tmp_path: Path) -> None:
    few = views.look(write(tmp_path / "few", blocks=3, profile="smoke"))
    assert re.search(r"could tell a ratio of (\d+\.\d+|more than 100) from 1", provenance(few))


def test_a_page_shows_its_domain_alone(view: View) -> None:
    first, *rest = view.manifest.plan.cases
    other = first.model_copy(update={"case": first.case.model_copy(update={"domain": "svm"})})
    plan = view.manifest.plan.model_copy(update={"cases": [other, *rest]})
    both = replace(view, manifest=view.manifest.model_copy(update={"plan": plan}))
    shown = views.narrowed(both, "regression")
    assert both.domains == ["svm", "regression"]
    assert shown.domains == ["regression"]
    assert shown.whole is both
    names = {planned.case.name for planned in rest}
    told = (set(shown.verdicts["case"]), {line.case for line in shown.parity})
    assert told == (names, names)
    assert {run.case for run in shown.records} <= names
    assert provenance(shown) == provenance(both)


def test_only_cases_that_the_page_lacks_are_answered_beside_it(view: View) -> None:
    page = renamed(view, "page", 2)
    made = tables.more_answers(page, [renamed(view, "more", 3), renamed(view, "same", 1)])
    assert isinstance(made, Table)
    assert set(made.frame["recording"]) == {"more"}
    assert all(text.split()[2] == "1" for text in made.frame["same answer"])  # "1 of 1"
    assert isinstance(tables.more_answers(page, [renamed(view, "same", 1)]), Note)
