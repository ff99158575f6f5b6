"""The tools a machine must bring, and one sentence for each that is missing.

Standard library only, and readable by Pythons too old to run the rest.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path

OLDEST = (3, 11)


class Missing(Exception):
    """What is missing, in one lowercase sentence that says how to get it."""


def cargo() -> str:
    """Path of cargo: on PATH, or where rustup puts it.

    Raises
    ------
    Missing
        If there is none.
    """
    home = Path(os.environ.get("CARGO_HOME", Path.home() / ".cargo"))
    found = shutil.which("cargo") or shutil.which("cargo", path=str(home / "bin"))
    if found is None:
        raise Missing("cargo is not on PATH: install Rust with rustup (https://rustup.rs)")
    return found


def compiler() -> str | None:
    """Path of a C compiler, or None where Rust finds its linker by itself (Windows).

    Raises
    ------
    Missing
        If there is none.
    """
    found = next(
        filter(None, map(shutil.which, (os.environ.get("CC", "cc"), "gcc", "clang"))), None
    )
    if found is None and os.name != "nt":
        raise Missing(
            "no C compiler (cc, gcc or clang) is on PATH: install one "
            "(Debian: apt install build-essential; macOS: xcode-select --install)"
        )
    return found


def python() -> str:
    """This interpreter, if it is new enough and can make virtual environments.

    Raises
    ------
    Missing
        If it is too old, or its venv module is missing (Debian packs it apart).
    """
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST:
        raise Missing(
            f"python is {version}: 3.11 or newer is needed, "
            "install it and run make PYTHON=python3.11"
        )
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Missing(
                f"python {version} has no {module} module: install it "
                "(Debian: apt install python3-venv)"
            )
    return sys.executable
