"""Our Python programs for tests: an interpreter is started once, since importing takes seconds,
and each run is a fork of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.worker.frameworks import FRAMEWORKS

WORKER = "rmlbench_utils.worker.__main__"
SERVER = """
import importlib, json, os, sys
modules = {name: importlib.import_module(name) for name in sys.argv[1:]}
for line in sys.stdin:
    program, folder, arguments = json.loads(line)
    child = os.fork()
    if child == 0:
        for place, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(f"{folder}/{name}", os.O_RDWR | os.O_CREAT), place)
        sys.stdin = os.fdopen(0)
        os._exit(modules[program].main(arguments))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@cache
def _server(python: str, modules: tuple[str, ...]) -> subprocess.Popen[str]:
    """It ends when its input does, so with the tests."""
    pipe = subprocess.PIPE
    words = [python, "-c", SERVER, *modules]
    told = {**os.environ, "PYTHONPATH": str(project_root()), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(words, cwd=project_root(), env=told, stdin=pipe, stdout=pipe, text=True)


def called(
    python: str,
    modules: tuple[str, ...],
    program: str,
    arguments: Iterable[str | Path],
    lines: Iterable[str] = (),
) -> tuple[int, str, str]:
    """Exit code, standard output and error of ``main`` of one of the modules, in a process of
    its own in which all of them are imported."""
    server = _server(python, modules)
    assert server.stdin is not None
    assert server.stdout is not None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in").write_text("".join(f"{line}\n" for line in lines))
        server.stdin.write(json.dumps([program, place, [*map(str, arguments)]]) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return code, (folder / "out").read_text(), (folder / "err").read_text()


def worker(framework: str, lines: Iterable[str]) -> tuple[int, str, str]:
    """The same of the worker of a framework that is beside the harness, told some lines."""
    modules = ("rmlbench_utils.worker.supervised", "rmlbench_utils.worker.clustering")
    served = dict.fromkeys(FRAMEWORKS[framework].values())
    return called(sys.executable, (WORKER, *modules, *served), WORKER, [framework], lines)
