"""rustc as ``cargo test`` calls it: a test program is not optimised, what it stands on is.

With optimisation at link time a test program is most of the work of testing. cargo calls this
program in rustc's place (RUSTC_WRAPPER), so dependencies stay as they were built.
"""

from __future__ import annotations

import subprocess
import sys

TEST = "--test"
PLAIN = ("-Copt-level=0", "-Cdebug-assertions=off")  # of two, rustc takes the last


def main() -> int:
    """Compile one crate; rustc's exit code."""
    # cargo's job server is a pair of open files.
    return subprocess.run(told(sys.argv[1:]), close_fds=False, check=False).returncode


def told(words: list[str]) -> list[str]:
    """What rustc is given in place of what cargo gives it."""
    return [*words, *PLAIN] if TEST in words else words


if __name__ == "__main__":
    sys.exit(main())
