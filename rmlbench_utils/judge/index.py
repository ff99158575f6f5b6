"""The index: many recordings and their verdicts in one DuckDB file, derived and never edited."""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb
import pandas as pd

from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.judge.kept import SEEN, VALUES
from rmlbench_utils.protocol.errors import UsageError

SCHEMA = 1  # of the index; a change of TABLES is a new one
MEMORY = "256MB"  # what DuckDB may use beside Python
FORMATS = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet", "json": "FORMAT json, ARRAY"}
_OTHER = {"n_runs": "BIGINT", "n_blocks": "BIGINT", "headline": "BOOLEAN"}
_NUMBERS = ("baseline_value", "contender_value", "ratio", "p_adjusted", "p_value")


def _type(column: str) -> str:
    number = column in _NUMBERS or column.startswith("ci_")
    return "DOUBLE" if number else _OTHER.get(column, "VARCHAR")


TABLES: dict[str, dict[str, str]] = {
    "meta": {"schema_version": "BIGINT", "rules": "VARCHAR"},
    "recordings": {
        "recording_id": "BIGINT",
        "name": "VARCHAR",
        "path": "VARCHAR",
        "machine": "VARCHAR",
        "commit": "VARCHAR",
        "created": "VARCHAR",
        "finished": "VARCHAR",
        "plan_sha256": "VARCHAR",
        "profile": "VARCHAR",
        "schema_version": "BIGINT",
        "records_sha256": "VARCHAR",
        "runs": "BIGINT",
    },
    "refused": {"path": "VARCHAR", "reason": "VARCHAR"},
    "runs": {"recording_id": "BIGINT", **SEEN, **dict.fromkeys(VALUES, "DOUBLE")},
    "parity": {
        "recording_id": "BIGINT",
        "case": "VARCHAR",
        "contender": "VARCHAR",
        "tier": "VARCHAR",
        "split": "BIGINT",
        "outputs": "VARCHAR",
        "parity": "VARCHAR",
        "worst_difference": "DOUBLE",
        "tolerance": "DOUBLE",
        "reason": "VARCHAR",
    },
    "verdicts": {"recording_id": "BIGINT", **{name: _type(name) for name in COLUMNS}},
}


def rules() -> str:
    """Digest of this room and the protocol: what the verdicts of an index were judged by."""
    found, here = hashlib.sha256(), Path(__file__).parent
    for path in sorted([*here.glob("*.py"), *here.with_name("protocol").glob("*.py")]):
        found.update(path.read_bytes())
    return found.hexdigest()


def create(path: Path) -> duckdb.DuckDBPyConnection:
    """A new index without rows at ``path``."""
    index = duckdb.connect(str(path), config={"memory_limit": MEMORY})
    index.execute("SET pandas_analyze_sample = 0")  # an object is text, whatever comes first
    for table, columns in TABLES.items():
        typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        index.execute(f"CREATE TABLE {table} ({typed})")
    index.execute("INSERT INTO meta VALUES (?, ?)", [SCHEMA, rules()])
    return index


def is_index(path: Path) -> bool:
    """True for an index of any schema version, made by any version of the rules."""
    try:
        with duckdb.connect(str(path), read_only=True) as index:
            index.execute("SELECT schema_version, rules FROM meta")
    except duckdb.Error:
        return False
    return True


def open_index(path: Path) -> duckdb.DuckDBPyConnection:
    """Open an index to read it.

    Raises
    ------
    UsageError
        If it is none, of another schema version, or judged by other rules than these.
    """
    if not path.is_file() or not is_index(path):
        raise UsageError(f"{str(path)!r} is no index: build one with `rmlbench index`")
    index = duckdb.connect(str(path), read_only=True, config={"memory_limit": MEMORY})
    version, judged_by = index.execute("SELECT schema_version, rules FROM meta").fetchall()[0]
    if version == SCHEMA and judged_by == rules():
        return index
    index.close()
    wrong = (
        f"is of schema version {version}, this rmlbench reads {SCHEMA}"
        if version != SCHEMA
        else "was judged by other rules than this rmlbench has"
    )
    raise UsageError(f"{str(path)!r} {wrong}: build it again with `rmlbench index`")


def fold(index: duckdb.DuckDBPyConnection) -> None:
    """Hold each distinct text of the verdicts once: a large table is then small in memory."""
    folded = [name for name in COLUMNS if _type(name) == "VARCHAR" and name != "reason"]
    counts = ", ".join(f'count("{name}")' for name in folded)
    present = index.execute(f"SELECT {counts} FROM verdicts").fetchall()[0]
    index.begin()
    for name in (name for name, count in zip(folded, present, strict=True) if count):
        texts = f'SELECT DISTINCT "{name}" FROM verdicts WHERE "{name}" IS NOT NULL ORDER BY ALL'
        index.execute(f'CREATE TYPE "{name}_text" AS ENUM ({texts})')
        index.execute(f'ALTER TABLE verdicts ALTER "{name}" TYPE "{name}_text"')
    index.commit()


def verdicts(index: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The table of verdicts of all recordings: ``COLUMNS``, oldest recording first."""
    table = index.execute(f"SELECT {_quoted(COLUMNS)} FROM verdicts").df()
    folded = table.select_dtypes("category").columns
    return table.astype(dict.fromkeys(folded, object))


def recordings(index: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    """What was taken, oldest first, then what was refused: one row a folder."""
    rows = index.execute(
        "SELECT path, name, runs, true, NULL FROM recordings ORDER BY recording_id"
    ).fetchall()
    rows += index.execute(
        "SELECT path, NULL, NULL, false, reason FROM refused ORDER BY path"
    ).fetchall()
    names = ("path", "name", "runs", "taken", "reason")
    return [dict(zip(names, row, strict=True)) for row in rows]


def export(index: duckdb.DuckDBPyConnection, out: Path, kind: str) -> int:
    """Write the table of verdicts as one of ``FORMATS``; what is not finite is null.

    Returns
    -------
    int
        How many rows were written.
    """
    finite = ", ".join(
        f'CASE WHEN isfinite("{name}") THEN "{name}" END AS "{name}"'
        if _type(name) == "DOUBLE"
        else f'"{name}"'
        for name in COLUMNS
    )
    target = str(out).replace("'", "''")
    query = f"SELECT {finite} FROM verdicts"  # in the order they were judged
    try:
        written = index.execute(f"COPY ({query}) TO '{target}' ({FORMATS[kind]})").fetchall()
    except duckdb.IOException as error:
        raise UsageError(
            f"cannot write {str(out)!r}: name a file in a folder that exists"
        ) from error
    return int(written[0][0])


def contents(index: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Number of rows and digest of each table, whatever the order of its rows."""
    found = {}
    for table in TABLES:
        rows, digest = index.execute(
            f"SELECT count(*), sum(md5_number_lower(t::VARCHAR)) FROM {table} AS t"
        ).fetchall()[0]
        found[table] = f"{rows}:{digest}"
    return found


def _quoted(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
