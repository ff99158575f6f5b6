"""A user's own CSV goes the whole way: text columns, recording, verdict table."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.cli import main
from rmlbench_utils.measure.request import Request
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.store.recording import Recording


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    area, town = rng.uniform(50, 200, 120), rng.choice(["north", "south", "west"], 120)
    price = 3 * area + 40 * (town == "west") + rng.normal(0, 5, 120)
    lines = [f"{a:.3f},{t},{p:.3f}" for a, t, p in zip(area, town, price, strict=True)]
    path = tmp_path / "houses.csv"
    path.write_text("area,town,price\n" + "\n".join(lines) + "\n")
    return path


@pytest.fixture
def points(tmp_path: Path) -> Path:
    rng = np.random.default_rng(2)
    centres = {"north": (0, 0), "south": (5, 0), "west": (0, 5)}
    rows = [(*rng.normal(at, 0.8, 2), name) for name, at in centres.items() for _ in range(40)]
    path = tmp_path / "points.csv"
    path.write_text("a,b,town\n" + "\n".join(f"{a:.4f},{b:.4f},{t}" for a, b, t in rows) + "\n")
    return path


def measured(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    told = ["--profile", "check", "--contender", "own-python", "--tier", "shipped", "--json"]
    monkeypatch.setattr(sys, "argv", ["rmlbench", "run", *words, *told])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code


def test_a_csv_of_ones_own_is_measured(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "recording"
    words = ["regression", "--data", str(houses), "--target", "price", "--out", str(out)]
    measured(words, monkeypatch)
    summary = json.loads(capsys.readouterr().out)[0]
    recording = Recording.open(out)
    assert summary["runs"] == len(recording.records)
    assert {r.status for r in recording.records} <= {"ok", "clock_mismatch"}  # others work here
    assert {line.parity for line in recording.parity} == {"pass"}
    assert len({line.case for line in recording.parity}) == 4
    (dataset,) = recording.manifest.datasets.values()
    assert dataset["encodings"] == {"town": ["north", "south", "west"]}
    assert dataset["rows"] == 120


def test_a_csv_of_ones_own_is_classified(
    points: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "recording"
    measured(["svm", "--data", str(points), "--target", "town", "--out", str(out)], monkeypatch)
    recording = Recording.open(out)
    ours = {line.case.split("/")[1]: line for line in recording.parity}
    assert set(ours) == {"svc", "nusvc", "linearsvc"}
    assert {line.parity for line in recording.parity} == {"pass"}
    assert "auc_roc" in ours["svc"].scores
    (dataset,) = recording.manifest.datasets.values()
    assert dataset["classes"] == ["north", "south", "west"]


def test_a_csv_of_ones_own_is_clustered_without_a_target(
    points: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, bare = tmp_path / "recording", tmp_path / "bare.csv"
    bare.write_text("".join(f"{row.rpartition(',')[0]}\n" for row in points.read_text().split()))
    measured(["clustering", "--data", str(bare), "--out", str(out)], monkeypatch)
    recording = Recording.open(out)
    assert {line.case.split("/")[1] for line in recording.parity} == {
        "kmeans",
        "dbscan",
        "agglomerative",
        "gaussian_mixture",
        "spectral",
    }
    assert {line.parity for line in recording.parity} == {"pass"}
    assert all("ari" not in line.scores for line in recording.parity)


@pytest.mark.parametrize(
    ("domain", "target", "algorithms"),
    [
        ("svm", "town", ["svc", "nusvc", "linearsvc"]),
        ("svm", "price", ["svr", "nusvr", "linearsvr"]),
        ("regression", "price", ["linear", "ridge", "lasso", "elastic_net"]),
    ],
)
def test_the_target_decides_what_is_learned(
    houses: Path, domain: str, target: str, algorithms: list[str]
) -> None:
    found = Request((domain,), "check", data=houses, target=target).checked().cases()
    assert [case.algorithm for case in found] == algorithms


@pytest.mark.parametrize(
    ("domain", "target", "said"),
    [
        ("svm", None, "name the column that svm is to predict"),
        ("svm", "twn", "no column 'twn': nearest are town"),
        ("calibration", "price", "DOMAIN being regression or svm or clustering"),
    ],
)
def test_what_cannot_be_learned_is_said(
    houses: Path, domain: str, target: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        Request((domain,), "check", data=houses, target=target).checked().cases()
