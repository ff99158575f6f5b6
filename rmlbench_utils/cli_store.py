"""Commands on many recordings: ``rmlbench index`` and ``rmlbench export``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from rmlbench_utils.cli_base import Json, answer


def index(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Recordings, or folders above them.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File of the index.")] = None,
    as_json: Json = False,
) -> None:
    """Build the index of recordings (default: the project's); exit 1 if one is refused."""
    from rmlbench_utils.judge.index import open_index, recordings
    from rmlbench_utils.judge.indexing import build
    from rmlbench_utils.protocol.root import project_root

    file = out or project_root() / "recordings.duckdb"
    build(folders or _known(), file)
    with open_index(file) as opened:
        rows = recordings(opened)
    answer(rows, as_json)
    if not all(row["taken"] for row in rows):
        raise typer.Exit(1)


def export(
    recordings: Annotated[list[str], typer.Argument(help="Names or folders of recordings.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
    format_: Annotated[str, typer.Option("--format", help="csv, parquet or json.")] = "csv",
    as_json: Json = False,
) -> None:
    """Write the verdicts of recordings to a file; exit 1 if a recording is refused."""
    from rmlbench_utils.judge import index as indexes
    from rmlbench_utils.judge.indexing import build
    from rmlbench_utils.protocol.errors import UsageError
    from rmlbench_utils.store.recording import find

    if format_ not in indexes.FORMATS:
        allowed = ", ".join(indexes.FORMATS)
        raise UsageError(f"format is {format_!r}: choose from {allowed}")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "index.duckdb")
        build([find(name) for name in recordings], file)
        with indexes.open_index(file) as index:
            found = indexes.recordings(index)
            rows = indexes.export(index, out, format_)
    answer([{"out": str(out), "format": format_, "rows": rows}], as_json)
    refused = [row for row in found if not row["taken"]]
    for row in refused:
        sys.stderr.write(f"{row['path']} is left out: {row['reason']}\n")
    if refused:
        raise typer.Exit(1)


def _known() -> list[Path]:
    from rmlbench_utils.protocol.errors import UsageError
    from rmlbench_utils.protocol.root import project_root

    folders = [project_root() / name for name in ("recordings", "book/recordings")]
    found = [folder for folder in folders if any(folder.glob("*/manifest.json"))]
    if not found:
        raise UsageError("the project holds no recording: make one, or name a folder that does")
    return found
