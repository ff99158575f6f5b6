"""A recording killed at random moments is finished by the same command."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording

KILLS = 20
BLOCKS = 24
CASE = "regression/ridge/diabetes/alpha=1,threads=1"


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    worker = Path(__file__).parents[1] / "hostile" / "worker.py"
    words = json.dumps([sys.executable, str(worker), "honest"])
    (tmp_path / "workers.toml").write_text(f'[[worker]]\nname = "honest"\ncommand = {words}\n')
    return [
        *(sys.executable, "-m", "rmlbench_utils.cli", "run", CASE, "--profile", "check"),
        *("--min-blocks", str(BLOCKS), "--contender", "honest", "--contender", "own-python"),
        *("--workers", str(tmp_path / "workers.toml"), "--out", str(tmp_path / "recording")),
        *("--tier", "shipped", "--budget-s", "600", "--json"),
    ]


def test_killed_twenty_times_nothing_is_lost_or_doubled(command: list[str], tmp_path: Path) -> None:
    chooser = random.Random(7)
    log = (tmp_path / "stderr").open("w")
    killed = 0
    seen: list[bytes] = []
    lines = tmp_path / "recording" / "records.jsonl"
    while killed < KILLS:
        process = subprocess.Popen(
            command,
            cwd=project_root(),
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
        )
        # Mostly while it measures, sometimes while it sets up, plans or resumes.
        deadline = time.monotonic() + 60
        grown = len(seen) + chooser.choice([0, 0, 1, 1])
        while time.monotonic() < deadline and process.poll() is None:
            if lines.exists() and lines.read_bytes().count(b"\n") > grown:
                break
            if not seen and killed < 3 and chooser.random() < 0.02:
                break
            time.sleep(0.05)
        time.sleep(chooser.uniform(0, 0.4))
        assert process.poll() is None, (tmp_path / "stderr").read_text()[-2000:]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        killed += 1
        if lines.exists():
            now = lines.read_bytes().split(b"\n")[:-1]
            assert now[: len(seen)] == seen, "a record was lost or changed"
            seen = now
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
