"""A recording killed at random moments is finished by the same command."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from rmlbench_utils.cli import main
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

KILLS = 20
BLOCKS = 18  # of three runs: 20 kills wait for some 30
CASE = "regression/ridge/diabetes/alpha=1,threads=1"


def run(words: list[str], log: Path) -> None:
    """The command, in this process and as the leader of those it starts."""
    os.setsid()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(descriptor, stream)
    os.chdir(project_root())
    sys.argv = ["rmlbench", *words]
    main()


def begun(words: list[str], log: Path) -> BaseProcess:
    """The command begun in a fork of a process that has imported it, which takes seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["rmlbench_utils.cli", "rmlbench_utils.measure.foresight"])
    process = context.Process(target=run, args=(words, log))
    process.start()
    return process


@pytest.fixture
def words(tmp_path: Path) -> list[str]:
    worker = Path(__file__).parents[1] / "hostile" / "worker.py"
    honest = json.dumps([sys.executable, str(worker), "honest"])
    (tmp_path / "workers.toml").write_text(f'[[worker]]\nname = "honest"\ncommand = {honest}\n')
    return [
        *("run", CASE, "--profile", "check", "--min-blocks", str(BLOCKS)),
        *("--contender", "honest", "--contender", "own-python"),
        *("--workers", str(tmp_path / "workers.toml"), "--out", str(tmp_path / "recording")),
        *("--tier", "shipped", "--budget-s", "600", "--json"),
    ]


def test_killed_twenty_times_nothing_is_lost_or_doubled(words: list[str], tmp_path: Path) -> None:
    chooser = random.Random(7)
    log = tmp_path / "log"
    seen: list[bytes] = []
    lines = tmp_path / "recording" / "records.jsonl"
    for killed in range(KILLS):
        process = begun(words, log)
        # Mostly while it measures, sometimes while it sets up, plans or resumes.
        deadline = time.monotonic() + 60
        grown = len(seen) + chooser.choice([0, 0, 1, 1])
        while time.monotonic() < deadline and process.is_alive():
            if lines.exists() and lines.read_bytes().count(b"\n") > grown:
                break
            if not seen and killed < 3 and chooser.random() < 0.02:
                break
            time.sleep(0.05)
        time.sleep(chooser.uniform(0, 0.4))
        assert process.is_alive(), log.read_text()[-2000:]
        assert process.pid is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
        if lines.exists():
            now = lines.read_bytes().split(b"\n")[:-1]
            assert now[: len(seen)] == seen, "a record was lost or changed"
            seen = now
    command = [sys.executable, "-m", "rmlbench_utils.cli", *words]
    done = subprocess.run(command, cwd=project_root(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    recording = Recording.open(tmp_path / "recording")
    runs = [r for r in recording.records if r.role == "run"]
    assert len(runs) == len({r.key for r in runs}) == 3 * BLOCKS
    assert {r.status for r in recording.records} <= {"ok", "clock_mismatch"}  # others work here
    assert len(recording.manifest.interruptions) >= KILLS - 5
    assert [r.line().encode() for r in recording.records][: len(seen)] == seen
    again = subprocess.run(command, cwd=project_root(), capture_output=True, check=True)
    assert json.loads(again.stdout)[0]["runs"] == len(recording.records)
