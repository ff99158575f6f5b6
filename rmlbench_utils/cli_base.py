"""What all commands share: options, and how an answer is printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rmlbench_utils.protocol.errors import UsageError

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Globs = Annotated[list[str], typer.Argument(help="Domains or globs on case names.")]
Contenders = Annotated[list[str] | None, typer.Option("--contender", help="Only these.")]
Workers = Annotated[Path | None, typer.Option("--workers", help="TOML file of further workers.")]
Profile = Annotated[str, typer.Option("--profile", help="check, smoke, standard or full.")]


def tiers(given: list[str] | None) -> tuple[Any, ...]:
    """The tiers given, checked; all if none."""
    allowed = ("shipped", "tuned")
    for name in given or ():
        if name not in allowed:
            raise UsageError(f"tier is {name!r}: choose from {', '.join(allowed)}")
    return tuple(given or allowed)


def answer(rows: list[dict[str, Any]], as_json: bool) -> None:
    """Rows as JSON, or as a table for people."""
    if as_json:
        print(json.dumps(rows, allow_nan=False))
        return
    table = Table(*(rows[0] if rows else ["nothing"]))
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
