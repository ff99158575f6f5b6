"""Commands on how far a recording is to be believed: pilot, calibrate, reproduce, merge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from rmlbench_utils.cli_base import Contenders, Globs, Json, Profile, answer, tiers
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root


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
        tiers=tiers(tier),
    )
    file = foresight.pilot(request, blocks, minutes)
    out.write_text(file.model_dump_json(indent=1) + "\n")
    answer(file.found, as_json)


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
        answer([{part: name, **row} for name, row in found.pop(part).items()], False)
    answer(found.pop("tools"), False)
    answer([{"what": name, "value": value} for name, value in found.items()], False)


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
    answer(json.loads(table.to_json(orient="records")), as_json)
    if (table["agrees"] == "differs").any():
        raise typer.Exit(1)


def merge(
    recordings: Annotated[list[str], typer.Argument(help="Names or folders of recordings.")],
    as_json: Json = False,
) -> None:
    """Combine recordings by random effects, a row a machine; machines are never pooled."""
    from rmlbench_utils.judge.combine import combine
    from rmlbench_utils.store.recording import Recording

    table = combine([_judged(Recording.open(name)) for name in recordings])
    answer(json.loads(table.to_json(orient="records")), as_json)


def _judged(recording: Any) -> Any:
    from rmlbench_utils.judge.verdict import verdict_table

    return verdict_table(recording.manifest, recording.records, recording.parity)
