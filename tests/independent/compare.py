"""The judge's table held against the independent one, cell by cell."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import zstandard

from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.store.recording import Recording

SMALL = "regression-speed-20000x50"
KEY = ("case", "contender", "baseline", "tier", "phase", "metric")
RTOL = 1e-9
Rows = dict[tuple[str, ...], dict[str, Any]]


def keyed(rows: list[dict[str, Any]]) -> Rows:
    found = {tuple(row[name] for name in KEY): row for row in rows}
    assert len(found) == len(rows)
    return found


def judged(folder: Path) -> Rows:
    recording = Recording.open(folder)
    verdicts = verdict_table(recording.manifest, recording.records, recording.parity)
    return keyed(verdicts.astype(object).to_dict("records"))


def missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def same(name: str, a: Any, b: Any) -> bool:
    if name == "differs":
        return sorted(a.split("; ")) == sorted(b.split("; "))
    if missing(a) or missing(b):
        return missing(a) and missing(b)
    if isinstance(a, float):
        return math.isclose(a, b, rel_tol=RTOL, abs_tol=1e-300)
    return bool(a == b)


def differing(ours: Rows, theirs: Rows) -> list[tuple[Any, ...]]:
    """Cells in which two tables are not the same; a reason is held against the kind of bar."""
    found: list[tuple[Any, ...]] = [(key, "row") for key in ours.keys() ^ theirs.keys()]
    for key in ours.keys() & theirs.keys():
        a, b = ours[key], theirs[key]
        for name in COLUMNS:
            if name != "reason" and not same(name, a[name], b[name]):
                found.append((key, name, a[name], b[name]))
        if b["bar"] is not None and not a["reason"].startswith(b["bar"]):
            found.append((key, "reason", a["reason"], b["bar"]))
    return found


def written(folder: Path, manifest: Any, runs: list[Any], parity: list[Any]) -> Path:
    """A recording of plain JSON on disk."""
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    lines = ["".join(json.dumps(line) + "\n" for line in each) for each in (runs, parity)]
    packed = zstandard.ZstdCompressor().compress(lines[0].encode())
    (folder / "records.jsonl.zst").write_bytes(packed)
    (folder / "parity.jsonl").write_text(lines[1])
    return folder
