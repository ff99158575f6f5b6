"""The command line: ``rmlbench``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from rmlbench_utils.cli_base import Contenders, Json, Profile, Workers, answer, tiers
from rmlbench_utils.cli_evidence import calibrate, merge, pilot, reproduce, trends
from rmlbench_utils.cli_store import export, index
from rmlbench_utils.cli_summary import summary
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.root import project_root

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
for command in (pilot, calibrate, reproduce, merge, trends, summary, index, export):
    app.command()(command)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Name what this machine lacks, how to get it, and what it can measure."""
    from rmlbench_utils.measure.doctor import rows

    found = rows()
    answer(found, as_json)


@app.command("list")
def list_(
    what: Annotated[str, typer.Argument(help="cases, contenders, datasets or weights")],
    profile: Profile = "standard",
    as_json: Json = False,
) -> None:
    """List cases, contenders, datasets, or trained weights."""
    from rmlbench_utils.measure import listings

    kinds: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "cases": lambda: listings.cases(profile),
        "contenders": listings.contenders,
        "datasets": listings.datasets,
        "weights": listings.weights,
    }
    if what not in kinds:
        raise UsageError(f"{what!r} cannot be listed: nearest are {nearest(what, kinds)}")
    answer(kinds[what](), as_json)


@app.command()
def build(contender: Contenders = None, workers: Workers = None, as_json: Json = False) -> None:
    """Build the Rust workers and the Python workers' environments."""
    from rmlbench_utils.measure.listings import build_all

    answer(build_all(contender or [], workers), as_json)


@app.command()
def run(
    context: typer.Context,
    patterns: Annotated[list[str] | None, typer.Argument(help="Domains or case globs.")] = None,
    profile: Profile = "standard",
    contender: Contenders = None,
    plan: Annotated[Path | None, typer.Option(help="A plan of `pilot`, obeyed.")] = None,
    threads: Annotated[int | None, typer.Option(help="Threads of every case.")] = None,
    data: Annotated[Path | None, typer.Option(help="A CSV file of your own.")] = None,
    target: Annotated[
        str | None, typer.Option(help="Its column to predict; a clustering needs none.")
    ] = None,
    workers: Workers = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the recording.")] = None,
    seed: Annotated[int, typer.Option(help="Fixes splits and orders.")] = 0,
    budget_s: Annotated[float | None, typer.Option(help="Seconds to measure.")] = None,
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
    if plan is not None:
        _refuse_beside_plan(context)
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
        tiers=tiers(tier),
        min_blocks=min_blocks,
    )
    if dry_run:
        made = foresight.read(plan) if plan else session.plan(request).plan
        low, high = estimate_s(made)
        answer([{"cases": len(made.cases), "seconds_low": low, "seconds_high": high}], as_json)
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
    answer([summary], as_json)


def _refuse_beside_plan(context: typer.Context) -> None:
    """A plan has fixed everything else, so what is told beside it would be ignored."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    told = [
        f"--{name.replace('_', '-')}"
        for name, source in sources.items()
        if source is not None
        and source.name == "COMMANDLINE"  # typer brings its own click, so its own enum
        and name not in ("plan", "out", "dry_run", "as_json")
    ]
    if told:
        raise UsageError(
            f"--plan has fixed {', '.join(told)}: give it with --out and --dry-run only"
        )


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
    answer([row.plain() for row in found], as_json)
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
    from rmlbench_utils.judge.columns import plain
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
        rows += plain(table)
    shown = rows if as_json else [_short(row) for row in rows if row["family"] == "primary"]
    answer(shown, as_json)


def main() -> None:
    """Run a command; bad usage is one sentence on standard error and exit code 2."""
    try:
        app()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _short(row: dict[str, Any]) -> dict[str, Any]:
    names = ("case", "contender", "tier", "parity", "ratio", "ci_low", "ci_high", "verdict")
    return {name: row[name] for name in (*names, "n_runs", "reason")}


if __name__ == "__main__":
    main()
