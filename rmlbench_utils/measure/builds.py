"""Builds of the calibration worker: the usual one, and others of the same source that differ
only in the order in which objects are linked and in the length of their path."""

from __future__ import annotations

import hashlib
import random
import shlex
import subprocess
import sys
from pathlib import Path

from rmlbench_utils.measure import cargo, tools
from rmlbench_utils.protocol.errors import UsageError

PADDING = 17  # characters by which the folder of each build is longer than the one before


def usual() -> Path:
    """The worker, built as every worker of tier ``tuned`` is."""
    cargo.build("tuned", cargo.CALIBRATION, [], cargo.NATIVE)
    return cargo.binary("tuned", cargo.CALIBRATION)


def shuffled(count: int) -> list[Path]:
    """``count`` builds, each linked in another order, in folders with names of other lengths.

    Builds of the same usual binary are kept.
    """
    binary = usual()
    root = cargo.folder("tuned") / "builds"
    found = [root / ("p" * PADDING * seed) / binary.name for seed in range(1, count + 1)]
    of = f"{count} of {hashlib.sha256(binary.read_bytes()).hexdigest()}"
    known = root / "of"
    if not known.exists() or known.read_text() != of:
        for path in found:
            path.parent.mkdir(parents=True, exist_ok=True)
        linker = [f"-Clinker={_linker(root, found)}"]
        cargo.relink("tuned", cargo.CALIBRATION, linker, cargo.NATIVE)
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
        if len(digests) < count:
            raise UsageError(
                f"{count - len(digests)} builds of {count} are equal: order has no effect"
            )
        known.write_text(of)
        usual()
    return found


def _linker(folder: Path, wanted: list[Path]) -> Path:
    """A program that links as the compiler does, and once more for each file in ``wanted``."""
    path = folder / "cc"  # its name tells rustc what words it knows
    words = [sys.executable, "-m", __name__, tools.compiler() or "cc", *map(str, wanted), "--"]
    path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n')
    path.chmod(0o755)
    return path


def reordered(words: list[str], seed: int) -> list[str]:
    """The linker's words with the object files among them in another order."""
    places = [i for i, word in enumerate(words) if word.endswith(".o")]
    objects = [words[i] for i in places]
    random.Random(seed).shuffle(objects)
    out = list(words)
    for i, word in zip(places, objects, strict=True):
        out[i] = word
    return out


def main(arguments: list[str]) -> int:
    """``LINKER OUT... -- WORD...``: link into each OUT in an order of its own, then as told."""
    split = arguments.index("--")
    (linker, *wanted), words = arguments[:split], arguments[split + 1 :]
    place = words.index("-o") + 1
    for seed, path in enumerate(wanted, start=1):
        other = reordered(words, seed)
        other[place] = path
        subprocess.run([linker, *other], check=True)
    return subprocess.call([linker, *words])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
