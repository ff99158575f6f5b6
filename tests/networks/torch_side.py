"""torch's own Python for tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from rmlbench_utils.measure.venvs import interpreter
from rmlbench_utils.protocol.root import project_root
from tests import forked

PYTHON = str(interpreter(project_root() / ".venvs" / "torch"))
WORKER = forked.WORKER
START, REFERENCE, EXPORTED = (
    f"rmlbench_utils.contenders.torch_{name}" for name in ("start", "reference", "exported")
)
MODULES = ("rmlbench_utils.contenders.torch_networks", "rmlbench_utils.worker.networks")


def called(
    program: str, arguments: Iterable[str | Path], lines: Iterable[str] = ()
) -> tuple[int, str, str]:
    """Exit code, standard output and error of one of our programs, in a process of its own."""
    modules = (EXPORTED, REFERENCE, START, WORKER, *MODULES)
    return forked.called(PYTHON, modules, program, arguments, lines)


def made(program: str, arguments: Iterable[str | Path]) -> None:
    """Run one that must succeed."""
    code, _, errors = called(program, arguments)
    assert code == 0, errors


def ran(snippet: str, *arguments: Path | str) -> str:
    """What a snippet prints; ``sys.argv`` holds the arguments."""
    words = [PYTHON, "-c", snippet, *map(str, arguments)]
    done = subprocess.run(words, cwd=project_root(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
