"""The command line: ``rmlbench``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rmlbench_utils import cli_store
from rmlbench_utils.protocol.errors import UsageError, nearest

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
Globs = Annotated[list[str], typer.Argument(help="Domains or globs on case names.")]
Contenders = Annotated[list[str] | None, typer.Option("--contender", help="Only these.")]
Workers = Annotated[Path | None, typer.Option("--workers", help="TOML file of further workers.")]
Profile = Annotated[str, typer.Option("--profile", help="check, smoke, standard or full.")]


@app.command()
def doctor(as_json: Json = False) -> None:
    """Name what this machine lacks, how to get it, and what it can measure."""
    from rmlbench_utils.measure.doctor import rows

    found = rows()
    _answer(found, as_json)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="cases, contenders or datasets")],
    profile: Profile = "standard",
    as_json: Json = False,
) -> None:
    """List cases, contenders or datasets."""
    from rmlbench_utils.measure import listings

    kinds: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "cases": lambda: listings.cases(profile),
        "contenders": listings.contenders,
        "datasets": listings.datasets,
    }
    if what not in kinds:
        raise UsageError(f"{what!r} cannot be listed: nearest are {nearest(what, kinds)}")
    _answer(kinds[what](), as_json)


@app.command()
def build(contender: Contenders = None, workers: Workers = None, as_json: Json = False) -> None:
    """Build the Rust workers and the Python workers' environments."""
    from rmlbench_utils.measure.listings import build_all

    _answer(build_all(contender or [], workers), as_json)


@app.command()
def run(
    patterns: Globs,
    profile: Profile = "standard",
    contender: Contenders = None,
    threads: Annotated[int | None, typer.Option(help="Threads of every case.")] = None,
    data: Annotated[Path | None, typer.Option(help="A CSV file of your own.")] = None,
    target: Annotated[str | None, typer.Option(help="Its column to predict.")] = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the recording.")] = None,
    seed: Annotated[int, typer.Option(help="Fixes splits and orders.")] = 0,
    budget_s: Annotated[float | None, typer.Option(help="Seconds to measure at most.")] = None,
    min_blocks: Annotated[int | None, typer.Option(help="Blocks of every case at least.")] = None,
    tier: Annotated[list[str] | None, typer.Option(help="Only this tier.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Plan, print the estimate.")] = False,
    as_json: Json = False,
) -> None:
    """Measure; the same command goes on with an interrupted recording."""
    from rmlbench_utils.measure import session
    from rmlbench_utils.measure.blocks import estimate_s
    from rmlbench_utils.measure.request import Request

    request = Request(
        tuple(patterns),
        profile=profile,  # type: ignore[arg-type]
        contenders=tuple(contender or ()),
        threads=threads,
        data=data,
        target=target,
        workers=workers,
        out=out,
        seed=seed,
        budget_s=budget_s,
        tiers=_tiers(tier),
        min_blocks=min_blocks,
    )
    if dry_run:
        plan = session.plan(request).plan
        low, high = estimate_s(plan)
        _answer([{"cases": len(plan.cases), "seconds_low": low, "seconds_high": high}], as_json)
        return
    recording = session.run(request)
    statuses = [record.status for record in recording.records]
    summary = {
        "recording": recording.name,
        "path": str(recording.path),
        "runs": len(statuses),
        "failed": len(statuses) - statuses.count("ok"),
        "unavailable": recording.manifest.unavailable,
        "interruptions": recording.manifest.interruptions,
    }
    _answer([summary], as_json)


@app.command()
def parity(
    patterns: Annotated[list[str] | None, typer.Argument(help="Domains or globs.")] = None,
    profile: Profile = "standard",
    contender: Contenders = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Check every contender against the reference solution; exit 1 if an undeclared pair fails."""
    from rmlbench_utils.cases import domains
    from rmlbench_utils.measure.parity_run import rows
    from rmlbench_utils.measure.request import Request

    request = Request(
        tuple(patterns or domains()),
        profile=profile,  # type: ignore[arg-type]
        contenders=tuple(contender or ()),
        workers=workers,
    )
    found = rows(request)
    _answer([row.plain() for row in found], as_json)
    passing = [row for row in found if row.surprising == "passes"]
    for row in passing:
        sys.stderr.write(f"{row.case} {row.contender} passes but is declared to fail\n")
    if any(row.surprising == "fails" for row in found) or (passing and os.environ.get("CI")):
        raise typer.Exit(1)


@app.command()
def verdicts(
    recordings: Annotated[list[str], typer.Argument(help="Names or folders of recordings.")],
    adjust: Annotated[str | None, typer.Option(help="holm, bonferroni or fdr.")] = None,
    as_json: Json = False,
) -> None:
    """Judge recordings: one row a case, contender, tier, phase and metric."""
    from rmlbench_utils.judge.verdict import verdict_table
    from rmlbench_utils.store.recording import Recording

    if adjust not in (None, "holm", "bonferroni", "fdr"):
        raise UsageError(f"adjust is {adjust!r}: choose from holm, bonferroni, fdr")
    rows: list[dict[str, Any]] = []
    for name in recordings:
        recording = Recording.open(name)
        for note in recording.notes:
            sys.stderr.write(f"{note}\n")
        manifest, records = recording.manifest, recording.records
        table = verdict_table(manifest, records, recording.parity, adjust=adjust)  # type: ignore[arg-type]
        rows += json.loads(table.to_json(orient="records"))
    shown = rows if as_json else [_short(row) for row in rows if row["family"] == "primary"]
    _answer(shown, as_json)


def main() -> None:
    """Run a command; bad usage is one sentence on standard error and exit code 2."""
    try:
        app()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _tiers(given: list[str] | None) -> tuple[Any, ...]:
    allowed = ("shipped", "tuned")
    for name in given or ():
        if name not in allowed:
            raise UsageError(f"tier is {name!r}: choose from {', '.join(allowed)}")
    return tuple(given or allowed)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    names = ("case", "contender", "tier", "parity", "ratio", "ci_low", "ci_high", "verdict")
    return {name: row[name] for name in (*names, "n_runs", "reason")}


def _answer(rows: list[dict[str, Any]], as_json: bool) -> None:
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


cli_store.register(app, _answer)

if __name__ == "__main__":
    main()
