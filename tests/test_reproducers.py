"""Each published failure has a reproducer that still shows it, with the versions measured."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from rmlbench_utils.measure import venvs
from rmlbench_utils.measure.cpu import features
from rmlbench_utils.protocol.root import project_root

ROOT = project_root()
FOLDER = ROOT / "book/reproducers"
RUST = sorted(FOLDER.glob("*.rs"))
PYTHON = sorted(FOLDER.glob("*.py"))


NEEDS = {"sklearn_svc_intelex": "avx512f"}  # it is in one of the library's kernels only


def _named(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_the_table_names_every_reproducer_and_no_other() -> None:
    text = (ROOT / "BIAS.md").read_text(encoding="utf-8")
    linked = re.findall(r"\(book/reproducers/([^)]+)\)", text)
    assert sorted(linked) == sorted(path.name for path in [*RUST, *PYTHON])


@pytest.mark.parametrize("path", PYTHON, ids=_named(PYTHON))
def test_a_python_reproducer_shows_its_failure(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    others = ("sklearnex", "torch")
    name = next((one for one in others if re.search(f"(from|import) {one}", text)), "sklearn")
    venv = ROOT / ".venvs" / name
    if not venv.exists():
        pytest.skip(f"{name} cannot be installed on this machine")
    if path.stem in NEEDS and NEEDS[path.stem] not in features():
        pytest.skip(f"this processor has no {NEEDS[path.stem]}")
    command = [str(venvs.interpreter(venv)), str(path)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_cargo_test_runs_every_rust_reproducer_once() -> None:
    """As a test of its crate; a program of its own where it starts itself again."""
    programs = [path.read_text(encoding="utf-8") for path in ROOT.glob("rust/*/tests/*.rs")]
    lists = [text.split("reproducers! {")[1] for text in programs if "reproducers! {" in text]
    manifests = [path.read_text(encoding="utf-8") for path in ROOT.glob("rust/*/Cargo.toml")]
    examples = [one for text in manifests for one in tomllib.loads(text).get("example", [])]
    assert all(one["test"] and not one["harness"] for one in examples)
    alone = [Path(one["path"]).stem for one in examples]
    assert sorted([*re.findall(r"\w+", " ".join(lists)), *alone]) == _named(RUST)


@pytest.mark.parametrize("path", RUST, ids=_named(RUST))
def test_a_rust_reproducer_asks_for_the_locked_versions(path: Path) -> None:
    locked = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    known = {f"{package['name']}@={package['version']}" for package in locked}
    asked = re.findall(r"[\w-]+@=[\d.]*\d", path.read_text(encoding="utf-8"))
    assert asked
    assert set(asked) <= known


@pytest.mark.parametrize("path", PYTHON, ids=_named(PYTHON))
def test_a_python_reproducer_asks_for_the_locked_versions(path: Path) -> None:
    locked = (ROOT / venvs.LOCK).read_text(encoding="utf-8")
    asked = re.findall(r"[\w-]+==[\d.]*\d", path.read_text(encoding="utf-8"))
    assert asked
    for version in asked:
        assert re.search(rf"^{re.escape(version)}(?=[ ;\\])", locked, re.MULTILINE), version
