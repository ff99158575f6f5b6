"""Commands on how far a recording is to be believed: pilot, calibrate, reproduce, merge."""

from __future__ import annotations

import json
import sys
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
    if not out.absolute().parent.is_dir():
        raise UsageError(f"cannot write {str(out)!r}: name a file in a folder that exists")
    file = foresight.pilot(request, blocks, minutes)
    out.write_text(file.model_dump_json(indent=1) + "\n")
    answer(file.found, as_json)


def calibrate(
    show: Annotated[str | None, typer.Option(help="Only print what this recording says.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the recording.")] = None,
    budget_s: Annotated[float | None, typer.Option(help="Seconds to measure.")] = None,
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
    found = calibration.findings(made, [(one.manifest, _judged(one)) for one in _workloads()[0]])
    if as_json:
        print(json.dumps(found, allow_nan=False))
        return
    for part in ("nulls", "power", "losses"):
        answer([{part: name, **row} for name, row in found[part].items()], False)
    for part in ("days", "position"):
        answer([found[part]] if found[part] else [], False)
    answer(found["tools"], False)
    whole = {name: value for name, value in found.items() if not isinstance(value, dict | list)}
    answer([{"what": name, "value": value} for name, value in whole.items()], False)


def reproduce(
    recording: Annotated[str, typer.Argument(help="Name or folder of a recording.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the new recording.")] = None,
    as_json: Json = False,
) -> None:
    """Run a recording's plan again here; exit 1 if a row differs. The same command resumes."""
    from rmlbench_utils.judge.columns import plain
    from rmlbench_utils.judge.combine import compare
    from rmlbench_utils.measure import reproduce as again
    from rmlbench_utils.store.recording import Recording

    old = Recording.open(recording)
    new = again.reproduce(old, out)
    table = compare(_judged(old), _judged(new))
    answer(plain(table), as_json)
    if (table["agrees"] == "differs").any():
        raise typer.Exit(1)


def merge(
    recordings: Annotated[list[str], typer.Argument(help="Names or folders of recordings.")],
    as_json: Json = False,
) -> None:
    """Combine recordings by random effects, a row a machine; machines are never pooled."""
    from rmlbench_utils.judge.columns import plain
    from rmlbench_utils.judge.combine import combine
    from rmlbench_utils.store.recording import Recording

    table = combine([_judged(Recording.open(name)) for name in recordings])
    answer(plain(table), as_json)


def trends(
    recordings: Annotated[
        list[str] | None, typer.Argument(help="Names or folders; all of the project by default.")
    ] = None,
    fail_on_regression: Annotated[
        bool, typer.Option("--fail-on-regression", help="Measure old against new; exit 1 if so.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say which ratios changed over the recordings of a machine, and what could explain it."""
    from rmlbench_utils.judge.columns import plain
    from rmlbench_utils.judge.report import trends as report

    opened, left_out = _workloads(recordings)
    judged = [(one.manifest, _judged(one)) for one in opened]
    rows = plain(report(judged))
    confirmed = False
    if fail_on_regression:
        manifests = {made.name: made for made, _ in judged}
        for row in rows:
            row["confirmed"] = _confirmed(row, manifests) if row["said"] == "regression" else None
            confirmed |= row["confirmed"] == "slower"
    answer(rows, as_json)
    sys.stderr.write("".join(f"{line}\n" for line in left_out))
    if confirmed:
        raise typer.Exit(1)


def _workloads(named: list[str] | None = None) -> tuple[list[Any], list[str]]:
    """The recordings named, by default all of the project, without calibrations; what is wrong
    with those that cannot be read, in a line each."""
    from rmlbench_utils.store.recording import Recording, find, names, read_manifest

    opened, left_out = [], []
    for name in named or names():
        try:
            if read_manifest(find(name)).plan.profile != "calibration":
                opened.append(Recording.open(name))
        except UsageError as reason:
            left_out.append(f"{name} is left out: {reason}")
    return opened, left_out


def _confirmed(row: dict[str, Any], manifests: dict[str, Any]) -> str:
    """The verdict of new against old, or why there is none."""
    from rmlbench_utils.measure.confirm import against

    made = manifests[row["before"]]
    if made.commit is None or made.dirty:
        return f"{made.name} was made from uncommitted sources, which cannot be had again"
    case = next(p.case for p in made.plan.cases if p.case.name == row["case"])
    try:
        found = against(case, row["contender"], row["tier"], made.commit)
    except UsageError as reason:
        return f"not measured: {reason}"
    return str(found["verdict"])


def _judged(recording: Any) -> Any:
    from rmlbench_utils.judge.verdict import verdict_table

    return verdict_table(recording.manifest, recording.records, recording.parity)
