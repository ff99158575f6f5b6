"""The comparison this project replaces timed nearest centroids as an SVM: here it gets no ratio."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.measure import session
from rmlbench_utils.measure.request import Request

pytestmark = pytest.mark.alone
WORKER = Path(__file__).parents[1] / "hostile" / "centroid.py"


def test_nearest_centroids_under_the_name_of_an_svm_are_not_comparable(tmp_path: Path) -> None:
    command = json.dumps([sys.executable, str(WORKER)])
    workers = tmp_path / "workers.toml"
    workers.write_text(f'[[worker]]\nname = "centroid"\ncommand = {command}\n')
    recording = session.run(
        Request(
            ("svm/svc/iris/C=1,kernel=rbf,threads=1",),
            profile="check",
            contenders=("centroid",),
            workers=workers,
            out=tmp_path / "recording",
            tiers=("shipped",),
        )
    )
    assert {r.status for r in recording.records} == {"ok"}
    table = verdict_table(recording.manifest, recording.records, recording.parity)
    rows = table[table["contender"] == "centroid"]
    assert set(rows["verdict"]) == {"not comparable"}
    assert rows["ratio"].isna().all()
    assert rows["reason"].str.contains("rows have another label").all()
