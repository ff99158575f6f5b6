"""Findings: who fails parity, its worst case, and the reason and reproducer beside it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.findings import LATER, UNKNOWN, findings
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View, holds, look


def test_a_failure_stands_with_its_reason_and_its_reproducer() -> None:
    view = look(project_root() / "book/recordings/regression-standard")
    shown = findings([view])
    assert isinstance(shown, Table)
    rows = shown.frame[shown.frame["who"].str.startswith("linfa")]
    assert list(rows["algorithm"]) == ["linear"]
    assert rows["reproduced by"].item() == "linfa_linear_rank.rs"
    assert rows["reason in its source"].item() != UNKNOWN
    failed = {line.contender for line in view.parity if line.parity == "fail"}
    assert {who.split()[0] for who in shown.frame["who"]} == failed


def test_an_undeclared_failure_is_shown_without_a_reason(view: View) -> None:
    line = next(line for line in view.parity if line.parity == "pass")
    bad = line.model_copy(
        update={"parity": "fail", "worst_output": "decision", "worst_difference": 0.5}
    )
    shown = findings([replace(view, parity=[bad])])
    assert isinstance(shown, Table)
    row = shown.frame.iloc[0]
    assert row["what"] == "decision differ by 0.5"
    assert row["reason in its source"] in (UNKNOWN, *view.cases[line.case].known.values())


def test_where_nobody_fails_that_is_said(view: View) -> None:
    assert isinstance(findings([replace(view, parity=[])]), Note)


def test_a_reason_found_in_two_recordings_is_one_row(view: View) -> None:
    line = next(line for line in view.parity if line.parity == "pass")
    bad = [
        line.model_copy(
            update={"parity": "fail", "worst_output": "decision", "worst_difference": off}
        )
        for off in (0.25, 0.5)
    ]
    shown = findings([replace(view, parity=[one]) for one in bad])
    assert isinstance(shown, Table)
    assert list(shown.frame["what"]) == ["decision differ by 0.5"]


def test_a_case_that_another_recording_has_without_them_counts(view: View) -> None:
    line = next(line for line in view.parity if line.contender != view.cases[line.case].baseline)
    failed = line.model_copy(update={"parity": "fail", "worst_output": "decision"})
    case = view.cases[line.case]
    others = tuple(name for name in case.contenders if name != line.contender)
    small = SimpleNamespace(manifest=view.manifest, parity=[failed], cases={line.case: case})
    without = case.model_copy(update={"contenders": others})
    other = SimpleNamespace(manifest=view.manifest, parity=[], cases={line.case: without})
    shown = findings([cast(View, small), cast(View, other)])
    assert isinstance(shown, Table)
    assert list(shown.frame["cases"]) == ["1 of 1"]


def test_the_page_itself_or_the_newest_that_holds_an_algorithm_is_drawn(view: View) -> None:
    def other(day: int, verdicts: pd.DataFrame) -> View:
        manifest = view.manifest.model_copy(update={"created": f"2030-01-0{day}T00:00:00+00:00"})
        return replace(view, manifest=manifest, verdicts=verdicts)

    rows = view.verdicts
    empty, old, new = other(3, rows.iloc[:0]), other(1, rows), other(2, rows)
    algorithm, contender, tier = view.cases[rows["case"].iloc[0]].algorithm, "linfa", "tuned"
    wanted: list[dict[str, Any]]
    wanted = [{"algorithm": algorithm}, {"contender": contender, "tier": tier}]
    for asked in wanted:
        assert holds([view, old, new], **asked) is view
        assert holds([empty, old, new], **asked) is holds([empty, new, old], **asked) is new
    assert holds([empty, view], contender="nobody") is empty


def test_a_reproducer_stands_beside_what_it_is_about_alone() -> None:
    view = look(project_root() / "book/recordings/cnn-compile-full")
    shown = findings([view])
    assert isinstance(shown, Table)
    named = dict(zip(shown.frame["algorithm"], shown.frame["reproduced by"], strict=True))
    about = "torch-compile_alexnet+vgg16.py"
    assert named == {"alexnet": about, "vgg16": about, "attention_cnn": "", "mobilenet": ""}


def test_a_reproducer_about_a_whole_domain_stands_where_the_reason_has_its_words() -> None:
    shown = findings([look(project_root() / "book/recordings/cnn-standard")])
    assert isinstance(shown, Table)
    burn = shown.frame[shown.frame["who"].str.startswith("burn")]
    named = dict(zip(burn["algorithm"], burn["reproduced by"], strict=True))
    assert named["resnet18"] == "burn_cnn_running_variance.rs"
    assert named["lenet"] == ""
    candle = shown.frame[shown.frame["who"].str.startswith("candle")]
    assert set(candle["reproduced by"]) == {"candle_cnn_max_pool2d.rs"}


def test_a_recording_in_which_somebody_is_comparable_is_held_first() -> None:
    names = ("cnn-standard", "cnn-compile", "cnn-compile-full")
    views = [look(project_root() / "book/recordings" / name) for name in names]
    assert views[1].manifest.created < views[2].manifest.created
    assert holds(views, contender="torch-compile") is views[1]
    assert holds(views, "vgg16", contender="torch-compile") is views[2]


def test_a_reason_found_after_the_recording_is_shown_as_such() -> None:
    view = look(project_root() / "book/recordings/cnn-standard")
    shown = findings([view])
    assert isinstance(shown, Table)
    about = shown.frame[shown.frame["algorithm"] == "attention_cnn"]
    reasons = dict(zip(about["who"].str.split().str[0], about["reason in its source"], strict=True))
    assert reasons["burn"].endswith(LATER)
    assert not reasons["candle"].endswith(LATER)
