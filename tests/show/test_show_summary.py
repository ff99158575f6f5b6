"""The summary: two pages that can be read, files that can be parsed, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from rmlbench_utils.cli import main
from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.show import report, summary, summary_pages
from rmlbench_utils.show.advice import advice
from rmlbench_utils.show.sheet import WIDTH, length, sheet, wrapped
from rmlbench_utils.show.view import View, look

FIRST = ("case", "contender", "baseline", "tier", "phase", "metric", "unit", "baseline_value")


@pytest.fixture(scope="module")
def standard() -> View:
    return look("regression-standard")


def several(view: View, count: int) -> list[View]:
    """As many recordings of as many domains, one of them with a long name."""
    return [replace(view, name=f"{view.name}-{i}" + "-long" * 5 * (i == 2)) for i in range(count)]


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """What is written on a page, and where, in pixels."""
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    drawn = [text for text in texts if text.get_window_extent().width > 0]
    return [(text.get_text(), text.get_window_extent().padded(-0.6)) for text in drawn]


@pytest.mark.parametrize("count", [1, 2, 9])
def test_nothing_is_cut_off_and_no_text_lies_on_another(
    view: View, standard: View, count: int
) -> None:
    for views in ([standard], several(view, count)):
        for page in summary_pages.pages(views):
            placed = boxes(page)
            assert len(placed) > 10
            for said, box in placed:
                assert min(box.x0, box.y0) >= 0, said
                assert max(box.x1 - page.bbox.x1, box.y1 - page.bbox.y1) <= 0, said
            for i, (said, box) in enumerate(placed):
                over = [other for other, at in placed[i + 1 :] if box.overlaps(at)]
                assert not over, (said, over)


def test_the_pages_say_what_the_book_says(standard: View) -> None:
    first, second = summary_pages.pages([standard])
    text = [" ".join(said for said, _ in boxes(page)) for page in (first, second)]
    assert advice(standard, "regression")[:60] in text[0]
    assert standard.manifest.commit is not None
    assert standard.manifest.commit[:10] in text[0]
    assert "smartcore fails parity" in text[1]
    assert "california" in text[1]


def test_the_pdf_has_two_pages_its_fonts_and_no_date(view: View) -> None:
    made = summary.pdf([view])
    assert len(re.findall(rb"/Type /Page\b", made)) == 2
    assert b"/FontFile2" in made
    assert b"CreationDate" not in made
    assert made == summary.pdf([view])


def test_a_sheet_wraps_by_width_and_refuses_what_does_not_fit() -> None:
    lines = wrapped("a word " * 60 + "x" * 300, 8.5)
    assert all(length(line, 8.5, False) <= WIDTH for line in lines)
    assert "".join(lines).replace(" ", "") == "aword" * 60 + "x" * 300
    with sheet() as page, pytest.raises(ValueError, match="full"):
        page.text("word " * 5000)


def test_the_report_is_valid_against_its_schema(standard: View, tmp_path: Path) -> None:
    summary.write([standard], tmp_path)
    made = json.loads((tmp_path / "report.json").read_text(), parse_constant=pytest.fail)
    schema = json.loads((tmp_path / made["$schema"]).read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)
    assert len(made["verdicts"]) == len(standard.verdicts)
    assert {"ratio": None} in [
        {"ratio": row["ratio"]} for row in made["verdicts"] if row["verdict"] == "not comparable"
    ]
    assert made["domains"][0]["sentence"] == advice(standard, "regression")
    assert made["recordings"][0]["commit"] == standard.manifest.commit
    del made["verdicts"][0]["ratio"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(made, schema)


def test_the_report_has_every_column_of_a_verdict() -> None:
    assert list(report.Row.model_fields) == COLUMNS
    assert tuple(COLUMNS[: len(FIRST)]) == FIRST


def test_the_csv_holds_every_verdict_to_the_last_digit(standard: View) -> None:
    rows = list(csv.DictReader(io.StringIO(summary.csv([standard]))))
    assert list(rows[0]) == COLUMNS
    assert len(rows) == len(standard.verdicts)
    for row, (_, verdict) in zip(rows, standard.verdicts.iterrows(), strict=True):
        assert row["verdict"] == verdict["verdict"]
        same = float(row["ratio"]) == verdict["ratio"] if row["ratio"] else True
        assert same
        assert bool(row["ratio"]) == (verdict["ratio"] == verdict["ratio"])


def test_two_recordings_stand_in_one_summary(view: View, tmp_path: Path) -> None:
    written = summary.write(several(view, 2), tmp_path / "new")
    assert {path.name for path in written} == {
        "summary.pdf",
        "synthetic-0-ratios.svg",
        "synthetic-0-verdicts.svg",
        "synthetic-1-ratios.svg",
        "synthetic-1-verdicts.svg",
        "verdicts.csv",
        "report.json",
        "report.schema.json",
    }
    assert all(path.stat().st_size > 0 for path in written)


def test_a_file_is_no_folder(view: View, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="taken"):
        summary.write([view], tmp_path / "taken")


def test_the_command_names_what_it_wrote(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["rmlbench", "summary", str(folder), "--out", str(tmp_path / "out"), "--json"]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    files = [Path(row["file"]) for row in json.loads(capsys.readouterr().out)]
    assert files
    assert all(path.exists() for path in files)


def test_a_recording_given_twice_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="2 times"):
        summary.chosen([str(folder), str(folder)])
