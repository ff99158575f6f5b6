"""Time against objective gap, drawn, tabled and said from a small recording."""

from __future__ import annotations

from dataclasses import replace

import matplotlib.text

from rmlbench_utils.show import gaps
from rmlbench_utils.show.advice import advice
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View, look
from tests.judge.svm.test_svm_gaps import recording


def swept(view: View) -> View:
    manifest, records, parity = recording()
    return replace(view, name="swept", manifest=manifest, records=records, parity=parity)


def test_the_figure_has_a_line_a_contender_and_solver(view: View) -> None:
    made = gaps.figure(swept(view))
    assert isinstance(made, Picture)
    (axis,) = made.figure.axes
    assert axis.get_legend_handles_labels()[1] == ["sklearn, primal", "liblinear, primal"]
    assert axis.get_xscale() == axis.get_yscale() == "log"
    words = " ".join(found.get_text() for found in made.figure.findobj(matplotlib.text.Text))
    assert "linearsvc, adult 2000, C=1" in words
    assert "liblinear never reaches an objective gap of at most 1e-06" in made.alt
    assert made.svg() == made.svg()


def test_the_table_names_both_settings_and_the_ratio(view: View) -> None:
    made = gaps.table(swept(view))
    assert isinstance(made, Table)
    rows = made.frame.set_index("gap at most")
    assert rows.loc["0.01", "baseline"].endswith("(primal, tol=0.1)")
    assert rows.loc["0.01", "contender"].endswith("(primal, tol=0.0001)")
    assert rows.loc["0.01", "how"] == "paired by block"
    assert rows.loc["1e-06", "contender"] == "liblinear: never reached"
    assert rows.loc["1e-06", "ratio [95 %]"] == ""


def test_the_spread_of_the_dual_is_a_sentence(view: View) -> None:
    manifest, records, parity = recording()
    for planned in manifest.plan.cases:
        planned.case.params["dual"] = True
    made = gaps.spread(
        replace(view, name="swept", manifest=manifest, records=records, parity=parity)
    )
    assert "5.0e-04 to 1.0e-03 (linearsvc, adult 2000, C=1, tol=0.1, 2 outputs)" in made.text


def test_without_a_sweep_there_is_a_sentence(view: View) -> None:
    for made in (gaps.figure(view), gaps.table(view)):
        assert isinstance(made, Note)
        assert "has no linear machine" in made.text
    assert "no dual solver" in gaps.spread(view).text


def test_linear_machines_have_a_curve_and_no_verdict_at_one_tol() -> None:
    committed = look("svm-standard")
    linear = {"linearsvc", "linearsvr"}
    assert not linear & {committed.cases[case].algorithm for case in committed.primary["case"]}
    assert "for linearsvc and linearsvr what is faster depends on how near" in advice(
        committed, "svm"
    )
    served = {name for name, case in committed.cases.items() if case.served}
    rows = committed.judged[committed.judged["contender"] == "liblinear"]
    rows = rows[(rows["parity"] == "pass") & ~rows["case"].isin(served)]
    assert len(rows)
    assert rows["reason"].str.contains("a point of a curve").all()
