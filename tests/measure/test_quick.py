"""Test programs are optimised less; what they stand on is left as it was built."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from rmlbench_utils.measure import cargo, quick

MANIFEST = """[package]
name = "small"
version = "0.1.0"
edition = "2024"
"""
LIBRARY = """pub fn two() -> u8 { 2 }
#[test]
fn two_is_two() { assert_eq!(two(), 2); }
#[test]
fn two_is_three() { assert_eq!(two(), 3); }
"""
PROGRAM = "fn main() { assert_eq!(small::two(), 2); }\n"


def called(crate: Path, verb: str) -> subprocess.CompletedProcess[str]:
    words = ["cargo", verb, "--release", "--offline", "--target-dir", "target"]
    told = {**os.environ, **cargo.QUICK}
    return subprocess.run(words, cwd=crate, env=told, capture_output=True, text=True, check=False)


def test_tests_run_and_the_build_stays(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "src" / "lib.rs").write_text(LIBRARY)
    (tmp_path / "src" / "main.rs").write_text(PROGRAM)
    built = [Path("target", "release", name) for name in ("libsmall.rlib", "small")]
    assert called(tmp_path, "build").returncode == 0
    before = [(tmp_path / one).stat().st_mtime_ns for one in built]
    done = called(tmp_path, "test")
    assert done.returncode != 0
    assert "two_is_two ... ok" in done.stdout
    assert "two_is_three ... FAILED" in done.stdout
    assert [(tmp_path / one).stat().st_mtime_ns for one in built] == before


def test_only_test_programs_are_told() -> None:
    plain = ["rustc", "--crate-name", "small", "-C", "opt-level=3"]
    assert quick.told(plain) == plain
    assert quick.told([*plain, "--test"]) == [*plain, "--test", *quick.PLAIN]
