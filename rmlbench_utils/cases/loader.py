"""Reads case files; every fault names the file, the stanza and the key."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rmlbench_utils.cases.expand import expand
from rmlbench_utils.cases.stanza import Algorithm, CaseFile, Defaults, Stanza
from rmlbench_utils.protocol.case import Case, Profile
from rmlbench_utils.protocol.errors import UsageError, nearest

FOLDER = Path(__file__).parent


def domains() -> list[str]:
    """The domains that have a case file."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load_cases(domain: str, profile: Profile) -> list[Case]:
    """The cases of a domain at a profile, expanded, in the order of the file.

    Raises
    ------
    UsageError
        If there is no such domain or its file is faulty.
    """
    return load_file(_path(domain), profile)


def load_file(path: Path, profile: Profile) -> list[Case]:
    """The cases of one case file at a profile; the domain is the file's name.

    Raises
    ------
    UsageError
        If the file is faulty: which stanza and key, and what is allowed.
    """
    return [case for case, _ in _expanded(path, profile)]


def origins(domain: str, profile: Profile) -> dict[str, str]:
    """Case name → the file and stanza it comes from, for messages about it."""
    return {case.name: origin for case, origin in _expanded(_path(domain), profile)}


def read(path: Path) -> CaseFile:
    """A case file, validated but not expanded.

    Raises
    ------
    UsageError
        If it is not TOML or holds an unknown or ill-typed key.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path.name} cannot be read as TOML: {error}") from error
    try:
        return CaseFile.model_validate(document)
    except ValidationError as error:
        raise UsageError(_sentence(path.name, document, error)) from error


def where(path: Path, number: int, stanza: Stanza) -> str:
    """How messages name a stanza."""
    return f"{path.name}, case {number} ({stanza.algorithm}/{stanza.dataset})"


def _path(domain: str) -> Path:
    if domain not in domains():
        raise UsageError(
            f"there is no domain {domain!r} with cases: choose from {', '.join(domains())}"
        )
    return FOLDER / f"{domain}.toml"


def _expanded(path: Path, profile: Profile) -> list[tuple[Case, str]]:
    file = read(path)
    found: dict[str, tuple[Case, str]] = {}
    for number, stanza in enumerate(file.case, start=1):
        origin = where(path, number, stanza)
        for case in expand(path.stem, file, stanza, profile, origin):
            if "all" in (stanza.threads or ()) and found.get(case.name, (None,))[0] == case:
                continue  # on one core `all` is the 1 of another stanza
            if case.name in found:
                raise UsageError(
                    f"{origin}: {case.name} is also made by {found[case.name][1]} "
                    f"at profile {profile}: take it out of one"
                )
            found[case.name] = (case, origin)
    return list(found.values())


def _sentence(file: str, document: dict[str, Any], error: ValidationError) -> str:
    """The first fault pydantic found, as one sentence."""
    fault = error.errors()[0]
    place: str = file
    model: type[BaseModel] = CaseFile
    keys: list[int | str] = list(fault["loc"])
    match fault["loc"]:
        case ("case", int(index), *rest):
            stanza = document["case"][index]
            names = "/".join(str(stanza.get(k, "?")) for k in ("algorithm", "dataset"))
            place, keys, model = f"{file}, case {index + 1} ({names})", rest, Stanza
        case ("algorithms", str(name), *rest):
            place, keys, model = f"{file}, algorithms.{name}", rest, Algorithm
        case ("defaults", *rest) if rest:
            place, keys, model = f"{file}, defaults", rest, Defaults
    key = ".".join(str(part) for part in keys) or "it"
    return f"{place}: key {key} {_complaint(fault, key, model)}"


def _complaint(fault: Any, key: str, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden":
        return f"is not known: nearest are {nearest(key, model.model_fields)}"
    if fault["type"] == "missing":
        return "is missing: add it"
    said = fault["msg"][0].lower() + fault["msg"][1:]
    return f"is {fault['input']!r}: {said}"
