"""Locks, environments and the steps of set-up."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from rmlbench_utils import setup
from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build, locks, tools, venvs
from rmlbench_utils.protocol.root import project_root

ROOT = project_root()
LOCKS = ("requirements.lock", "data.lock", "bootstrap.lock")
LINE = re.compile(
    r"[a-z0-9.-]+==[A-Za-z0-9.+!]+( ; [^/]+)? \\"
    r"|    --hash=sha256:[0-9a-f]{64}( \\)?"
    r"|    # +(via )?([a-z0-9.-]+|rmlbench \(pyproject\.toml\))?|    # via"
)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_pins_and_hashes_only(name: str) -> None:
    odd = [line for line in (ROOT / name).read_text().splitlines() if not LINE.fullmatch(line)]
    assert odd == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_a_hash(name: str) -> None:
    found = locks.blocks(ROOT / name)
    assert found
    assert all(len(block.lines) > 1 for block in found)


def test_locks_are_those_of_pyproject() -> None:
    pinned = {block.name for block in locks.blocks(ROOT / "requirements.lock")}
    own = importlib.metadata.requires("rmlbench") or []
    assert {locks.normal(Requirement(text).name) for text in own} <= pinned


def test_subset_is_closed_under_what_packages_say_they_need() -> None:
    names = {"scikit-learn", "seaborn", "papermill"}
    text = locks.subset(ROOT / "requirements.lock", names)
    found = {locks.requirement(line) for line in text.splitlines() if "==" in line}
    for name in found:
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform
        for need in map(Requirement, needs):
            if need.marker is None or need.marker.evaluate({"extra": ""}):
                assert locks.normal(need.name) in found, f"{name} needs {need.name}"
    assert names <= found
    assert "jupyterlab" not in found


def test_subset_names_what_is_not_locked() -> None:
    with pytest.raises(KeyError, match="tensorflow"):
        locks.subset(ROOT / "requirements.lock", ["numpy", "tensorflow"])


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that installing would run."""
    found: list[list[str]] = []
    monkeypatch.setattr(venvs, "_run", lambda root, command: found.append(command))
    return found


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (*LOCKS, "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    return tmp_path


def test_second_ensure_does_nothing(copy: Path, calls: list[list[str]]) -> None:
    assert venvs.ensure_worker(copy, "own-python", ["numpy"])
    assert len(calls) == 1
    assert not venvs.ensure_worker(copy, "own-python", ["numpy"])
    assert len(calls) == 1


def test_a_changed_lock_installs_again(copy: Path, calls: list[list[str]]) -> None:
    venvs.ensure_worker(copy, "own-python", ["numpy"])
    lock = copy / "requirements.lock"
    lock.write_text(lock.read_text().replace("numpy==2", "numpy==3"))
    assert not venvs.is_current(copy, "own-python", ["numpy"])
    assert venvs.ensure_worker(copy, "own-python", ["numpy"])


def test_a_failed_install_is_done_again(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(root: Path, command: list[str]) -> None:
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(venvs, "_run", fail)
    for _ in range(2):
        with pytest.raises(subprocess.CalledProcessError):
            venvs.ensure_worker(copy, "own-python", ["numpy"])


def test_one_more_extra_is_no_reason_to_install(copy: Path, calls: list[list[str]]) -> None:
    assert venvs.ensure_own(copy, ["dev"])
    assert venvs.ensure_own(copy, ["dev", "lab"])
    done = len(calls)
    assert not venvs.ensure_own(copy, ["dev"])
    assert len(calls) == done


def test_set_up_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(root: Path, command: list[str]) -> None:  # so that no stamp is written
        raise AssertionError(f"out of date: {' '.join(command)} would run")

    monkeypatch.setattr(venvs, "_run", refuse)
    build.environments(libraries().values())
    assert not venvs.ensure_data(ROOT)


SEEN = """
import json, sys
{}
names = {{name.split(".")[0] for name in sys.modules}}
print(json.dumps(sorted(names - set(sys.stdlib_module_names))))
"""


PATCHED = "import sklearnex; sklearnex.patch_sklearn()"


def _loaded(python: Path, code: str) -> set[str]:
    told = {"PYTHONPATH": str(ROOT), "PATH": ""}
    command = [str(python), "-c", SEEN.format(code)]
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize(
    ("framework", "algorithm", "imports"),
    [
        ("sklearn", "ridge", "import sklearn.linear_model"),
        ("sklearn", "svc", "import sklearn.svm"),
        ("sklearnex", "ridge", f"{PATCHED}; import sklearn.linear_model"),
        ("sklearnex", "svc", f"{PATCHED}; import sklearn.svm"),
        ("own-python", "ridge", "import scipy.linalg"),
        ("own-python", "svc", "import numpy"),
    ],
)
def test_a_worker_loads_its_framework_only(framework: str, algorithm: str, imports: str) -> None:
    venv = ROOT / ".venvs" / framework
    if not venv.exists():
        pytest.skip(f"{framework} cannot be installed on this machine")
    python = venvs.interpreter(venv)
    worker = (
        "import rmlbench_utils.worker.supervised, rmlbench_utils.worker.session\n"
        f"from rmlbench_utils.worker.frameworks import load; load({framework!r}, {algorithm!r})"
    )
    bare = _loaded(python, f"import numpy, safetensors.numpy; {imports}")
    assert _loaded(python, worker) == bare | {"rmlbench_utils"}
    assert "pandas" not in bare


def test_setup_needs_the_standard_library_only() -> None:
    code = "import rmlbench_utils.setup, rmlbench_utils.measure.venvs"
    subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, check=True)


def test_no_cargo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path))
    assert setup.main(["report"]) == 2
    said = capsys.readouterr().err
    assert "rustup" in said
    assert len(said.splitlines()) == 1


def test_no_compiler(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(tools.Missing, match="no C compiler"):
        tools.compiler()


def test_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    version = namedtuple("version", "major minor micro")(3, 10, 2)
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(tools.Missing, match=r"python is 3\.10\.2: 3\.11 or newer"):
        tools.python()


def test_no_venv_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(tools.Missing, match="has no venv module"):
        tools.python()


def test_domains() -> None:
    assert setup.chosen([]) == [d for d in setup.FIRST if d in setup.chosen(["all"])]
    assert setup.chosen(["regression"]) == ["regression"]
    with pytest.raises(tools.Missing, match=r"'regresion' is not known: use .*regression"):
        setup.chosen(["regresion"])


@pytest.mark.parametrize(
    ("fails", "step", "calls"), [("--check", "ruff format", 2), ("mypy", "clippy and mypy", 7)]
)
def test_the_first_failure_stops_and_is_named(
    fails: str, step: str, calls: int, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    done: list[list[str]] = []

    def call(words: list[str]) -> None:
        done.append(words)
        if fails in words:
            raise subprocess.CalledProcessError(1, words)

    monkeypatch.setenv(setup.INSIDE, "1")
    monkeypatch.setattr(setup, "call", call)
    monkeypatch.setattr(setup, "worker_environments", lambda _: None)
    assert setup.main(["test"]) == 1
    assert [words[2] for words in done[:2]] == ["ruff", "ruff"]
    assert len(done) == calls
    assert capsys.readouterr().err == f"step failed: {step} (exit code 1)\n"
