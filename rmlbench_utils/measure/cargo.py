"""How cargo is called: one package alone, one set of flags a tier, one target folder for what
shares its dependencies as they are compiled.

``python -m rmlbench_utils.measure.cargo clippy|test`` checks every crate with the flags and in
the folder of tier ``tuned``, or of a library's only tier, so that nothing compiles twice.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.measure import tools, venvs
from rmlbench_utils.measure.cpu import features
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.root import project_root

WORKER = "rmlbench-worker"
CALIBRATION = "rmlbench-calibration"
NATIVE = ("-Ctarget-cpu=native",)
RECORD = "cpu_features.json"
BACK = 5  # at nice's own 10, who gives way is left over at the end, with a processor idle
LINT = {  # of a build that checks instead, see lint.py
    "RUSTC_WORKSPACE_WRAPPER": str(Path(sys.executable).with_name("rmlbench-lint")),
    "CLIPPY_ARGS": "-D__CLIPPY_HACKERY__warnings",
}
QUICK = {"RUSTC_WRAPPER": str(Path(sys.executable).with_name("rmlbench-quick"))}  # see quick.py
Tested = tuple[str, str, list[str], tuple[str, ...], bool]  # place, package, words, flags, LTO


def place(tier: Tier, lto: bool = True) -> str:
    """The name of the target folder of a tier: without LTO every dependency is compiled anew."""
    return tier if lto else f"{tier}-no-lto"


def folder(place: str) -> Path:
    """A target folder."""
    return project_root() / "target" / place


def binary(place: str, name: str) -> Path:
    """Where a release binary lies."""
    return folder(place) / "release" / (f"{name}.exe" if os.name == "nt" else name)


def build(
    place: str,
    package: str,
    words: list[str],
    rustflags: tuple[str, ...],
    lto: bool = True,
    back: bool = False,
) -> None:
    """Build one package alone in release; ``back``: give way to others.

    Raises
    ------
    UsageError
        If there is no cargo, or the build fails.
    """
    words = ["build", "--release", "--locked", "-p", package, *words]
    _run(place, words, rustflags, lto, back=back)


def relink(place: str, package: str, arguments: list[str], rustflags: tuple[str, ...]) -> None:
    """Build one package again with arguments for rustc that its dependencies do not get."""
    words = ["rustc", "--release", "--locked", "-p", package, "--bin", package, "--", *arguments]
    _run(place, words, rustflags)


def foreign(place: str) -> bool:
    """Whether the binaries of a folder were built for other CPU features than this machine's."""
    record = folder(place) / RECORD
    return not record.exists() or tuple(json.loads(record.read_text())) != features()


def renew(place: str) -> None:
    """Throw the binaries of a folder away if they were built for another processor."""
    if foreign(place):
        shutil.rmtree(folder(place) / "release", ignore_errors=True)
        folder(place).mkdir(parents=True, exist_ok=True)
        (folder(place) / RECORD).write_text(json.dumps(features()))


def selection(library: Library, tier: Tier) -> list[str]:
    """The features of a library's tier, as words for cargo."""
    names = [setting.value for setting in library.configuration(tier).features]
    return ["--features", ",".join(names)] if names else []


def flags(library: Library, tier: Tier) -> tuple[str, ...]:
    """The flags for rustc of a library's tier."""
    return tuple(setting.value for setting in library.configuration(tier).rustflags)


def _run(
    place: str,
    words: list[str],
    rustflags: tuple[str, ...],
    lto: bool = True,
    more: Mapping[str, str] | None = None,
    back: bool = False,
) -> None:
    try:
        command = [tools.cargo(), *words[:1], "--target-dir", str(folder(place)), *words[1:]]
        tools.compiler()
    except tools.Missing as missing:
        raise UsageError(str(missing)) from missing
    told = {**os.environ, **(more or {}), "CARGO_ENCODED_RUSTFLAGS": "\x1f".join(rustflags)}
    torch = venvs.interpreter(project_root() / ".venvs" / "torch")
    if torch.exists():  # torch-sys asks the first Python on PATH where its torch is
        told["LIBTORCH_USE_PYTORCH"] = "1"
        told["PATH"] = os.pathsep.join([str(torch.parent), told.get("PATH", "")])
    if not lto:
        told["CARGO_PROFILE_RELEASE_LTO"] = "off"
    if not sys.stderr.isatty():
        command.insert(2, "--quiet")
    if back and os.name != "nt":
        command = ["nice", "-n", str(BACK), *command]
    done = subprocess.run(command, cwd=project_root(), env=told, check=False)
    if done.returncode:
        raise UsageError(f"cargo {' '.join(words)} failed: its messages are above")


def main(arguments: list[str]) -> int:
    """Run clippy or the tests of every crate; 0 if they pass."""
    lint = arguments == ["clippy"]
    verb, told = (["build", "--all-targets"], LINT) if lint else (["test"], QUICK)
    try:
        for where, package, words, rustflags, lto in _packages():
            renew(where)
            words = [*verb, "--release", "--locked", "-p", package, *words]
            _run(where, words, rustflags, lto, told)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _packages() -> list[Tested]:
    """Every crate of ours: those of libraries as they are built, the others plainly."""
    found: dict[str, Tested] = {name: ("tuned", name, [], NATIVE, True) for name in _crates()}
    for library in libraries().values():
        if library.package is not None:
            words, rustflags = selection(library, "tuned"), flags(library, "tuned")
            where = place(library.resolved("tuned"), library.lto)
            found[library.package] = (where, library.package, words, rustflags, library.lto)
    return list(found.values())


def _crates() -> list[str]:
    """The names of the crates under ``rust``, the worker's first."""
    manifests = [
        tomllib.loads(path.read_text()) for path in project_root().glob("rust/*/Cargo.toml")
    ]
    return sorted(
        (one["package"]["name"] for one in manifests), key=lambda name: (name != WORKER, name)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
