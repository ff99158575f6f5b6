"""The index gives what the recordings give, and names what it leaves out."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from rmlbench_utils.judge import index as indexes
from rmlbench_utils.judge.indexing import build, sides
from rmlbench_utils.judge.verdict import judge_sides, verdict_table
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store import scan
from rmlbench_utils.store.recording import Recording
from tests.judge.factory import failed, make_line, make_record
from tests.judge.index_files import save

COMMITTED = project_root() / "book" / "recordings"
PACKED = "records.jsonl.zst"


def built(folders: list[Path], out: Path) -> duckdb.DuckDBPyConnection:
    build(folders, out)
    return indexes.open_index(out)


def reasons(index: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = indexes.recordings(index)
    return {Path(str(row["path"])).name: str(row["reason"]) for row in rows if not row["taken"]}


def taken(index: duckdb.DuckDBPyConnection) -> list[object]:
    return [row["name"] for row in indexes.recordings(index) if row["taken"]]


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """With None for everything that is nothing, so that tables compare exactly."""
    return table.astype(object).where(table.notna(), None).reset_index(drop=True)


def lines(path: Path) -> list[bytes]:
    unpacked = zstandard.ZstdDecompressor().stream_reader((path / PACKED).read_bytes()).read()
    return unpacked.splitlines(keepends=True)


def put(path: Path, changed: list[bytes]) -> None:
    (path / PACKED).write_bytes(zstandard.compress(b"".join(changed)))


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


def test_runs_of_the_index_can_be_judged_again(tmp_path: Path) -> None:
    path = save(tmp_path, "a")
    recording = Recording.open(path)
    index = built([path], tmp_path / "i.duckdb")
    again = judge_sides(recording.manifest, sides(index, 0), recording.parity, "fdr")
    own = verdict_table(recording.manifest, recording.records, recording.parity, "fdr")
    pd.testing.assert_frame_equal(plain(again), plain(own), check_exact=True)


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
    monkeypatch.setattr(scan, "READ", 700)
    monkeypatch.setattr(scan, "SMALL", 0)
    parts = built(four, tmp_path / "b.duckdb")
    assert indexes.contents(whole) == indexes.contents(parts)
    assert "line 25 is no RunRecord" in reasons(parts)["r3"]


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a line that is none": (
        lambda p: put(p, [*lines(p)[:6], b"{nothing\n", *lines(p)[6:]]),
        rf"{PACKED} line 7 is no RunRecord: the line: invalid json",
    ),
    "a line of another schema": (
        lambda p: put(p, [lines(p)[0].replace(b'_version":1', b'_version":2'), *lines(p)[1:]]),
        "line 1 is no RunRecord: schema_version: input should be 1, not 2",
    ),
    "a manifest of another schema": (
        lambda p: rewrite(p / "manifest.json", '"schema_version": 1', '"schema_version": 7'),
        "is no manifest of this schema: schema_version: input should be 1, not 7",
    ),
    "a manifest of something else": (
        lambda p: (p / "manifest.json").write_text('{"short_name": "app"}'),
        "is no manifest of this schema",
    ),
    "a changed plan": (
        lambda p: rewrite(p / "manifest.json", '"seed": 1,', '"seed": 2,'),
        "the plan was changed after the fact",
    ),
    "no manifest": (lambda p: (p / "manifest.json").unlink(), "r has no manifest.json"),
    "no records": (lambda p: (p / PACKED).unlink(), f"r has no {PACKED}"),
    "no parity": (lambda p: (p / "parity.jsonl").unlink(), "r has no parity.jsonl"),
    "a torn parity line": (
        lambda p: (p / "parity.jsonl").write_bytes((p / "parity.jsonl").read_bytes()[:-3]),
        "parity.jsonl: a torn last line",
    ),
    "parity of another recording": (
        lambda p: append(p / "parity.jsonl", make_line("burn").line()),
        "parity.jsonl line 3 is of burn:shipped in .* planned for linfa:shipped, sklearn:shipped",
    ),
    "a run of another case": (
        lambda p: put(p, [*lines(p), make_record(case="svm/svc/x").line().encode() + b"\n"]),
        "line 25 is of linfa:shipped in svm/svc/x, but svm/svc/x is not in the plan",
    ),
    "a run of another contender": (
        lambda p: put(p, [make_record(contender="burn").line().encode() + b"\n", *lines(p)]),
        "line 1 is of burn:shipped in .*: the file belongs to another recording",
    ),
    "a run twice": (lambda p: put(p, [*lines(p), lines(p)[0]]), "r holds .* twice"),
    "a number out of range": (
        lambda p: put(p, [lines(p)[0].replace(b'"split":0', b'"split":1' + b"0" * 30)]),
        "out of range",
    ),
    "a number beyond all range": (
        lambda p: put(p, [lines(p)[0].replace(b'"split":0', b'"split":1' + b"0" * 400)]),
        f"{PACKED} holds, in or below line 1, a number out of range",
    ),
    "a cut file": (
        lambda p: (p / PACKED).write_bytes((p / PACKED).read_bytes()[:-40]),
        f"{PACKED} is cut off",
    ),
    "a torn line": (lambda p: put(p, [*lines(p)[:-1], b'{"schema']), "ends inside a line"),
    "no zstd": (lambda p: (p / PACKED).write_bytes(b"records"), f"{PACKED} is no zstd file"),
}


def rewrite(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))


def append(path: Path, line: str) -> None:
    path.write_text(f"{path.read_text()}{line}\n")


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_damaged_or_foreign_is_named_and_the_rest_is_used(
    tmp_path: Path, damage: str
) -> None:
    others = [save(tmp_path, "before", day=1), save(tmp_path, "later", day=3)]
    without = built(others, tmp_path / "without.duckdb")
    change, sentence = DAMAGE[damage]
    change(save(tmp_path, "r", day=2))
    index = built([tmp_path], tmp_path / "with.duckdb")
    said = reasons(index)
    assert list(said) == ["r"]
    assert "\n" not in said["r"]
    with pytest.raises(UsageError, match=sentence):
        raise UsageError(said["r"])
    changed = {k for k, v in indexes.contents(index).items() if v != indexes.contents(without)[k]}
    assert changed == {"refused"}


@settings(max_examples=15)
@given(data=st.data())
def test_a_flipped_bit_of_a_packed_file_is_never_taken(four, tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("flip") / "r"
    shutil.copytree(four[0], path)
    packed = bytearray((path / PACKED).read_bytes())
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= 1 << data.draw(st.integers(0, 7))
    (path / PACKED).write_bytes(packed)
    try:
        same = Recording.open(path).records == Recording.open(four[0]).records
    except UsageError:
        same = False
    index = built([path], path.parent / "i.duckdb")
    assert taken(index) == (["r0"] if same else [])


def test_a_copy_is_named_whatever_it_is_called(tmp_path: Path) -> None:
    path = save(tmp_path, "a", day=1)
    shutil.copytree(path, tmp_path / "b")  # the same files
    shutil.copytree(path, tmp_path / "c")
    put(tmp_path / "c", lines(path)[:-1])  # an older state of it
    shutil.copytree(path, tmp_path / "d")  # renamed and dated anew
    rewrite(tmp_path / "d" / "manifest.json", "2026-11-01", "2026-11-30")
    index = built([tmp_path], tmp_path / "i.duckdb")
    assert taken(index) == ["a"]
    said = reasons(index)
    assert sorted(said) == ["b", "c", "d"]
    assert all(f"second copy of the recording in {str(path)!r}" in each for each in said.values())


def test_a_damaged_first_copy_does_not_keep_the_whole_one_out(tmp_path: Path) -> None:
    path = save(tmp_path, "a")
    shutil.copytree(path, tmp_path / "b")
    put(path, [b"{}\n", *lines(path)])
    index = built([tmp_path], tmp_path / "i.duckdb")
    assert [row["path"] for row in indexes.recordings(index) if row["taken"]] == [
        str(tmp_path / "b")
    ]
    assert "line 1 is no RunRecord" in reasons(index)["a"]


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
