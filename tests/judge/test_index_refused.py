"""What is damaged, foreign or a copy is named and left out of the index; the rest is used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rmlbench_utils.judge import index as indexes
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.store.recording import Recording
from tests.judge.factory import make_line, make_record
from tests.judge.index_files import PACKED, built, lines, put, reasons, save, taken

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
        "parity.jsonl ends inside a line",
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


INDEX_ONLY = {"no manifest", "a number out of range", "a number beyond all range"}


@pytest.mark.parametrize("damage", sorted(DAMAGE.keys() - INDEX_ONLY))
def test_opening_refuses_what_the_index_refuses(tmp_path: Path, damage: str) -> None:
    path = save(tmp_path, "r")
    Recording.open(path)
    change, sentence = DAMAGE[damage]
    change(path)
    with pytest.raises(UsageError, match=sentence):
        Recording.open(path)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("whole"), "whole")


@settings(max_examples=15)
@given(data=st.data())
def test_a_flipped_bit_of_a_packed_file_is_never_taken(whole, tmp_path_factory, data) -> None:
    path = tmp_path_factory.mktemp("flip") / "r"
    shutil.copytree(whole, path)
    packed = bytearray((path / PACKED).read_bytes())
    at = data.draw(st.integers(0, len(packed) - 1))
    packed[at] ^= 1 << data.draw(st.integers(0, 7))
    (path / PACKED).write_bytes(packed)
    try:
        same = Recording.open(path).records == Recording.open(whole).records
    except UsageError:
        same = False
    index = built([path], path.parent / "i.duckdb")
    assert taken(index) == (["whole"] if same else [])


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
