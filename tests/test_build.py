"""Libraries, and workers from sources to commands."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.measure import build, cargo
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root

ROOT = project_root()
FAKE_CARGO = """#!{python}
import json, os, pathlib, sys
words = sys.argv[1:]
target = pathlib.Path(words[words.index("--target-dir") + 1])
package = words[words.index("--bin" if "--bin" in words else "-p") + 1]
if package == "rmlbench-broken":
    sys.exit("it does not compile")
(target / "release").mkdir(parents=True, exist_ok=True)
path = target / "release" / package
if not path.exists():
    path.write_text("built")
with open("calls", "a") as file:
    flags = os.environ["CARGO_ENCODED_RUSTFLAGS"]
    told = {{"words": words, "flags": flags, "nice": os.nice(0)}}
    file.write(json.dumps(told) + "\\n")
"""
LOCK = """
[[package]]
name = "rmlbench-own"
version = "0.1.0"
dependencies = ["faer", "rmlbench-worker"]
[[package]]
name = "rmlbench-worker"
version = "0.1.0"
[[package]]
name = "faer"
version = "1.0.0"
checksum = "aa"
[[package]]
name = "rmlbench-linfa"
version = "0.1.0"
dependencies = ["rmlbench-worker"]
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two crates and a cargo that writes down how it was called."""
    program = tmp_path / "bin" / "cargo"
    program.parent.mkdir()
    program.write_text(FAKE_CARGO.format(python=sys.executable))
    program.chmod(0o755)
    for name in ("own", "linfa", "worker"):
        (tmp_path / "rust" / name / "src").mkdir(parents=True)
        (tmp_path / "rust" / name / "src/main.rs").write_text("fn main() {}")
        manifest = f'[package]\nname = "rmlbench-{name}"\n'
        (tmp_path / "rust" / name / "Cargo.toml").write_text(manifest)
    (tmp_path / "rust-toolchain.toml").write_text("")
    (tmp_path / "Cargo.toml").write_text('[profile.release]\nlto = "thin"\n')
    (tmp_path / "Cargo.lock").write_text(LOCK)
    monkeypatch.setenv("RMLBENCH_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def _calls(house: Path) -> list[dict]:
    return [json.loads(line) for line in (house / "calls").read_text().splitlines()]


def test_each_worker_is_built_alone_with_its_tiers_flags(house: Path) -> None:
    known = libraries()
    build.build([known["own"], known["linfa"]], ["shipped", "tuned"])
    calls = _calls(house)
    for name in ("rmlbench-own", "rmlbench-linfa"):
        mine = [call for call in calls if name in call["words"]]
        folders = [Path(call["words"][call["words"].index("--target-dir") + 1]) for call in mine]
        told = [(folder.name, call["flags"]) for folder, call in zip(folders, mine, strict=True)]
        assert sorted(told) == [("shipped", ""), ("tuned", "-Ctarget-cpu=native")]
        behind = {folder.name: call["nice"] for folder, call in zip(folders, mine, strict=True)}
        assert behind["shipped"] > behind["tuned"] == os.nice(0)
    assert all(call["words"].count("-p") == 1 for call in calls)
    shipped = build.command(known["own"], "shipped")
    assert shipped == [str(house / "target/shipped/release/rmlbench-own")]
    assert build.probe() == house / "target/tuned/release/rmlbench-probe"


def test_the_tests_of_every_crate_run_those_of_no_library_too(house: Path) -> None:
    (house / "rust/shared").mkdir()
    (house / "rust/shared/Cargo.toml").write_text('[package]\nname = "rmlbench-shared"\n')
    assert cargo.main(["test"]) == 0
    tested = [call["words"][call["words"].index("-p") + 1] for call in _calls(house)]
    assert {"rmlbench-own", "rmlbench-worker", "rmlbench-shared"} <= set(tested)
    assert len(set(tested)) == len(tested)


def test_clippy_checks_every_crate_as_it_was_built(house: Path) -> None:
    assert cargo.main(["clippy"]) == 0
    by_name = {call["words"][call["words"].index("-p") + 1]: call for call in _calls(house)}
    assert "--all-targets" in by_name["rmlbench-worker"]["words"]
    assert by_name["rmlbench-own"]["flags"] == "-Ctarget-cpu=native"
    assert by_name["rmlbench-tch"]["flags"] == ""


def test_a_binary_of_another_processor_is_rebuilt_never_run(house: Path) -> None:
    own = libraries()["own"]
    build.build([own], ["tuned"])
    binary = Path(build.command(own, "tuned")[0])
    binary.write_text("of another processor")
    (cargo.folder("tuned") / cargo.RECORD).write_text(json.dumps(["avx1024"]))
    with pytest.raises(UsageError, match=r"own .tuned. was built for another processor"):
        build.command(own, "tuned")
    with pytest.raises(UsageError, match="rmlbench build"):
        build.probe()
    build.build([own], ["tuned"])
    assert Path(build.command(own, "tuned")[0]).read_text() == "built"


def test_a_binary_of_this_processor_is_kept(house: Path) -> None:
    own = libraries()["own"]
    build.build([own], ["tuned"])
    binary = Path(build.command(own, "tuned")[0])
    binary.write_text("kept")
    build.build([own], ["tuned"])
    assert binary.read_text() == "kept"


def test_not_built(house: Path) -> None:
    for name in ("own", "sklearn"):
        with pytest.raises(UsageError, match=f"worker {name} .shipped. is not built: run"):
            build.command(libraries()[name], "shipped")


def test_no_cargo(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(house))
    monkeypatch.setenv("CARGO_HOME", str(house / "rust"))
    with pytest.raises(UsageError, match=r"^cargo is not on PATH: install Rust with rustup"):
        build.build([libraries()["own"]], ["tuned"])


def test_a_build_that_fails(house: Path) -> None:
    broken = libraries()["own"].model_copy(update={"package": "rmlbench-broken"})
    with pytest.raises(UsageError, match=r"-p rmlbench-broken.* failed"):
        build.build([broken], ["tuned"])


def test_source_digest_follows_the_worker_and_its_dependencies_only(house: Path) -> None:
    own, linfa = (libraries()[name] for name in ("own", "linfa"))
    before = build.source_digest(own), build.source_digest(linfa)
    (house / "Cargo.lock").write_text(LOCK.replace('"1.0.0"', '"1.0.1"'))
    after = build.source_digest(own), build.source_digest(linfa)
    assert after[0] != before[0]
    assert after[1] == before[1]
    (house / "rust/worker/src/main.rs").write_text("fn main() { }")
    changed = build.source_digest(linfa)
    assert changed != after[1]
    (house / "Cargo.toml").write_text("[profile.release]\nlto = false\n")
    assert build.source_digest(linfa) != changed


def test_source_digest_follows_our_crates_it_depends_on(house: Path) -> None:
    lock = LOCK.replace('dependencies = ["rmlbench-worker"]', 'dependencies = ["rmlbench-own"]')
    (house / "Cargo.lock").write_text(lock)
    linfa = libraries()["linfa"]
    before = build.source_digest(linfa)
    (house / "rust/own/src/main.rs").write_text("fn main() { }")
    assert build.source_digest(linfa) != before


def test_python_source_digests_differ() -> None:
    known = libraries()
    assert build.source_digest(known["sklearn"]) != build.source_digest(known["own-python"])


def test_python_workers_answer_list() -> None:
    for name in ("sklearn", "own-python"):
        library = libraries()[name]
        for tier in library.tiers:
            listing = build.listing(library, tier)
            assert listing.framework == library.configuration(tier).framework
            assert "ridge" in listing.algorithms


def test_a_single_tier_counts_as_both() -> None:
    own_python = libraries()["own-python"]
    assert own_python.tiers == ("shipped",)
    assert own_python.resolved("tuned") == "shipped"
    assert build.command(own_python, "tuned") == build.command(own_python, "shipped")


def test_a_tier_for_other_machines_is_not_one_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert libraries()["sklearn"].tiers == ("shipped",)
    assert libraries()["own"].tiers == ("shipped", "tuned")


def _file(folder: Path, text: str) -> Path:
    path = folder / "workers.toml"
    path.write_text(text)
    return path


def _script(folder: Path, body: str) -> Library:
    program = folder / "worker"
    program.write_text(f"#!{sys.executable}\n{body}")
    program.chmod(0o755)
    stanza = '[[worker]]\nname = "mine"\ncommand = ["./worker", "--fast"]\n'
    return libraries(_file(folder, stanza))["mine"]


def test_a_users_worker(tmp_path: Path) -> None:
    mine = _script(tmp_path, "")
    assert build.command(mine, "tuned") == [str(tmp_path / "worker"), "--fast"]
    assert (mine.kind, mine.tiers, mine.label) == ("command", ("shipped",), "mine")
    before = build.source_digest(mine)
    (tmp_path / "worker").write_text("changed")
    assert build.source_digest(mine) != before


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; sys.exit('no such option')", "exit code 1, no such option"),
        ("print('hello')", "invalid json"),
        ("print('{\"protocol\": 1}')", "framework field required"),
    ],
)
def test_a_worker_that_does_not_list(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"worker mine .shipped. does not answer --list: {said}"):
        build.listing(_script(tmp_path, body), "shipped")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"workers\.toml: no \[\[worker\]\] stanza"),
        ("[[worker]", r"workers\.toml is not TOML"),
        ("[worker]\nname = 'a'", r"no \[\[worker\]\] stanza"),
        ("[[workers]]\nname = 'a'", "'workers' is not known here"),
        ("[[worker]]\nname = 'a'", r"\[\[worker\]\] a: command goes with kind command"),
        ("[[worker]]\ncommand = ['true']", r"\[\[worker\]\] 1: name: field required"),
        ("[[worker]]\nname = 'A b'\ncommand = ['true']", "name: string should match"),
        ("[[worker]]\nname = 'own'\ncommand = ['true']", "name 'own' is taken"),
        ("[[worker]]\nname = 'a'\ncommand = ['./gone']", "command: './gone' is no program"),
        ("[[worker]]\nname = 'a'\ncommand = 'true'", "command: input should be a valid"),
        (
            "[[worker]]\nname = 'a'\ncommands = ['true']",
            "'commands' is not known: nearest are command",
        ),
    ],
)
def test_a_faulty_file_of_workers(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        libraries(_file(tmp_path, text))


def test_a_file_of_workers_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        libraries(tmp_path / "gone.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "own"', 'name = "mine"', r"own\.toml: library: name is 'mine'"),
        ('package = "rmlbench-own"', "", "package goes with kind cargo"),
        ("rustflags = [", "flags = [", r"tier\.tuned\.flags: extra inputs"),
        ("rustflags = [", "packages = [", r"tier\.tuned\.venv is missing: packages needs it"),
        ("https://", "http://", r"tier\.tuned\.rustflags\.0\.link: string should match"),
        ("[tier.tuned]", "[tier.fast]", r"tier\.fast.*input should be 'shipped' or 'tuned'"),
        ("[tier.shipped]", "", r"tier\.shipped is missing"),
    ],
)
def test_a_faulty_library_names_file_and_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    text = (ROOT / "rmlbench_utils/contenders/libraries/own.toml").read_text()
    assert old in text
    (tmp_path / "own.toml").write_text(text.replace(old, new))
    monkeypatch.setattr("rmlbench_utils.contenders.registry.FOLDER", tmp_path)
    with pytest.raises(UsageError, match=said):
        libraries()
