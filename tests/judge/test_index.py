"""The index gives what the recordings give, in whatever order and pieces they are read."""

from __future__ import annotations

import os
import random
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmlbench_utils.judge import index as indexes
from rmlbench_utils.judge import indexing
from rmlbench_utils.judge.indexing import build
from rmlbench_utils.judge.kept import kept
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.judge.verdict import verdict_table
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store import lines as packing
from rmlbench_utils.store import scan
from rmlbench_utils.store.recording import Recording
from rmlbench_utils.store.writer import Writer
from tests.judge import test_null as nulls
from tests.judge.factory import failed
from tests.judge.index_files import PACKED, built, lines, put, reasons, save, taken

COMMITTED = project_root() / "book" / "recordings"


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """With None for everything that is nothing, so that tables compare exactly."""
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    return built([COMMITTED], tmp_path_factory.mktemp("index") / "committed.duckdb")


@pytest.mark.parametrize("path", sorted(COMMITTED.iterdir()), ids=lambda path: path.name)
def test_the_verdicts_of_a_committed_recording_are_its_own(committed, path: Path) -> None:
    recording = Recording.open(path)
    given_ = indexes.verdicts(committed)
    own = verdict_table(recording.manifest, recording.records, recording.parity)
    pd.testing.assert_frame_equal(
        plain(given_[given_["recording"] == recording.name]), plain(own), check_exact=True
    )


def test_failures_bar_a_verdict_from_the_index_too(tmp_path: Path) -> None:
    path = save(tmp_path, "a")
    whole = Recording.open(path)
    some = [failed(r) if r.block in (3, 4) else r for r in whole.records]
    untrue = [failed(r, "threads_mismatch") if r.block == 5 else r for r in whole.records]
    for number, records in enumerate((some, untrue)):
        folder = save(tmp_path / str(number), "b", day=number + 2, records=records)
        index = built([folder], tmp_path / f"{number}.duckdb")
        again = Recording.open(folder)
        own = verdict_table(again.manifest, again.records, again.parity)
        pd.testing.assert_frame_equal(plain(indexes.verdicts(index)), plain(own), check_exact=True)


@pytest.mark.parametrize("lie", [1.0, 1.1])
def test_a_null_case_is_taken_and_can_void_its_recording(tmp_path: Path, lie: float) -> None:
    made = nulls.recording(lie=lie)
    writer = Writer.begin(tmp_path / "n", made.manifest.model_copy(update={"finished": None}))
    for record in made.records():
        writer.append(record)
    writer.finish(made.lines())
    index = built([tmp_path / "n"], tmp_path / "n.duckdb")
    assert reasons(index) == {}
    again = Recording.open(tmp_path / "n")
    own = verdict_table(again.manifest, again.records, again.parity)
    pd.testing.assert_frame_equal(plain(indexes.verdicts(index)), plain(own), check_exact=True)
    assert (own["verdict"] == "not comparable").all() == (lie > 1)


def test_the_runs_of_a_recording_are_the_same_sides_as_columns() -> None:
    records = Recording.open("regression-speed-20000x50").records
    made, own = indexing.sides(kept(records)), sides(records)
    assert made.keys() == own.keys()
    for key, side in own.items():
        for name in ("blocks", "positions", "ok", "values"):
            np.testing.assert_array_equal(getattr(made[key], name), getattr(side, name))
        for run, record in zip(made[key].records, side.records, strict=True):
            assert run == tuple(getattr(record, name) for name in indexing.Run._fields)
            assert isinstance(run.threads, int)


@pytest.fixture(scope="module")
def four(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four recordings, the second under the identity of the first, the last one damaged."""
    place = tmp_path_factory.mktemp("four")
    paths = [save(place, f"r{i}", day=max(i, 1)) for i in range(4)]
    put(paths[3], [*lines(paths[3]), b"{}\n"])
    return paths


@settings(max_examples=8)
@given(order=st.permutations(range(4)))
def test_the_order_of_folders_changes_nothing(four, tmp_path_factory, order: list[int]) -> None:
    place = tmp_path_factory.mktemp("order")
    above = indexes.contents(built([four[0].parent], place / "a.duckdb"))
    shuffled = indexes.contents(built([four[i] for i in order], place / "b.duckdb"))
    assert above == shuffled


def test_processes_and_small_chunks_change_nothing(
    four, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = built(four, tmp_path / "a.duckdb")
    monkeypatch.setattr(scan, "CHUNK", 5000)
    monkeypatch.setattr(packing, "READ", 700)
    monkeypatch.setattr(scan, "SMALL", 0)
    parts = built(four, tmp_path / "b.duckdb")
    assert indexes.contents(whole) == indexes.contents(parts)
    assert "line 25 is no RunRecord" in reasons(parts)["r3"]


def test_a_recording_being_measured_is_used_up_to_its_torn_line(tmp_path: Path) -> None:
    path = save(tmp_path, "a")
    manifest = Recording.open(path).manifest.model_copy(update={"finished": None})
    (path / "manifest.json").write_text(manifest.model_dump_json())
    whole = lines(path)
    (path / PACKED).unlink()
    (path / "parity.jsonl").unlink()
    (path / "records.jsonl").write_bytes(b"".join(whole)[:-5])
    index = built([tmp_path], tmp_path / "i.duckdb")
    assert indexes.recordings(index)[0]["runs"] == len(whole) - 1


def test_two_recordings_without_runs_are_no_copies(tmp_path: Path) -> None:
    for day in (1, 2):
        save(tmp_path, f"r{day}", day=day, records=[])
    index = built([tmp_path], tmp_path / "i.duckdb")
    assert taken(index) == ["r1", "r2"]


def test_it_is_built_over_an_index_only(tmp_path: Path) -> None:
    path = save(tmp_path, "a")
    out = tmp_path / "i.duckdb"
    first = indexes.contents(built([path], out))
    assert indexes.contents(built([path], out)) == first
    assert not out.with_name("i.duckdb.part").exists()
    out.write_text("mine")
    with pytest.raises(UsageError, match="exists and is no index"):
        build([path], out)
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("schema_version = 99", "is of schema version 99, this rmlbench reads 1"),
        ("rules = 'older'", "was judged by other rules than this rmlbench has"),
    ],
)
def test_an_index_of_another_version_is_refused(tmp_path: Path, change: str, sentence: str) -> None:
    out = tmp_path / "i.duckdb"
    build([save(tmp_path, "a")], out)
    with duckdb.connect(str(out)) as index:
        index.execute(f"UPDATE meta SET {change}")
    with pytest.raises(UsageError, match=sentence):
        indexes.open_index(out)
    build([tmp_path], out)
    indexes.open_index(out).close()


def test_what_holds_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no recording"):
        build([tmp_path], tmp_path / "i.duckdb")
    with pytest.raises(UsageError, match="is no index"):
        indexes.open_index(tmp_path / "i.duckdb")
    path = save(tmp_path, "a")
    with pytest.raises(UsageError, match="name a file in a folder that exists"):
        build([path], tmp_path / "none" / "i.duckdb")


def test_folders_are_found_in_any_order_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for i in range(4):
        save(tmp_path / f"machine{i % 2}", f"r{i}", day=1 + i)
    straight = indexes.contents(built([tmp_path], tmp_path / "a.duckdb"))
    walk = os.walk

    def shuffled(folder: Path):
        for here, folders, files in walk(folder):
            random.Random(1).shuffle(folders)
            yield here, folders, files

    monkeypatch.setattr(os, "walk", shuffled)
    assert indexes.contents(built([tmp_path], tmp_path / "b.duckdb")) == straight
