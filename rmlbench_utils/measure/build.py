"""Workers, from their sources to the command that runs them.

``python -m rmlbench_utils.measure.build TIER...`` builds every worker in some tiers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pydantic import ValidationError

from rmlbench_utils.contenders.registry import TIERS, Library, libraries
from rmlbench_utils.measure import cargo, venvs
from rmlbench_utils.measure.sources import source_digest
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Listing, Tier
from rmlbench_utils.protocol.root import project_root

PROBE = "rmlbench-probe"
LIST_LIMIT_S = 60.0

__all__ = ["build", "command", "environment", "environments", "listing", "probe", "source_digest"]


def build(chosen: Iterable[Library], tiers: Iterable[Tier]) -> None:
    """Build the workers of libraries in tiers, each alone, and the reference probe.

    Binaries of another processor are thrown away first. Target folders are filled beside each
    other, since one program's linking leaves processors idle; the longest comes first.

    Raises
    ------
    UsageError
        If cargo or a C compiler is missing, or a build fails.
    """
    chosen, tiers = list(chosen), list(tiers)
    environments(chosen)
    probes = cargo.place("tuned")
    workers: dict[str, list[tuple[Library, Tier]]] = {probes: []}
    for library in chosen:
        if library.package is not None:
            for tier in sorted({library.resolved(tier) for tier in tiers}):
                where = cargo.place(tier, library.lto)
                workers.setdefault(where, []).append((library, tier))
    longest = max(workers, key=lambda where: len(workers[where]))

    def fill(where: str) -> None:
        cargo.renew(where)
        back = where != longest
        if where == probes:
            cargo.build(where, cargo.WORKER, ["--bin", PROBE], cargo.NATIVE, back=back)
        for library, tier in workers[where]:
            words, flags = cargo.selection(library, tier), cargo.flags(library, tier)
            cargo.build(where, str(library.package), words, flags, library.lto, back)

    with ThreadPoolExecutor(len(workers)) as pool:
        for _ in pool.map(fill, workers):
            pass


def environments(chosen: Iterable[Library]) -> None:
    """Make the environments of the Python libraries, all tiers, where they are out of date."""
    for library in chosen:
        for tier in library.tiers:
            setting = library.configuration(tier)
            if setting.venv is not None:
                names = [package.value for package in setting.packages]
                venvs.ensure_worker(project_root(), setting.venv, names)


def command(library: Library, tier: Tier) -> list[str]:
    """The words that start the library's worker.

    Raises
    ------
    UsageError
        If it is not built, or was built for another processor.
    """
    setting = library.configuration(tier)
    if setting.venv is not None and setting.framework is not None:
        python = venvs.interpreter(project_root() / ".venvs" / setting.venv)
        _built(library, tier, python)
        return [str(python), "-m", "rmlbench_utils.worker", setting.framework]
    if library.package is not None:
        return [str(_binary(library, tier, library.package))]
    return list(library.command)


def environment(library: Library, tier: Tier) -> dict[str, str]:
    """What the worker's environment needs beside what all workers are given.

    Raises
    ------
    UsageError
        If a shared library it loads is not installed.
    """
    if library.kind == "python":
        return {"PYTHONPATH": str(project_root())}
    setting = library.configuration(tier)
    if setting.shared is None or setting.venv is None:
        return {}
    site = venvs.site_packages(project_root() / ".venvs" / setting.venv)
    found = sorted(site.glob(setting.shared.file))
    if len(found) != 1:
        raise UsageError(
            f"{setting.shared.file} of worker {library.name} ({tier}) is there {len(found)} "
            "times, it must be once: run `rmlbench build`"
        )
    return {setting.shared.variable: str(found[0])}


def listing(library: Library, tier: Tier) -> Listing:
    """What the worker says of itself (``--list``).

    Raises
    ------
    UsageError
        If it does not start, takes over a minute, or prints something else.
    """
    words = [*command(library, tier), "--list"]
    told = {**os.environ, **environment(library, tier)}
    try:
        done = subprocess.run(
            words, env=told, capture_output=True, check=True, timeout=LIST_LIMIT_S
        )
        return Listing.model_validate_json(done.stdout)
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        how = f"exit code {error.returncode}" + (f", {lines[-1]}" if lines else "")
    except (OSError, subprocess.TimeoutExpired) as error:
        how = str(error).lower()
    except ValidationError as error:
        first = error.errors()[0]
        how = f"{'.'.join(map(str, first['loc']))} {first['msg'].lower()}".strip()
    raise UsageError(f"worker {library.name} ({tier}) does not answer --list: {how}")


def probe() -> Path:
    """The reference probe: a binary that runs before every run and prints its nanoseconds.

    Raises
    ------
    UsageError
        If it is not built, or was built for another processor.
    """
    path = cargo.binary("tuned", PROBE)
    if not path.exists() or cargo.foreign("tuned"):
        raise UsageError(f"{PROBE} is not built for this processor: run `rmlbench build`")
    return path


def _binary(library: Library, tier: Tier, package: str) -> Path:
    tier = library.resolved(tier)
    where = cargo.place(tier, library.lto)
    path = cargo.binary(where, package)
    _built(library, tier, path)
    if cargo.foreign(where):
        raise UsageError(
            f"worker {library.name} ({tier}) was built for another processor: run `rmlbench build`"
        )
    return path


def _built(library: Library, tier: Tier, path: Path) -> None:
    if not path.exists():
        raise UsageError(f"worker {library.name} ({tier}) is not built: run `rmlbench build`")


def main(arguments: list[str]) -> int:
    """Build all workers in the tiers named; 0 done, 1 failed, 2 bad usage."""
    wanted = [tier for tier in TIERS if tier in arguments]
    if not wanted or set(arguments) - set(TIERS):
        print(f"tiers are {arguments}: give some of {', '.join(TIERS)}", file=sys.stderr)
        return 2
    try:
        build(libraries().values(), wanted)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
