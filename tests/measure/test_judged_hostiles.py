"""A recording with hostile workers in it: the honest get verdicts, the others none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.measure import session
from rmlbench_utils.measure.counted import NULL
from rmlbench_utils.measure.request import Request
from rmlbench_utils.store.recording import Recording

pytestmark = pytest.mark.alone
WORKER = Path(__file__).parents[1] / "hostile" / "worker.py"
HOSTILE = ("exits", "claims_threads", "float32", "cached")  # one of a kind, see test_hostile.py
CASE = "regression/ridge/diabetes/alpha=1,threads=1"


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Recording:
    folder = tmp_path_factory.mktemp("hostile")
    stanzas = [
        f"[[worker]]\nname = {json.dumps(mode.replace('_', '-'))}\n"
        f"command = {json.dumps([sys.executable, str(WORKER), mode])}\n"
        for mode in ("honest", *HOSTILE)
    ]
    (folder / "workers.toml").write_text("\n".join(stanzas))
    names = ("honest", *(mode.replace("_", "-") for mode in HOSTILE))
    for attempt in range(3):  # its own null case voids a sound recording once in a hundred
        made = session.run(
            Request(
                (CASE,),
                profile="smoke",
                contenders=names,
                workers=folder / "workers.toml",
                out=folder / str(attempt),
                tiers=("shipped",),
                budget_s=600.0,
            )
        )
        table = verdict_table(made.manifest, made.records, made.parity)
        if not table["reason"].str.contains("the recording is void", na=False).any():
            break
    return made


def test_every_block_is_whole(recording: Recording) -> None:
    runs = [r for r in recording.records if r.role == "run"]
    assert len(runs) == 10 * (2 + len(HOSTILE) + len(NULL))


def test_the_honest_worker_gets_a_verdict_and_the_hostile_none(recording: Recording) -> None:
    table = verdict_table(recording.manifest, recording.records, recording.parity)
    primary = table[table["family"] == "primary"].set_index("contender")
    assert primary.loc["honest", "parity"] == "pass"
    honest = [r for r in recording.records if r.contender in ("honest", "sklearn")]
    glitches = [r.reason for r in honest if r.status != "ok"]  # a stopped machine, if anything
    assert len(glitches) <= 1, glitches
    assert primary.loc["honest", "verdict"] == ("inconclusive" if glitches else "faster")
    for mode in HOSTILE:
        row = primary.loc[mode.replace("_", "-")]
        assert row["verdict"] in ("not comparable", "inconclusive"), mode
        assert row["reason"], mode


@pytest.mark.parametrize("mode", ["float32", "cached"])
def test_wrong_answers_are_not_comparable_with_the_difference(
    recording: Recording, mode: str
) -> None:
    table = verdict_table(recording.manifest, recording.records, recording.parity)
    rows = table[table["contender"] == mode.replace("_", "-")]
    assert set(rows["verdict"]) == {"not comparable"}
    assert rows["ratio"].isna().all()
    assert rows["reason"].str.contains("differ by").all()
