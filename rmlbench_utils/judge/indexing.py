"""Building the index from recordings: each is taken whole and judged, or refused by name."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd

from rmlbench_utils.judge.index import TABLES, create, fold, is_index
from rmlbench_utils.judge.kept import VALUES, Columns, kept
from rmlbench_utils.judge.sides import Side, SideKey
from rmlbench_utils.judge.verdict import judge_sides, machine_name
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.store.scan import Scanned, scan
from rmlbench_utils.store.sources import Refused, Source, candidates, open_all

Index = duckdb.DuckDBPyConnection
KEY = ("case", "contender", "tier")


def build(folders: Iterable[Path], out: Path) -> None:
    """Build the index of every recording at or below ``folders``, judged as its plan says.

    The same recordings give the same contents, in whatever order their folders are named.

    Raises
    ------
    UsageError
        If a folder holds no recording, or ``out`` exists and is no index.
    """
    if out.exists() and not is_index(out):
        raise UsageError(f"{str(out)!r} exists and is no index: choose another name")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"cannot write {str(out)!r}: name a file in a folder that exists")
    sources, refused = open_all(candidates(folders))
    part = out.with_name(f"{out.name}.part")
    part.unlink(missing_ok=True)
    with create(part) as index:
        refused += _take(index, sources)
        fold(index)
        rows = [(str(each.path), each.reason) for each in refused]
        if rows:
            index.executemany("INSERT INTO refused VALUES (?, ?)", rows)
    part.replace(out)


def _take(index: Index, sources: list[Source]) -> list[Refused]:
    refused: list[Refused] = []
    taken: dict[object, Path] = {}  # by identity and by digest of the records
    number = 0
    for source, parts in scan(sources, kept):
        index.begin()
        try:
            _refuse_copy(source, taken)
            runs = _add(index, number, source, parts)
        except (UsageError, duckdb.DataError) as error:
            index.rollback()
            refused.append(Refused(source.path, str(error).splitlines()[0]))
            continue
        index.commit()
        number += 1
        taken[source.identity] = source.path
        if runs:
            taken[source.records_sha256] = source.path
    return refused


def _refuse_copy(source: Source, taken: dict[object, Path]) -> None:
    for mark in (source.identity, source.records_sha256):
        if mark in taken:
            raise UsageError(
                f"{source.path.name} is a second copy of the recording in {str(taken[mark])!r}: "
                "remove one of them"
            )


def _add(index: Index, number: int, source: Source, parts: Iterator[Scanned[Columns]]) -> int:
    """Add a recording and its verdicts; how many runs it has."""
    pieces = [kept([])]
    for part in parts:
        if part.fault:
            raise UsageError(part.fault)
        if part.kept:
            pieces.append(part.kept)
    columns = {name: np.concatenate([each[name] for each in pieces]) for name in kept([])}
    runs = len(columns["block"])
    _insert(index, "runs", number, columns)
    _refuse_doubled(index, number, source)
    row = {"path": str(source.path), "runs": runs, **_described(source)}
    index.execute(
        f"INSERT INTO recordings VALUES ({', '.join('?' * len(TABLES['recordings']))})",
        [number, *(row[name] for name in TABLES["recordings"] if name != "recording_id")],
    )
    names = [name for name in TABLES["parity"] if name != "recording_id"]
    if source.parity:
        lines = [[getattr(line, name) for name in names] for line in source.parity]
        _insert(index, "parity", number, pd.DataFrame(lines, columns=names))
    table = judge_sides(source.manifest, sides(columns), source.parity)
    _insert(index, "verdicts", number, table)
    return runs


def _described(source: Source) -> dict[str, Any]:
    manifest = source.manifest
    return {
        "name": manifest.name,
        "machine": machine_name(manifest),
        "commit": manifest.commit,
        "created": manifest.created,
        "finished": manifest.finished,
        "plan_sha256": manifest.plan_sha256,
        "profile": manifest.plan.profile,
        "schema_version": manifest.schema_version,
        "records_sha256": source.records_sha256,
    }


def _insert(index: Index, table: str, number: int, rows: Columns | pd.DataFrame) -> None:
    index.register("rows_", rows)
    index.execute(f"INSERT INTO {table} BY NAME SELECT {number} AS recording_id, * FROM rows_")
    index.unregister("rows_")


def _refuse_doubled(index: Index, number: int, source: Source) -> None:
    doubled = index.execute(
        'SELECT "case", contender, tier, role, block FROM runs WHERE recording_id = ? '
        "GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1",
        [number],
    ).fetchall()
    if doubled:
        raise UsageError(
            f"{source.path.name} holds {' '.join(map(str, doubled[0]))} twice: "
            "a run is recorded once; take a whole copy of the recording"
        )


class Run(NamedTuple):
    """What the index holds of a run beside its values."""

    status: str
    reason: str | None
    split: int
    layout: str
    threads: int
    outputs: str | None
    huge_pages: int | None


def sides(columns: Columns) -> dict[SideKey, Side]:
    """The timed runs among rows of ``runs``, by case, contender and tier."""
    keys = zip(*(columns[name].tolist() for name in KEY), strict=True)
    rows: dict[SideKey, list[int]] = defaultdict(list)
    for i, (key, role) in enumerate(zip(keys, columns["role"].tolist(), strict=True)):
        if role == "run":
            rows[key].append(i)
    told = {name: columns[name].tolist() for name in Run._fields}
    told["huge_pages"] = [None if math.isnan(pages) else int(pages) for pages in told["huge_pages"]]
    seen = [Run(*row) for row in zip(*told.values(), strict=True)]
    measured = np.column_stack([columns[name] for name in VALUES])
    result = {}
    for key, found in rows.items():
        order = sorted(found, key=columns["block"].__getitem__)
        result[key] = Side(
            key=key,
            blocks=columns["block"][order],
            positions=columns["position"][order].astype(np.float64),
            ok=np.array([seen[i].status == "ok" for i in order], dtype=np.bool_),
            values=measured[order],
            records=tuple(seen[i] for i in order),
        )
    return result
