"""torch's own Python for tests: started once, since that takes seconds; a run is a fork of it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rmlbench_utils.measure.venvs import interpreter
from rmlbench_utils.protocol.root import project_root

PYTHON = str(interpreter(project_root() / ".venvs" / "torch"))
WORKER, START, REFERENCE = "worker", "torch_start", "torch_reference"
EXPORTED = "torch_exported"
SERVER = """
import json, os, sys
from rmlbench_utils.contenders import torch_exported, torch_networks, torch_reference, torch_start
from rmlbench_utils.worker import __main__ as worker
from rmlbench_utils.worker import networks
programs = {"worker": worker, "torch_start": torch_start, "torch_reference": torch_reference,
            "torch_exported": torch_exported}
for line in sys.stdin:
    program, folder, arguments = json.loads(line)
    child = os.fork()
    if child == 0:
        for place, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(f"{folder}/{name}", os.O_RDWR | os.O_CREAT), place)
        sys.stdin = os.fdopen(0)
        os._exit(programs[program].main(arguments))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@cache
def _server() -> subprocess.Popen[str]:
    """It ends when its input does, so with the tests."""
    pipe = subprocess.PIPE
    words = [PYTHON, "-c", SERVER]
    return subprocess.Popen(words, cwd=project_root(), stdin=pipe, stdout=pipe, text=True)


def called(
    program: str, folder: Path, arguments: Iterable[str | Path], lines: Iterable[str] = ()
) -> tuple[int, str, str]:
    """Exit code, standard output and error of one of our programs, in a process of its own."""
    (folder / "in").write_text("".join(f"{line}\n" for line in lines))
    for name in ("out", "err"):
        (folder / name).write_text("")
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(json.dumps([program, str(folder), [*map(str, arguments)]]) + "\n")
    server.stdin.flush()
    code = int(server.stdout.readline())
    return code, (folder / "out").read_text(), (folder / "err").read_text()


def made(program: str, folder: Path, arguments: Iterable[str | Path]) -> None:
    """Run one that must succeed."""
    code, _, errors = called(program, folder, arguments)
    assert code == 0, errors


def ran(snippet: str, *arguments: Path | str) -> str:
    """What a snippet prints; ``sys.argv`` holds the arguments."""
    words = [PYTHON, "-c", snippet, *map(str, arguments)]
    done = subprocess.run(words, cwd=project_root(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
