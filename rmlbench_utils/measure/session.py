"""One invocation: from a request to a finished recording."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.measure import build, machine
from rmlbench_utils.measure.agree import Agreement
from rmlbench_utils.measure.blocks import measure
from rmlbench_utils.measure.parts import import_parts
from rmlbench_utils.measure.plan import Planned
from rmlbench_utils.measure.progress import Display
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Profile
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.record import Manifest
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import MANIFEST, Recording
from rmlbench_utils.store.writer import Writer, now

LOCKS = ("requirements.lock", "data.lock", "bootstrap.lock", "Cargo.lock")


def run(request: Request) -> Recording:
    """Measure what is asked, or go on with it where it was interrupted.

    Raises
    ------
    UsageError
        If the request is faulty, or the place holds a recording of something else.
    """
    return measured(Work.of(request), request.place())


def measured(work: Work, place: Path) -> Recording:
    """Measure what is resolved already, or go on with it, into the folder ``place``."""
    with Display() as display:
        display.say("building workers")
        work.build()
        writer = _writer(work, place, display.say)
        if writer.manifest.finished is None:
            display.expect(writer.manifest.plan, writer.records)
            measure(work.stage, writer, display.step)
            _finish(work.stage, writer, display.say)
    return Recording.open(place)


def plan(request: Request) -> Planned:
    """The plan a request would make, measured and thrown away (``--dry-run``)."""
    work = Work.of(request)
    with Display() as display, tempfile.TemporaryDirectory() as folder:
        display.say("building workers")
        work.build()
        return work.planned(Path(folder), display.say)


def record(
    domain: str,
    *,
    profile: Profile,
    recording: str,
    threads: int | None = None,
    seed: int = 0,
    budget_s: float | None = None,
) -> Recording:
    """What a notebook calls: measure, or read ``recording`` at profile ``none``.

    Profile ``check`` measures tier ``tuned`` alone, so that tests build each worker once.
    """
    if profile == "none":
        return Recording.open(recording)
    out = project_root() / "recordings" / recording
    request = Request(
        (domain,),
        profile=profile,
        threads=threads,
        seed=seed,
        budget_s=budget_s,
        out=out,
        tiers=("tuned",) if profile == "check" else ("shipped", "tuned"),
    )
    return run(request)


def _writer(work: Work, place: Path, say: Callable[[str], None]) -> Writer:
    if (place / MANIFEST).exists():
        writer = Writer.resume(place)
        _same(writer.manifest, work, place)
        return writer
    store = place / "outputs"
    store.mkdir(parents=True, exist_ok=True)
    planned = work.planned(store, say)
    writer = Writer.begin(place, manifest_of(place, planned, work))
    for quality in planned.quality:
        writer.append(quality)
    return writer


def interrupted(folder: Path, names: str, domains: set[str]) -> str | None:
    """The last by name of the unfinished recordings of these domains and of today's sources."""
    found = None
    for place in sorted(path.parent for path in folder.glob(f"{names}/{MANIFEST}")):
        manifest = Manifest.model_validate_json((place / MANIFEST).read_bytes())
        measured = {planned.case.domain for planned in manifest.plan.cases}
        today = _sources(libraries())
        current = all(today.get(name, old) == old for name, old in manifest.sources.items())
        if manifest.finished is None and measured == domains and current:
            found = place.name
    return found


def _same(manifest: Manifest, work: Work, place: Path) -> None:
    """Refuse to go on with a recording of something else."""
    plan, request = manifest.plan, work.request
    held = {planned.case.name for planned in plan.cases}
    who = {(c.contender, c.tier) for planned in plan.every for c in planned.contenders}
    asked = {(name, tier) for name, each in work.tiers.items() for tier in each}
    budget = request.budget_s or plan.budget_s
    other = work.fixed is not None and work.fixed.sha256 != manifest.plan_sha256
    if (
        other
        or ({case.name for case in work.cases}, asked) != (held, who)
        or (request.profile, request.seed, budget) != (plan.profile, plan.seed, plan.budget_s)
    ):
        raise UsageError(
            f"{place.name} holds a recording of another plan (profile {plan.profile}, seed "
            f"{plan.seed}, {len(held)} cases): name another place with --out or remove it"
        )
    sources = _sources(work.stage.libraries)
    changed = sorted(name for name, old in manifest.sources.items() if sources.get(name) != old)
    if changed and manifest.finished is None:
        raise UsageError(
            f"{place.name} was begun with another version of {', '.join(changed)}: "
            "name another place with --out or remove it"
        )


def manifest_of(place: Path, planned: Planned, work: Work) -> Manifest:
    """The manifest of a recording that is about to begin."""
    root, stage = project_root(), work.stage
    datasets = {case.dataset: stage.data(case.dataset, 0) for case in work.cases}
    return Manifest(
        name=place.name,
        created=now(),
        finished=None,
        plan=planned.plan,
        plan_sha256=planned.plan.sha256,
        commit=_git("rev-parse", "HEAD") or None,
        dirty=bool(_git("status", "--porcelain")),
        locks={n: _sha256(root / n) for n in LOCKS if (root / n).exists()},
        sources=_sources(stage.libraries),
        machine=machine.facts(),
        workers=_listings(stage.libraries, work.tiers),
        parts=import_parts(planned.plan.profile) if "torch" in stage.libraries else [],
        datasets={
            name: data.model_dump(mode="json", exclude={"train", "inputs", "truth"})
            for name, data in datasets.items()
        },
        references={},
        layout_pilot=planned.layout_pilot,
        unavailable=work.unavailable,
        interruptions=[],
    )


def _sources(known: dict[str, Library]) -> dict[str, str]:
    return {name: build.source_digest(library) for name, library in known.items()}


def _listings(libraries: dict[str, Library], tiers: dict[str, list[Tier]]) -> dict[str, Any]:
    return {
        f"{name}:{tier}": unplaced(build.listing(library, tier).model_dump(mode="json"))
        for name, library in libraries.items()
        for tier in tiers[name]
    }


def unplaced(listing: dict[str, Any]) -> dict[str, Any]:
    """A listing that tells of a kernel library where it lies in the project, not on the machine."""
    shared = listing["facts"].get("kernel_library")
    if shared and Path(shared["path"]).is_relative_to(project_root()):
        within = Path(shared["path"]).relative_to(project_root())
        listing["facts"]["kernel_library"] = {**shared, "path": within.as_posix()}
    return listing


def _finish(stage: Stage, writer: Writer, say: Callable[[str], None]) -> None:
    cases = [planned.case for planned in writer.manifest.plan.every]
    agreement = Agreement(stage, writer.path / "outputs")
    lines = agreement.lines(cases, writer.records, say)
    writer.finish(lines, references=agreement.references)


def _git(*arguments: str) -> str:
    """What git says, empty outside a checkout."""
    if shutil.which("git") is None:
        return ""
    out = subprocess.run(
        ["git", *arguments], cwd=project_root(), capture_output=True, text=True, check=False
    )
    return out.stdout.strip() if out.returncode == 0 else ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
