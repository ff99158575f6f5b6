"""The libraries: who can run cases, in which tiers, and how each tier is configured.

One TOML file a library lies in ``contenders/libraries``; a user's own workers come from a
file of ``[[worker]]`` stanzas.
"""

from __future__ import annotations

import os
import platform
import shutil
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.job import Tier

FOLDER = Path(__file__).parent / "libraries"
TIERS: tuple[Tier, ...] = ("shipped", "tuned")


class Setting(Model):
    """One line of a configuration, and the page of the library or compiler that documents it."""

    value: str
    link: str = Field(pattern=r"^https://")


class Shared(Model):
    """A shared library a worker loads: a file in the packages of its environment, as a pattern
    from there, and the variable that tells the worker its path."""

    variable: str
    file: str
    link: str = Field(pattern=r"^https://")


class Configuration(Model):
    """One tier of a library.

    Of kind ``python``: the framework's name for the worker, the environment under ``.venvs``
    and the packages in it. Of kind ``cargo``: features and flags for rustc; where the crate is
    linked with libraries of a Python package, the environment and packages; and where it loads one
    when it starts, ``shared`` too.
    ``machines`` are those it can be installed on (``platform.machine()``); empty means all.
    """

    framework: str | None = None
    venv: str | None = None
    packages: tuple[Setting, ...] = ()
    features: tuple[Setting, ...] = ()
    rustflags: tuple[Setting, ...] = ()
    shared: Shared | None = None
    machines: tuple[str, ...] = ()


class Library(Model):
    """One contender's library: ``name`` in cases and records, ``label`` on pages.

    Of kind ``cargo`` it needs ``package``, of kind ``command`` the worker's ``command``. Without
    ``lto`` its crates are not optimised across each other at link time.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    label: str
    language: str
    kind: Literal["python", "cargo", "command"]
    package: str | None = None
    lto: bool = True
    command: tuple[str, ...] = ()
    tier: dict[Tier, Configuration]

    @property
    def tiers(self) -> tuple[Tier, ...]:
        """The tiers that can be measured on this machine; a single one counts as both."""
        here = platform.machine()
        return tuple(t for t in TIERS if t in self.tier and here in (self.tier[t].machines or here))

    def resolved(self, tier: Tier) -> Tier:
        """The tier that stands for ``tier``: itself, or the only one there is."""
        return tier if tier in self.tiers else self.tiers[0]

    def configuration(self, tier: Tier) -> Configuration:
        """The configuration of a tier, or of the only one."""
        return self.tier[self.resolved(tier)]

    @model_validator(mode="after")
    def _whole(self) -> Library:
        if "shipped" not in self.tier:
            raise ValueError("tier.shipped is missing: a library needs it")
        if (self.kind == "cargo") != (self.package is not None):
            raise ValueError("package goes with kind cargo, and only with it")
        if (self.kind == "command") != bool(self.command):
            raise ValueError("command goes with kind command, and only with it")
        for tier, configuration in self.tier.items():
            _fits(self.kind, tier, configuration)
        return self


def _fits(kind: str, tier: str, configuration: Configuration) -> None:
    keys = {
        "python": {"framework", "venv", "packages", "machines"},
        "cargo": {"features", "rustflags", "machines", "shared", "venv", "packages"},
        "command": set(),
    }[kind]
    loads = kind == "cargo" and configuration.shared is not None
    for key in sorted(configuration.model_fields_set - keys):
        raise ValueError(f"tier.{tier}.{key} is not known for kind {kind}")
    if kind == "python":
        for key in ("framework", "venv", "packages"):
            if not getattr(configuration, key):
                raise ValueError(f"tier.{tier}.{key} is missing: kind python needs it")
    for key, other in (("venv", "packages"), ("packages", "venv")):
        if loads and not getattr(configuration, key):
            raise ValueError(f"tier.{tier}.{key} is missing: shared needs it")
        if getattr(configuration, other) and not getattr(configuration, key):
            raise ValueError(f"tier.{tier}.{key} is missing: {other} needs it")


def libraries(extra: Path | None = None) -> dict[str, Library]:
    """Every library by name, those of the user's file last.

    Parameters
    ----------
    extra
        A TOML file of ``[[worker]]`` stanzas with ``name``, ``command`` and, optionally,
        ``label`` and ``language``.

    Raises
    ------
    UsageError
        If a file, stanza or key is not as it should be.
    """
    found = {path.stem: _library(path, path.stem, _read(path)) for path in _files()}
    if extra is not None:
        for position, stanza in enumerate(_stanzas(extra), start=1):
            where = f"[[worker]] {stanza.get('name', position)}"
            library = _worker(extra, where, stanza)
            if library.name in found:
                raise UsageError(
                    f"{extra.name}: {where}: name {library.name!r} is taken: rename it"
                )
            found[library.name] = library
    return found


def _files() -> list[Path]:
    return sorted(FOLDER.glob("*.toml"))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read ({error.strerror}): give a TOML file of [[worker]] stanzas"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path.name} is not TOML: {str(error).lower()}") from error


def _library(path: Path, name: str, content: dict[str, Any]) -> Library:
    library = _validated(path, "library", content)
    if library.name != name:
        raise UsageError(
            f"{path.name}: library: name is {library.name!r}: it must be the file's, {name!r}"
        )
    return library


def _stanzas(path: Path) -> list[dict[str, Any]]:
    content = _read(path)
    for key in content:
        if key != "worker":
            raise UsageError(f"{path.name}: {key!r} is not known here: write [[worker]] stanzas")
    stanzas = content.get("worker", [])
    if not isinstance(stanzas, list) or not stanzas:
        raise UsageError(f"{path.name}: no [[worker]] stanza: write one with a name and a command")
    return stanzas


def _worker(path: Path, where: str, stanza: dict[str, Any]) -> Library:
    allowed = ("name", "command", "label", "language")
    for key in stanza:
        if key not in allowed:
            raise UsageError(
                f"{path.name}: {where}: {key!r} is not known: nearest are {nearest(key, allowed)}"
            )
    content = {
        "label": stanza.get("name"),
        "language": "unknown",
        **stanza,
        "kind": "command",
        "tier": {"shipped": {}},
    }
    library = _validated(path, where, content)
    program = _program(path, where, library.command[0])
    return library.model_copy(update={"command": (program, *library.command[1:])})


def _program(path: Path, where: str, word: str) -> str:
    """The program of a command: a path counts from the file's folder, a bare name from PATH."""
    beside = os.path.abspath(path.parent / word)  # links are kept: a venv's python is one
    found = shutil.which(beside if os.sep in word else word)
    if found is None:
        raise UsageError(
            f"{path.name}: {where}: command: {word!r} is no program: give a path from the "
            "file's folder, or a name on PATH"
        )
    return found


def _validated(path: Path, where: str, content: dict[str, Any]) -> Library:
    try:
        return Library.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        what = first["msg"].removeprefix("Value error, ")
        what = what[0].lower() + what[1:]
        raise UsageError(f"{path.name}: {where}: {key + ': ' if key else ''}{what}") from error
