"""Old against new in one recording of randomised blocks: is a regression one?"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rmlbench_utils.contenders.registry import Configuration, Library, libraries
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.measure import build, counted, session
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.writer import now

BLOCKS = (20, 60)


def against(case: Case, contender: str, tier: Tier, commit: str) -> dict[str, Any]:
    """Measure a contender as it was at ``commit`` against what it is now, always afresh.

    Returns the primary row of `rmlbench verdicts`, of ``new`` with ``old`` as baseline.

    Raises
    ------
    UsageError
        If the commit is not here, or its worker cannot be built.
    """
    library = libraries()[contender]
    build.build([library], [tier])
    place = project_root() / ".cache" / "confirm" / f"{contender}-{now()}".replace(":", "")
    with _checkout(commit) as tree:
        old = _words(tree, _told(tree, contender, tier), library)
        new = _words(project_root(), build.command(library, library.resolved(tier)), library)
        return measured(case, old, new, library.language, library.resolved(tier), place)


def measured(
    case: Case,
    old: tuple[str, ...],
    new: tuple[str, ...],
    language: str,
    tier: Tier,
    place: Path,
) -> dict[str, Any]:
    """The same for two commands that start a worker; words like ``NAME=VALUE`` may go first."""
    names = ("old", "new")
    pair = case.model_copy(
        update={
            "contenders": names,
            "baseline": "old",
            "known": {},
            "min_blocks": BLOCKS[0],
            "max_blocks": BLOCKS[1],
        }
    )
    both = {"shipped": Configuration(), "tuned": Configuration()}
    workers = {
        name: counted.library(name, words, language).model_copy(update={"tier": both})
        for name, words in zip(names, (old, new), strict=True)
    }
    request = Request(("trends",), "smoke")
    stage = Stage(workers, project_root() / ".cache" / "data", request.seed)
    tiers: dict[str, list[Tier]] = {name: [tier] for name in names}
    made = session.measured(Work(request, stage, [pair], {}, tiers, None), place)
    table = verdict_table(made.manifest, made.records, made.parity)
    (row,) = table[table["family"] == "primary"].astype(object).to_dict("records")
    return {str(key): value for key, value in row.items()}


@contextmanager
def _checkout(commit: str) -> Iterator[Path]:
    """A work tree of the commit, for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "old"
        _git("worktree", "add", "--detach", str(tree), commit)
        (tree / ".venv").symlink_to(project_root() / ".venv")  # uv, which makes its own
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*words: str) -> None:
    done = subprocess.run(
        ["git", *words], cwd=project_root(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise UsageError(f"git {words[0]} {words[1]} failed: {last}; fetch the commit first")


def _told(tree: Path, contender: str, tier: Tier) -> list[str]:
    """Build the contender of an older tree by its own means; the words that start it."""
    own = {"PYTHONPATH": str(tree), "RMLBENCH_HOME": str(tree)}
    words = ["-m", "rmlbench_utils.cli", "build", "--contender", contender, "--json"]
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(f"{contender} of {tree.name} cannot be built: its messages are above")
    rows = {row["tier"]: str(row["command"]) for row in json.loads(done.stdout)}
    if tier not in rows and len(rows) > 1:
        raise UsageError(f"{contender} of the old commit has no tier {tier}, but {', '.join(rows)}")
    return rows.get(tier, next(iter(rows.values()))).split()


def _words(tree: Path, command: list[str], library: Library) -> tuple[str, ...]:
    path = (f"PYTHONPATH={tree}",) if library.kind == "python" else ()
    return (*path, *command)
