"""Digests of workers' sources: what a recording was measured with, and whether it changed."""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rmlbench_utils.contenders.registry import FOLDER, Library
from rmlbench_utils.measure import locks, venvs
from rmlbench_utils.protocol.base import digest
from rmlbench_utils.protocol.root import project_root


def source_digest(library: Library) -> str:
    """SHA-256 over all that makes a worker: code, configuration, profile, locked dependencies.

    Of a user's own command: over the files among its words.
    """
    root = project_root()
    profile = None
    if library.package is not None:
        packages: Any = _locked(root / "Cargo.lock", library.package)
        crates = _crates(root, library.package, {line.split(" ")[0] for line in packages})
        files = [path for folder in crates for path in _tree(folder)]
        files += [root / "rust-toolchain.toml"]
        profile = tomllib.loads((root / "Cargo.toml").read_text(encoding="utf-8"))["profile"]
        profile = profile["release"]
        if wheels := {p.value for t in library.tier.values() for p in t.packages}:
            packages = {"crates": packages, "wheels": locks.subset(root / venvs.LOCK, wheels)}
    elif library.kind == "python":
        stem = library.name.replace("-", "_")
        package = root / "rmlbench_utils"
        files = [*package.glob("worker/*.py"), *package.glob(f"contenders/{stem}*.py")]
        names = {p.value for t in library.tier.values() for p in t.packages}
        packages = locks.subset(root / venvs.LOCK, names)
    else:
        files, packages = [Path(w) for w in library.command if Path(w).is_file()], None
    configuration = FOLDER / f"{library.name}.toml"
    if configuration.exists():
        files.append(configuration)
    return digest({"files": _contents(root, files), "packages": packages, "profile": profile})


def _contents(root: Path, files: Iterable[Path]) -> dict[str, str]:
    return {
        (path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name): (
            hashlib.sha256(path.read_bytes()).hexdigest()
        )
        for path in sorted(files)
    }


def _tree(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in (".rs", ".toml")]


def _crates(root: Path, package: str, locked: set[str]) -> list[Path]:
    """The folders of a crate and of those of ours it depends on."""
    found: dict[str, Path] = {}
    for manifest in root.glob("rust/*/Cargo.toml"):
        name = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]["name"]
        found[name] = manifest.parent
    if package not in found:
        raise FileNotFoundError(f"no crate under rust is named {package}")
    return [found[name] for name in sorted(locked & set(found))]


def _locked(lock: Path, package: str) -> list[str]:
    """Name, version and checksum of a package and all it depends on."""
    known = _entries(lock.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    waiting = [package]
    while waiting:
        name, _, version = waiting.pop().partition(" ")
        for entry in known[name]:
            line = f"{name} {entry['version']} {entry.get('checksum', '')}"
            if version in ("", entry["version"]) and line not in found:
                found[line] = entry.get("dependencies", [])
                waiting += found[line]
    return sorted(found)


@functools.cache
def _entries(lock: str) -> dict[str, list[dict[str, Any]]]:
    """Name → the packages of that name in the text of a lock."""
    known: dict[str, list[dict[str, Any]]] = {}
    for entry in tomllib.loads(lock)["package"]:
        known.setdefault(entry["name"], []).append(entry)
    return known
