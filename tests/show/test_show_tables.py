"""Tables, the first page and the sentences hold what the recording says."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from rmlbench_utils.judge.pairs import OURS
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show import advice, front, provenance, readme, tables
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View, collect, look


def frame(shown: Table | Note):
    assert isinstance(shown, Table)
    return shown.frame


def test_verdicts_have_every_row_and_no_ratio_without_parity(view: View) -> None:
    table = frame(tables.verdicts(view))
    assert len(table) == len(view.verdicts)
    bare = table[table["verdict"] == "not comparable"]
    assert len(bare) > 0
    assert set(bare["ratio"]) == {""}
    assert set(bare["reason"]) != {""}
    assert table["family"].iloc[0] == "primary"


def test_verdicts_sort_by_number_in_one_unit(view: View) -> None:
    table = frame(tables.verdicts(view, "primary"))
    assert set(table["unit"]) == {"ms"}
    linfa = table[(table["contender"] == "linfa") & (table["tier"] == "shipped")].iloc[0]
    assert float(linfa["contender's"]) == pytest.approx(0.174, rel=0.02)
    assert float(linfa["baseline's"]) == pytest.approx(0.6, rel=0.02)
    assert float(linfa["from"]) <= float(linfa["ratio"]) <= float(linfa["to"])


def test_memory_is_never_called_faster(view: View) -> None:
    table = frame(tables.verdicts(view))
    memory = table[table["metric"] == "peak_rss"]
    assert "smaller" in set(memory["verdict"])
    assert not {"faster", "slower"} & set(memory["verdict"])


def test_parity_shows_the_worst_line_and_what_was_declared(view: View) -> None:
    table = frame(tables.parity(view))
    bad = table[table["parity"] == "fail"]
    assert set(bad["contender"]) == {"smartcore"}
    assert set(bad["declared"]) == {"no exact zeros"}
    assert set(bad["worst difference"]) == {"0.0026"}


def test_support_vectors_on_one_side_only_are_counted(view: View) -> None:
    lines = [line.model_copy(update={"differences": {"support": 3.0}}) for line in view.parity[:1]]
    shown = tables.parity(replace(view, parity=lines + view.parity[1:]))
    assert isinstance(shown, Table)
    assert shown.frame["support vectors, one side only"].iloc[0] == "3"
    plain = tables.parity(view)
    assert isinstance(plain, Table)
    assert "support vectors, one side only" not in plain.frame


def test_notes_of_the_cases_are_shown(view: View) -> None:
    assert isinstance(tables.notes(view), Note)
    first = view.manifest.plan.cases[0]
    noted = first.model_copy(
        update={"case": first.case.model_copy(update={"note": "up to 1.6 GB"})}
    )
    plan = view.manifest.plan.model_copy(update={"cases": [noted, *view.manifest.plan.cases[1:]]})
    manifest = view.manifest.model_copy(update={"plan": plan})
    shown = tables.notes(replace(view, manifest=manifest))
    assert isinstance(shown, Table)
    assert list(shown.frame["note"]) == ["up to 1.6 GB"]


def test_scores_and_folds_are_apart(view: View) -> None:
    assert list(frame(tables.scores(view)).columns)[3:] == ["rmse", "r2"]
    assert list(frame(tables.scores(view, cross_validated=True)).columns)[3:] == ["rmse"]


def test_contenders_have_a_row_a_fact(view: View) -> None:
    table = frame(tables.contenders(view)).set_index("fact")
    assert table.loc["compiler", "own:tuned"] == "rustc 1.90"
    assert table.loc["compiler", "sklearn:shipped"] == "none"


def test_failures_are_counted(view: View) -> None:
    assert isinstance(tables.failures(view), Note)
    died = [
        one.model_copy(update={"status": "signal", "reason": "killed"}) for one in view.records[:3]
    ]
    table = frame(tables.failures(replace(view, records=died + view.records[3:])))
    assert table["runs"].sum() == 3
    assert set(table["status"]) == {"signal"}


def test_what_was_not_measured_is_named(view: View) -> None:
    assert frame(tables.unavailable(view))["reason"].to_list() == ["no network"]


def test_tables_are_offline(view: View) -> None:
    shown = tables.verdicts(view)
    assert isinstance(shown, Table)
    assert not re.search(r"""(src|href|import|from)\s*[=(]?\s*['"]https?:""", shown._repr_html_())


def test_the_best_option_is_a_library_with_parity_in_most_cases(view: View) -> None:
    assert advice.best(view, "regression") == "linfa"
    assert advice.sorted_out(view, view.primary[view.primary["contender"] == "linfa"]) == {
        "faster": ["linear"],
        "slower": ["ridge", "lasso"],
        "mixed": [],
        "unsure": [],
        "not": [],
        "lost": [],
        "unchecked": [],
        "barred": [],
    }


def test_where_no_library_has_parity_our_own_is_named_as_such(view: View) -> None:
    lost = [
        view.cases[row["case"]].algorithm == "ridge" and row["contender"] not in OURS
        for _, row in view.verdicts.iterrows()
    ]
    rows = view.verdicts.assign(
        verdict=view.verdicts["verdict"].mask(lost, "not comparable"),
        parity=view.verdicts["parity"].mask(lost, "fail"),
    )
    one = replace(view, verdicts=rows)
    assert advice.best(one, "regression", "ridge") == "own"
    assert advice.best(one, "regression", "linear") == "linfa"
    assert "ridge (own, written here" in advice.advice(one, "regression")


def test_the_sentence_says_when_to_port(view: View) -> None:
    said = advice.advice(view, "regression")
    assert said.startswith("Port if your work is linear (linfa: less time); stay with sklearn for")
    assert "start-up takes 1.9 ms against 710 ms" in said


def test_without_parity_nobody_is_told_to_port(view: View) -> None:
    rows = view.verdicts.assign(verdict="not comparable", parity="fail")
    said = advice.advice(replace(view, verdicts=rows), "regression")
    assert said == "Do not port: no Rust option gave the same answer as sklearn."


def test_the_same_answer_that_cannot_be_compared_is_not_called_another(view: View) -> None:
    rows = view.verdicts.assign(verdict="not comparable", parity="pass")
    said = advice.advice(replace(view, verdicts=rows), "regression")
    assert said.startswith("No answer")


def test_inconclusive_is_no_advice(view: View) -> None:
    rows = view.verdicts.assign(
        verdict=view.verdicts["verdict"].where(
            view.verdicts["verdict"] == "not comparable", "inconclusive"
        )
    )
    said = advice.advice(replace(view, verdicts=rows), "regression")
    assert said.startswith("No time difference is shown")


def test_the_first_page_names_the_case_of_every_number(view: View) -> None:
    page = front.front([view])._repr_html_()
    cell = re.search(r'data-label="Time, shipped">(.*?)</td>', page)
    assert cell is not None
    assert re.search(r"<b>0\.29 \[.*?\]</b> faster<small>12 ms / 40 ms, linear, 20000x50", cell[1])
    assert re.search(r"<b>3\.0\d \[.*?\]</b> slower<small>120 ms / 40 ms, lasso", cell[1])
    assert "linfa 10 of 10" in page
    assert "smartcore 7 of 10" in page
    assert page.index("Same answer?") < page.index("Time, shipped")
    assert "own-python" not in page


def test_provenance_names_commit_machine_day_and_old_workers(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = view.manifest.model_copy(update={"sources": {"own": "old", "linfa": "same"}})
    monkeypatch.setattr(provenance, "libraries", lambda: {"own": "own", "linfa": "linfa"})
    monkeypatch.setattr(provenance, "source_digest", lambda library: "same")
    said = provenance.provenance(replace(view, manifest=old))
    assert "2 virtual cores, 16 GiB" in said
    assert "2026-11-23" in said
    assert "commit abcdef0123" in said
    assert "measured with an earlier version of: own ·" in said


def test_readme_is_spliced_and_found_out_of_date(view: View, tmp_path: Path) -> None:
    text = f"# x\n{readme.BEGIN}\nold\n{readme.END}\nrest\n"
    (tmp_path / "README.md").write_text(text)
    (tmp_path / "book").mkdir()
    drawn = "book/readme-regression.svg"
    assert readme.outdated(tmp_path, [view]) == ["README.md", drawn]
    (tmp_path / "README.md").write_text(readme.spliced(text, readme.text([view])))
    (tmp_path / drawn).write_text(readme.figure(view))
    assert readme.outdated(tmp_path, [view]) == []
    assert (tmp_path / "README.md").read_text().endswith("rest\n")


def test_readme_without_markers_is_refused() -> None:
    with pytest.raises(UsageError, match="lacks"):
        readme.spliced("# x", "y")


def test_a_check_recording_opens_too(tmp_path: Path) -> None:
    from synthetic import write

    small = look(write(tmp_path / "check", blocks=2, profile="check"))
    assert set(small.primary["verdict"]) <= {"inconclusive", "not comparable"}
    assert "inconclusive" in advice.advice(small, "regression")
    assert isinstance(front.front([small])._repr_html_(), str)
    assert isinstance(readme.figure(small), str)
    assert isinstance(tables.verdicts(small), Table)


def test_the_readme_says_what_the_committed_recordings_say() -> None:
    assert readme.outdated(project_root(), collect(readme.DEFAULT)) == []


def test_a_recording_of_one_tier_has_a_first_page() -> None:
    view = look(project_root() / "book/recordings/clustering-rows")
    assert "tuned" not in set(view.verdicts["tier"])
    said = front.front([view])._repr_html_()
    assert "clustering" in said


def test_a_headline_of_serving_hides_no_time_of_fitting() -> None:
    view = look(project_root() / "book/recordings/svm-standard")
    served = view.verdicts["case"].map(lambda case: bool(view.cases[case].served))
    heads = view.verdicts["headline"].astype(bool) & served
    assert heads.any()
    page = front.front([replace(view, verdicts=view.verdicts.assign(headline=heads))])
    said = page._repr_html_()
    assert '<td data-label="Time, shipped"><div><b>' in said
    assert "serving" not in said
