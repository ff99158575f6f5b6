"""One job put to a Rust worker by the protocol, and what came back."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.events import Fault, Result, parse_event
from rmlbench_utils.protocol.root import project_root

GOLDEN = project_root() / "tests" / "golden" / "job.json"
UNCHECKED = "0" * 64  # a digest that workers do not look at

Answer = tuple[list[Any], int]  # the events and the exit code


def command(worker: str) -> list[str]:
    """The worker as the harness starts it: a binary of the tier that tests build, or Python as
    it is shipped, whose tuned side is another library."""
    library = libraries()[worker]
    try:
        return build.command(library, "tuned" if library.kind == "cargo" else "shipped")
    except UsageError as error:
        pytest.skip(str(error))


def named(path: Path) -> dict[str, str]:
    """A file as a job names it."""
    return {"path": str(path), "sha256": UNCHECKED}


def exchange(worker: str, job: dict[str, Any], inputs: Path) -> Answer:
    """Run a job: the golden one, but for the fields of ``job``."""
    whole = {**json.loads(GOLDEN.read_text(encoding="utf-8")), **job}
    threads = str(whole["threads"])
    done = subprocess.run(
        command(worker),
        input=f"{json.dumps(whole)}\n{json.dumps(named(inputs))}\n",
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": threads},
        check=False,
    )
    return [parse_event(line) for line in done.stdout.splitlines()], done.returncode


def delivered(answer: Answer, outputs: Path) -> dict[str, np.ndarray]:
    """What a job that must succeed wrote."""
    events, code = answer
    assert code == 0, events[-1]
    assert isinstance(events[-1], Result)
    return load_file(outputs)


def refused(answer: Answer) -> Fault:
    """The fault of a job that must be refused."""
    events, code = answer
    assert code == 1
    assert isinstance(events[-1], Fault)
    return events[-1]
