"""``rmlbench summary``: the two pages, the pictures and the report beside the book."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from rmlbench_utils.cli_base import Json

Recordings = Annotated[
    list[str] | None, typer.Argument(help="Names or folders; by default those of the book.")
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder; by default in the built book.")]


def summary(recordings: Recordings = None, out: Out = None, as_json: Json = False) -> None:
    """Write summary.pdf with its pictures, verdicts.csv and report.json with its schema."""
    from rmlbench_utils.show.summary import beside_book, chosen, write

    written = write(chosen(recordings or []), (out or beside_book()).resolve())
    if as_json:
        print(json.dumps([{"file": str(path)} for path in written]))
        return
    for path in written:
        print(path)
