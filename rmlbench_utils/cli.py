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

from rmlbench_utils.cli_summary import summary
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.root import project_root

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.command()(summary)
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
    patterns: Annotated[list[str] | None, typer.Argument(help="Domains or case globs.")] = None,
    profile: Profile = "standard",
    contender: Contenders = None,
    plan: Annotated[Path | None, typer.Option(help="A plan of `pilot`, obeyed.")] = None,
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
    from rmlbench_utils.measure import foresight, session
    from rmlbench_utils.measure.blocks import estimate_s
    from rmlbench_utils.measure.fixed import work_of
    from rmlbench_utils.measure.request import Request

    if (plan is None) != bool(patterns):
        raise UsageError("give either domains or globs on case names, or --plan FILE")
    if plan and any((contender, threads, data, target, workers, seed, budget_s, min_blocks, tier)):
        raise UsageError("--plan has fixed all but --out and --dry-run: leave other options out")
    request = Request(
        tuple(patterns or ()),
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
        made = foresight.read(plan) if plan else session.plan(request).plan
        low, high = estimate_s(made)
        _answer([{"cases": len(made.cases), "seconds_low": low, "seconds_high": high}], as_json)
        return
    if plan is None:
        recording = session.run(request)
    else:
        place = out or project_root() / "recordings" / plan.stem
        recording = session.measured(work_of(foresight.read(plan), plan.name), place)
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


@app.command()
def reproduce(
    recording: Annotated[str, typer.Argument(help="Name or folder of a recording.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the new recording.")] = None,
    as_json: Json = False,
) -> None:
    """Run a recording's plan again here; exit 1 if a row differs. The same command resumes."""
    from rmlbench_utils.judge.combine import compare
    from rmlbench_utils.measure import reproduce as again
    from rmlbench_utils.store.recording import Recording

    old = Recording.open(recording)
    new = again.reproduce(old, out)
    table = compare(_judged(old), _judged(new))
    _answer(json.loads(table.to_json(orient="records")), as_json)
    if (table["agrees"] == "differs").any():
        raise typer.Exit(1)


@app.command()
def merge(
    recordings: Annotated[list[str], typer.Argument(help="Names or folders of recordings.")],
    as_json: Json = False,
) -> None:
    """Combine recordings by random effects, a row a machine; machines are never pooled."""
    from rmlbench_utils.judge.combine import combine
    from rmlbench_utils.store.recording import Recording

    table = combine([_judged(Recording.open(name)) for name in recordings])
    _answer(json.loads(table.to_json(orient="records")), as_json)


@app.command()
def pilot(
    patterns: Globs,
    out: Annotated[Path, typer.Option(help="File of the plan.")],
    profile: Profile = "standard",
    contender: Contenders = None,
    tier: Annotated[list[str] | None, typer.Option(help="Only this tier.")] = None,
    blocks: Annotated[int, typer.Option(help="Blocks of every case.")] = 20,
    minutes: Annotated[float, typer.Option(help="Over which they are spread at least.")] = 10,
    seed: Annotated[int, typer.Option(help="Fixes splits and orders.")] = 0,
    as_json: Json = False,
) -> None:
    """Measure blocks to throw away, and write the plan they ask for; `run --plan` obeys it."""
    from rmlbench_utils.measure import foresight
    from rmlbench_utils.measure.request import Request

    request = Request(
        tuple(patterns),
        profile=profile,  # type: ignore[arg-type]
        contenders=tuple(contender or ()),
        seed=seed,
        tiers=_tiers(tier),
    )
    file = foresight.pilot(request, blocks, minutes)
    out.write_text(file.model_dump_json(indent=1) + "\n")
    _answer(file.found, as_json)


@app.command()
def calibrate(
    show: Annotated[str | None, typer.Option(help="Only print what this recording says.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the recording.")] = None,
    budget_s: Annotated[float | None, typer.Option(help="Seconds to measure at most.")] = None,
    sets: Annotated[float, typer.Option(help="Share of the usual number of sets.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Fixes splits and orders.")] = 0,
    as_json: Json = False,
) -> None:
    """Measure what is known to be equal, or different by a known amount: how often is a verdict
    wrong here? The same command goes on with an interrupted recording."""
    from rmlbench_utils.measure import calibration
    from rmlbench_utils.store.recording import Recording

    if not 0 < sets <= 10:
        raise UsageError(f"sets is {sets:g}: give a share greater than 0 and at most 10")
    place = out or project_root() / "recordings" / "calibration"
    say = Console(stderr=True).print
    made = Recording.open(show) if show else calibration.calibrate(place, budget_s, seed, sets, say)
    found = calibration.findings(made)
    if as_json:
        print(json.dumps(found, allow_nan=False))
        return
    for part in ("power", "nulls"):
        _answer([{part: name, **row} for name, row in found.pop(part).items()], False)
    _answer(found.pop("tools"), False)
    _answer([{"what": name, "value": value} for name, value in found.items()], False)


def main() -> None:
    """Run a command; bad usage is one sentence on standard error and exit code 2."""
    try:
        app()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _judged(recording: Any) -> Any:
    from rmlbench_utils.judge.verdict import verdict_table

    return verdict_table(recording.manifest, recording.records, recording.parity)


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


if __name__ == "__main__":
    main()
