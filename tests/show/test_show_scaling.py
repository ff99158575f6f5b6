"""Growth is shown of who has parity, and nothing is said beyond what was measured."""

import re
from dataclasses import replace

import matplotlib.text
import numpy as np
import pytest

from rmlbench_utils.judge.series import COLUMNS, ROWS, Axis, Spent
from rmlbench_utils.show import scaling
from rmlbench_utils.show.lines import Line, where, workloads
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View, look
from rmlbench_utils.show.wording import count

SIZES = np.array([500, 2000, 10_000, 50_000, 200_000])


def line(
    name: str, seconds: np.ndarray, blocks: int = 12, failed: int = 0, axis: Axis = ROWS
) -> Line:
    """A contender whose process costs so many seconds, all of it in the fit."""
    random = np.random.default_rng(len(name))
    fit = seconds * np.exp(0.03 * random.standard_normal((blocks, len(SIZES))))
    parts = np.zeros((blocks, len(SIZES), 5))
    parts[:, :, 2] = fit
    return Line(name, axis, Spent(SIZES, np.arange(blocks), parts), failed, blocks * len(SIZES))


PYTHON = line("sklearn", 1e-6 * SIZES)


def told(contender: Line, base: Line = PYTHON) -> str:
    return where(contender, base, ("fit",))


def test_a_crossover_has_a_size_and_an_interval() -> None:
    said = told(line("own", 1e-6 * 3000 * (SIZES / 3000) ** 1.4))
    found = re.fullmatch(
        r"own costs less than sklearn below ([\d,]+) rows \[([\d,]+), ([\d,]+)\]; "
        r"above, sklearn costs less than own",
        said,
    )
    assert found, said
    point, low, high = (int(text.replace(",", "")) for text in found.groups())
    assert low <= 3000 <= high
    assert low <= point <= high


def test_no_crossover_is_said_for_the_measured_sizes_only() -> None:
    ends = "at every size measured, from 500 to 200,000 rows: no crossover"
    assert told(line("own", 0.5e-6 * SIZES)) == f"own costs less than sklearn {ends}"
    assert told(line("own", 2e-6 * SIZES)) == f"sklearn costs less than own {ends}"


def test_a_set_that_reaches_the_last_size_says_nothing_beyond() -> None:
    said = told(line("own", 1e-6 * SIZES * np.array([0.5, 0.6, 0.7, 0.8, 1.0])))
    assert said.startswith("own costs less than sklearn from 500 to ")
    assert said.endswith("to 200,000 rows (and nothing is said of larger ones)")
    said = told(line("own", 1e-6 * SIZES * np.array([1.0, 1.3, 1.3, 1.4, 1.5])))
    assert said.startswith("it cannot be told from 500 to ")
    assert "(and nothing is said of smaller ones); sklearn costs less than own from" in said


def test_columns_are_called_columns() -> None:
    base = line("sklearn", 1e-6 * SIZES, axis=COLUMNS)
    said = told(line("own", 0.5e-6 * SIZES, axis=COLUMNS), base)
    assert said.endswith("at every size measured, from 500 to 200,000 columns: no crossover")
    said = told(line("own", 1e-6 * 3000 * (SIZES / 3000) ** 1.4, axis=COLUMNS), base)
    assert re.search(r"below [\d,]+ columns \[", said)


def test_failed_runs_and_few_blocks_name_no_winner() -> None:
    assert "own took less than sklearn where it succeeded (2 of its 60 runs failed)" in told(
        line("own", 0.5e-6 * SIZES, failed=2)
    )
    assert told(line("own", 0.5e-6 * SIZES, blocks=9)) == (
        "cannot be told: 9 blocks, at least 10 are needed"
    )


def test_only_who_has_parity_is_there(view: View) -> None:
    found = {one.series.example.algorithm: one for one in workloads(view)}
    assert set(found) == {"linear"}
    names = [each.contender for each in found["linear"].lines]
    assert names == ["sklearn", "own-python", "own", "linfa", "smartcore"]
    unlike = view.verdicts["contender"] == "linfa"
    failing = replace(
        view, verdicts=view.verdicts.assign(parity=view.verdicts["parity"].mask(unlike, "fail"))
    )
    (one,) = workloads(failing)
    assert "linfa" not in {each.contender for each in one.lines}


def test_the_committed_sizes_give_sentences_a_figure_and_a_table() -> None:
    view = look("regression-speed-sizes")
    answer = scaling.answer(view)
    assert isinstance(answer, scaling.Answer)
    assert len(answer.lines) == 4
    assert "were not run back to back" in answer.how
    shown = scaling.figure(view)
    assert isinstance(shown, Picture)
    words = [found.get_text() for found in shown.figure.findobj(matplotlib.text.Text)]
    table = scaling.laws(view)
    assert not isinstance(table, Note)
    assert len(table.frame) == 8
    for _, row in table.frame.iterrows():
        printed = row["exponent"] != "no one exponent"
        assert printed == (float(row["p of the law"]) >= 0.05)
        assert f"{row['contender']}: {row['exponent']}" in words


def test_without_sizes_there_is_a_sentence(view: View) -> None:
    few = replace(view, manifest=view.manifest.model_copy(update={"datasets": {}}))
    for made in (scaling.answer(few), scaling.figure(few), scaling.laws(few)):
        assert isinstance(made, Note)
        assert "no workload at 3 sizes" in made.text


@pytest.mark.parametrize(
    ("value", "said"), [(3.42, "3.4"), (41.3, "41"), (3123.0, "3,100"), (1.2e7, "12,000,000")]
)
def test_counts(value: float, said: str) -> None:
    assert count(value) == said


def test_labels_name_data_settings_and_threads(view: View) -> None:
    assert {one.name for one in workloads(view)} >= {
        "linear, synthetic linear, 50 columns, 1 thread"
    }


def test_what_never_predicts_grows_too() -> None:
    found = workloads(look("clustering-rows"))
    silent = [one for one in found if not one.series.example.predicts]
    assert {one.series.example.algorithm for one in silent} == {
        "agglomerative",
        "dbscan",
        "spectral",
    }
    for one in silent:
        for text in scaling.said(one):
            assert re.search(r"costs less than|cannot be told", text)
            assert "nan" not in text
