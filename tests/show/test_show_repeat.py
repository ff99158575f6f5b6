"""Two recordings of one commit, null tests and many recordings on a page."""

from dataclasses import replace

import pytest

from rmlbench_utils.judge.combine import flips
from rmlbench_utils.show import many, repeat
from rmlbench_utils.show import view as views
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View


def other(view: View, **changes: object) -> View:
    """The recording again under another name, a day later."""
    later = {"name": "again", "created": "2026-11-25T10:00:00+00:00", "commit": "c" * 40}
    manifest = view.manifest.model_copy(update=later | changes)
    verdicts = view.verdicts.assign(recording="again")
    return replace(view, name="again", manifest=manifest, verdicts=verdicts)


def test_a_twin_has_the_same_commit_and_cases(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    first = replace(view, manifest=view.manifest.model_copy(update={"commit": "c" * 40}))
    second, stranger = other(view), other(view, commit="d" * 40)
    monkeypatch.setattr(views, "look", lambda place: place)
    monkeypatch.setattr(views, "_committed", lambda: [(stranger, stranger.manifest)])
    assert views.twin(first) is None
    monkeypatch.setattr(views, "_committed", lambda: [(second, second.manifest)])
    assert views.twin(first) is second
    nameless = replace(view, manifest=view.manifest.model_copy(update={"commit": None}))
    assert views.twin(nameless) is None


def test_the_share_that_flips_is_a_sentence(view: View) -> None:
    second = other(view)
    said = repeat.flipped(view, second)
    assert f"0 of {len(flips(view.verdicts, second.verdicts))} verdicts (0%) differ" in said
    changed = second.verdicts.assign(verdict="inconclusive")
    assert "verdicts (0%)" not in repeat.flipped(view, replace(second, verdicts=changed))
    assert repeat.flipped(view, None) == ""


def test_recordings_without_a_null_case_are_counted_as_such(view: View) -> None:
    assert repeat.share_void([view]).text == (
        "0 of 0 committed recordings with a null case are void; "
        "1 were made before recordings carried one."
    )
    assert isinstance(repeat.voids([view]), Table)


def test_recordings_are_combined_and_drawn_apart(view: View) -> None:
    views = [view, other(view)]
    table = many.together(views)
    assert table["recordings"].max() == 2
    assert isinstance(many.combined(table), Table)
    assert isinstance(many.apart(views), Picture)
    assert isinstance(many.apart([view]), Note)
    said = many.changed(views)
    assert isinstance(said, Note)
    assert "2 recordings of one machine, and 8 are needed" in said.text


def test_recordings_apart_name_their_hours(view: View) -> None:
    sources = dict.fromkeys(("sklearn", "linfa"), "same")
    one = replace(view, manifest=view.manifest.model_copy(update={"sources": sources}))
    shown = repeat.apart(one, [other(view, sources=sources)])
    assert isinstance(shown, Table)
    assert list(shown.frame["hours apart"]) == ["50.0"]
    assert shown.frame["ratios called different"].iloc[0].startswith("0% of")
    assert isinstance(repeat.apart(one, [other(view, sources={"linfa": "changed"})]), Note)
