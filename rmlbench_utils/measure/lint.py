"""clippy on our own crates, over dependencies as they were built.

``cargo clippy`` checks every dependency anew, for it wants less of them than a build leaves.
Here cargo builds, and calls this program in rustc's place for the crates of the workspace
(RUSTC_WORKSPACE_WRAPPER): it calls clippy-driver and lets it make no code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CODE, METADATA = "link", "metadata"
EMIT = "--emit="
BUILD_SCRIPT = "build_script_build"  # the one crate that has to run


def main() -> int:
    """Check one crate; clippy-driver's exit code."""
    words = ["clippy-driver", *checked(sys.argv[1:])]
    # cargo's job server is a pair of open files.
    return subprocess.run(words, close_fds=False, check=False).returncode


def checked(words: list[str]) -> list[str]:
    """What clippy-driver is given in place of what cargo gives rustc."""
    if BUILD_SCRIPT in words:
        return words
    return [_checked(word) for word in words]


def _checked(word: str) -> str:
    if word.startswith(EMIT):
        kinds = [kind for kind in word.removeprefix(EMIT).split(",") if kind != CODE]
        return EMIT + ",".join(dict.fromkeys([*kinds, METADATA]))
    if word.endswith(".rlib"):  # name=path of a crate of ours that this has checked
        path = word.partition("=")[2]
        return word if os.path.exists(path) else str(Path(word).with_suffix(".rmeta"))
    return word


if __name__ == "__main__":
    sys.exit(main())
