"""Notebooks: stripped, short, and able to run at profile check."""

import ast
import re
from pathlib import Path

import nbformat
import papermill
import pytest
import yaml

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.view import look
from tests.executed import shown

ROOT = project_root()
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LINES = 15
DOMAINS = ("regression", "svm", "clustering", "cnn", "rnn")
named = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def python(cell: nbformat.NotebookNode) -> ast.Module:
    return ast.parse("\n".join(line for line in cell.source.splitlines() if line[:1] != "%"))


def test_there_are_the_notebooks_of_the_book() -> None:
    pages = re.findall(r"notebooks/(\w+)", (ROOT / "_toc.yml").read_text())
    assert sorted(pages) == [path.stem for path in NOTEBOOKS]
    assert yaml.safe_load((ROOT / "_toc.yml").read_text())["root"] == "notebooks/verdicts"


@named
def test_outputs_are_stripped_and_the_kernel_is_python3(path: Path) -> None:
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    assert book.metadata.kernelspec.name == "python3"
    for cell in cells(path, "code"):
        assert cell.outputs == []
        assert cell.execution_count is None


@named
def test_cells_are_short_and_define_nothing(path: Path) -> None:
    for cell in cells(path, "code"):
        assert len(cell.source.splitlines()) <= LINES
        kinds = {type(node) for node in ast.walk(python(cell))}
        assert not kinds & {ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda}


@named
def test_one_cell_holds_literal_parameters(path: Path) -> None:
    tagged = [cell for cell in cells(path, "code") if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    for line in python(tagged[0]).body:
        assert isinstance(line, ast.Assign)
        ast.literal_eval(line.value)


@named
def test_no_page_shows_code(path: Path) -> None:
    for cell in cells(path, "code"):
        assert {"remove-input", "remove-cell"} & set(cell.metadata.get("tags", [])), cell.source


@named
def test_every_parameter_is_read(path: Path) -> None:
    declared = set(papermill.inspect_notebook(str(path)))
    read = {
        node.id
        for cell in cells(path, "code")
        for node in ast.walk(python(cell))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    assert declared <= read


@named
def test_the_last_cell_is_the_watermark(path: Path) -> None:
    assert "%watermark" in nbformat.read(path, as_version=4).cells[-1].source


@named
def test_prose_has_no_typed_number(path: Path) -> None:
    for cell in cells(path, "markdown"):
        without_code = re.sub(r"`[^`]*`", "", cell.source)
        allowed = re.sub(r"95 %|10 ms|\b1\b", "", without_code)
        assert not re.search(r"\d", allowed), cell.source


@named
def test_parity_comes_before_any_time(path: Path) -> None:
    source = "\n".join(cell.source for cell in cells(path, "code"))
    if "tables.parity" in source:
        times = [source.index(name) for name in ("forest.forest(", "figures.") if name in source]
        assert source.index("tables.parity") < min(times)


@pytest.mark.slow
@pytest.mark.parametrize("domain", DOMAINS)
def test_the_domain_notebook_measures_at_profile_check(domain: str, tmp_path: Path) -> None:
    out = tmp_path / f"{domain}.ipynb"
    papermill.execute_notebook(
        str(ROOT / "notebooks" / f"{domain}.ipynb"),
        str(out),
        parameters={"profile": "check", "recording": str(tmp_path / "check")},
        cwd=str(ROOT / "notebooks"),
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    assert "same answer" in shown(out)
    measured = look(tmp_path / "check")
    assert measured.manifest.finished is not None
    assert set(measured.primary["verdict"]) <= {"inconclusive", "not comparable"}


@pytest.mark.slow
def test_a_notebook_draws_a_committed_recording(tmp_path: Path) -> None:
    """Regression's, whose page in the tested book is of another; the others' are there."""
    place = ROOT / "book" / "recordings" / "regression-standard"
    out = tmp_path / "regression.ipynb"
    papermill.execute_notebook(
        str(ROOT / "notebooks" / "regression.ipynb"),
        str(out),
        parameters={"profile": "none", "recording": str(place)},
        cwd=str(ROOT / "notebooks"),
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    assert look(place).manifest.plan.null is not None
    page = shown(out)
    for contender in set(look(place).primary["contender"]):
        assert contender in page
