"""Recordings survive kills, and what is not one is refused in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.store.lines import read_lines
from rmlbench_utils.store.recording import Recording
from rmlbench_utils.store.writer import Writer
from tests.judge import factory


def synthetic():
    made = factory.Synthetic(factory.make_manifest(), blocks=3)
    return made.manifest, made.records(), made.lines()


@pytest.fixture
def made():
    return synthetic()


def begun(folder: Path, made) -> Writer:
    manifest, records, _ = made
    writer = Writer.begin(folder / "r", manifest.model_copy(update={"finished": None}))
    for record in records:
        writer.append(record)
    return writer


def test_what_is_written_is_read_back(tmp_path: Path, made) -> None:
    _, records, parity = made
    begun(tmp_path, made).finish(parity)
    opened = Recording.open(tmp_path / "r")
    assert opened.records == list(records)
    assert opened.parity == list(parity)
    assert opened.manifest.finished is not None
    assert not (tmp_path / "r" / "records.jsonl").exists()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 5000))
def test_a_torn_end_loses_only_the_torn_line(tmp_path_factory, cut: int) -> None:
    made = synthetic()
    folder = tmp_path_factory.mktemp("torn")
    begun(folder, made)
    path = folder / "r" / "records.jsonl"
    data = path.read_bytes()[:-cut]
    path.write_bytes(data)
    whole = data.count(b"\n")
    torn = not data.endswith(b"\n") and bool(data)
    read, notice = read_lines(path, RunRecord)
    assert (len(read), notice is not None) == (whole, torn)
    writer = Writer.resume(folder / "r")
    assert len(writer.records) == whole
    assert path.read_bytes().count(b"\n") == whole
    assert ("torn" in writer.manifest.interruptions[-1]) == torn
    for record in made[1][whole:]:
        writer.append(record)
    writer.finish(made[2])
    assert Recording.open(folder / "r").records == list(made[1])


def test_a_kill_between_packing_and_the_manifest_is_healed(tmp_path: Path, made) -> None:
    writer = begun(tmp_path, made)
    plain = (tmp_path / "r" / "records.jsonl").read_bytes()
    writer.finish(made[2])
    manifest = writer.manifest.model_copy(update={"finished": None})
    (tmp_path / "r" / "manifest.json").write_text(manifest.model_dump_json())
    (tmp_path / "r" / "records.jsonl").write_bytes(plain)
    again = Writer.resume(tmp_path / "r")
    assert again.records == list(made[1])
    again.finish(made[2])
    assert Recording.open(tmp_path / "r").records == list(made[1])


def test_a_damaged_line_is_named(tmp_path: Path, made) -> None:
    begun(tmp_path, made)
    path = tmp_path / "r" / "records.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"block"', b'"blok"')
    path.write_bytes(b"".join(lines))
    with pytest.raises(UsageError, match=r"records\.jsonl line 2 is no RunRecord"):
        Recording.open(tmp_path / "r")


def test_a_doubled_record_is_refused(tmp_path: Path, made) -> None:
    writer = begun(tmp_path, made)
    writer.append(made[1][0])
    with pytest.raises(UsageError, match="twice"):
        Recording.open(tmp_path / "r")


def test_a_plan_changed_after_the_fact_is_refused(tmp_path: Path, made) -> None:
    begun(tmp_path, made).finish(made[2])
    path = tmp_path / "r" / "manifest.json"
    text = path.read_text()
    seed = made[0].plan.seed
    assert f'"seed": {seed}' in text
    path.write_text(text.replace(f'"seed": {seed}', f'"seed": {seed + 1}', 1))
    with pytest.raises(UsageError, match="changed after the fact"):
        Recording.open(tmp_path / "r")


@pytest.mark.parametrize("content", ["", "{}", "no json", '{"name": 3}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(UsageError, match=r"manifest\.json is no manifest"):
        Recording.open(tmp_path)


def test_an_unknown_name_gets_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no recording"):
        Recording.open("nothing-like-this")
