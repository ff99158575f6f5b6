"""Remarks on rows: disputed by a library's maintainers, or fixed on its main branch."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.errors import UsageError

FILE = Path(__file__).parent / "remarks.toml"


class Remark(Model):
    """Holds for a contender's rows in the cases of a glob, in recordings made until ``since``."""

    contender: str
    cases: str
    kind: Literal["disputed", "fixed on main"]
    since: date
    text: str
    link: str = Field(pattern=r"^https://")

    def sentence(self) -> str:
        """The remark as it stands in a row's reason."""
        return f"{self.kind} since {self.since.isoformat()}: {self.text} ({self.link})"


class _File(Model):
    remark: tuple[Remark, ...] = ()


def remarks(path: Path = FILE) -> tuple[Remark, ...]:
    """All remarks.

    Raises
    ------
    UsageError
        If the file is not as its first lines say.
    """
    try:
        return _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).remark
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        said = str(error).splitlines()[0].lower()
        raise UsageError(
            f"{path.name} is no list of remarks ({said}): write it as its first lines say"
        ) from error


def about(known: tuple[Remark, ...], contender: str, case: str, created: str) -> list[str]:
    """Sentences about a contender's row in a recording created at an ISO time."""
    made = datetime.fromisoformat(created).date()
    return [
        remark.sentence()
        for remark in known
        if remark.contender == contender
        and fnmatchcase(case, remark.cases)
        and made <= remark.since
    ]
