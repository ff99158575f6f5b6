"""The summary beside the book: two pages with their pictures, every verdict, a report to read."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.backends.backend_pdf import PdfPages

from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show import report, summary_pages
from rmlbench_utils.show.forest import height, paint
from rmlbench_utils.show.picture import STYLE, Picture, canvas
from rmlbench_utils.show.readme import DEFAULT
from rmlbench_utils.show.tally import tally
from rmlbench_utils.show.view import View, collect, look

FOLDER = "summary"


def chosen(recordings: list[str]) -> list[View]:
    """The recordings named; none: those the book's first page shows.

    Raises
    ------
    UsageError
        If one is given twice.
    """
    views = [look(name) for name in recordings] or collect(DEFAULT)
    for name, count in Counter(view.name for view in views).items():
        if count > 1:
            raise UsageError(f"recording {name!r} is given {count} times: give each once")
    return views


def beside_book() -> Path:
    """Where the summary stands if nothing else is said: in the folder of the built book."""
    return project_root() / "_build" / "html" / FOLDER


def write(views: list[View], out: Path) -> list[Path]:
    """Write the summary of these recordings into a folder; returns its files.

    Raises
    ------
    UsageError
        If ``out`` is no folder.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{str(out)!r} is a file: --out is the folder to put the summary in")
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "summary.pdf": pdf(views),
        **pictures(views),
        "verdicts.csv": csv(views).encode(),
        "report.json": report.text(report.report(views)).encode(),
        report.SCHEMA: report.schema().encode(),
    }
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


def pdf(views: list[View]) -> bytes:
    """Two pages of A4 with their fonts in them, the same bytes for the same recordings."""
    buffer = io.BytesIO()
    with (
        matplotlib.rc_context({**STYLE, "pdf.fonttype": 42}),
        PdfPages(buffer, metadata={"Title": "rmlbench", "CreationDate": None}) as pages,
    ):
        for page in summary_pages.pages(views):
            pages.savefig(page)
    return buffer.getvalue()


def pictures(views: list[View]) -> dict[str, bytes]:
    """The pictures of the pages as SVG: ratios and counted verdicts of every recording."""
    found = {}
    for view in views:
        rows = summary_pages.ratios(view)
        if rows.empty:
            continue
        with canvas(height(rows)) as (figure, (axes,)):
            drawn = [Picture(figure, paint(axes, view, rows)), tally(view)]
        for kind, picture in zip(("ratios", "verdicts"), drawn, strict=True):
            if isinstance(picture, Picture):
                found[f"{view.name}-{kind}.svg"] = picture.svg().encode()
    return found


def csv(views: list[View]) -> str:
    """Every verdict, a row each; empty is what is not known or may not be shown."""
    rows = pd.concat([view.verdicts[COLUMNS] for view in views])
    return rows.to_csv(index=False, lineterminator="\n")
