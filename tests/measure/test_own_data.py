"""A user's own CSV goes the whole way: text columns, recording, verdict table."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.cli import main
from rmlbench_utils.store.recording import Recording

pytestmark = pytest.mark.alone


@pytest.fixture
def houses(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    area, town = rng.uniform(50, 200, 120), rng.choice(["north", "south", "west"], 120)
    price = 3 * area + 40 * (town == "west") + rng.normal(0, 5, 120)
    lines = [f"{a:.3f},{t},{p:.3f}" for a, t, p in zip(area, town, price, strict=True)]
    path = tmp_path / "houses.csv"
    path.write_text("area,town,price\n" + "\n".join(lines) + "\n")
    return path


def test_a_csv_of_ones_own_is_measured(
    houses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "recording"
    words = ["run", "regression", "--data", str(houses), "--target", "price", "--profile", "check"]
    words += ["--contender", "own-python", "--tier", "shipped", "--out", str(out), "--json"]
    monkeypatch.setattr(sys, "argv", ["rmlbench", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    summary = json.loads(capsys.readouterr().out)[0]
    assert summary["failed"] == 0
    recording = Recording.open(out)
    assert {line.parity for line in recording.parity} == {"pass"}
    assert len({line.case for line in recording.parity}) == 4
    (dataset,) = recording.manifest.datasets.values()
    assert dataset["encodings"] == {"town": ["north", "south", "west"]}
    assert dataset["rows"] == 120
