"""clippy over dependencies as they were built: it finds what it should, and makes no code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from rmlbench_utils.measure import cargo

BINARY = Path("target", "release", "small")
GOOD = 'fn main() { println!("{}", small::empty(&[])); }\n'
LIBRARY = "pub fn empty(rows: &[u8]) -> bool { rows.is_empty() }\n"
LINTED = LIBRARY.replace("rows.is_empty()", "rows.len() == 0")
MANIFEST = """[package]
name = "small"
version = "0.1.0"
edition = "2024"
build = "build.rs"
"""


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A library, a program that uses it, and a build script."""
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "build.rs").write_text('fn main() { println!("cargo::rustc-cfg=built"); }\n')
    (tmp_path / "src" / "lib.rs").write_text(LIBRARY)
    (tmp_path / "src" / "main.rs").write_text(GOOD)
    return tmp_path


def built(crate: Path, **more: str) -> subprocess.CompletedProcess[str]:
    words = ["cargo", "build", "--release", "--offline", "--all-targets", "--target-dir", "target"]
    told = {**os.environ, **more}
    return subprocess.run(words, cwd=crate, env=told, capture_output=True, text=True, check=False)


def test_what_is_well_passes_and_makes_no_program(crate: Path) -> None:
    done = built(crate, **cargo.LINT)
    assert (done.returncode, done.stderr.count("warning")) == (0, 0), done.stderr
    assert not (crate / BINARY).exists()


@pytest.mark.parametrize("name", ["lib.rs", "main.rs"])
def test_a_lint_fails_and_the_program_stays(crate: Path, name: str) -> None:
    assert built(crate).returncode == 0
    before = (crate / BINARY).read_bytes()
    path = crate / "src" / name
    path.write_text(
        path.read_text() + LINTED.replace("empty", "other").replace("pub ", "#[cfg(built)] pub ")
    )
    done = built(crate, **cargo.LINT)
    assert done.returncode != 0
    assert "clippy::len-zero" in done.stderr
    assert (crate / BINARY).read_bytes() == before


def test_the_tests_of_a_crate_are_checked(crate: Path) -> None:
    path = crate / "src" / "lib.rs"
    path.write_text(LIBRARY + "#[cfg(test)]\n" + LINTED.replace("empty", "other"))
    assert "clippy::len-zero" in built(crate, **cargo.LINT).stderr
