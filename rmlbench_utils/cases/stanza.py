"""What may stand in a case file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.case import Level, Primary, Profile
from rmlbench_utils.protocol.job import Scalar

Threads = Annotated[int, Field(ge=1)] | Literal["all"]
Positive = Annotated[float, Field(gt=0)]
Blocks = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]]
Values = Annotated[list[Scalar], Field(min_length=1)]


class Defaults(Model):
    """What every case of the file starts from.

    ``blocks`` fixes (min, max) blocks of a profile whatever the stanza says.
    """

    baseline: str
    contenders: list[str]
    threads: list[Threads]
    min_blocks: int = Field(ge=1)
    max_blocks: int = Field(ge=1)
    limit_s: Positive
    blocks: dict[Profile, Blocks] = Field(default_factory=dict)


class Algorithm(Model):
    """Defaults of one algorithm: every hyper-parameter, and how closely answers must agree.

    ``either`` names hyper-parameters that may be a text or a number, whatever their default is.
    """

    params: dict[str, Scalar]
    either: list[str] = Field(default_factory=list)
    tolerance: dict[str, Positive]
    tolerance_reason: str
    condition_scaled: bool = False
    level: Level = "same answer"
    splits: int = Field(default=1, ge=1)
    known: dict[str, str] = Field(default_factory=dict)
    margin: float = Field(default=0.05, gt=0, lt=1)
    primary: Primary = Primary()


class Stanza(Model):
    """One ``[[case]]``: what it leaves out comes from the algorithm, then from the defaults.

    ``params`` are named in the case's name in the order given; ``grid`` maps a profile to
    lists of values of a hyper-parameter, or of ``dataset``, and stands in for ``params`` there.
    ``known`` stands in for the algorithm's, even where it is empty. ``served`` are contenders
    beside the others that predict from the baseline's exported model; the case is then about
    ``predict``.
    """

    algorithm: str
    dataset: str
    profiles: list[Profile] = Field(min_length=1)
    params: dict[str, Scalar] = Field(default_factory=dict)
    grid: dict[Profile, dict[str, Values]] = Field(default_factory=dict)
    threads: list[Threads] | None = Field(default=None, min_length=1)
    contenders: list[str] | None = None
    served: list[str] = Field(default_factory=list)
    known: dict[str, str] | None = None
    level: Level | None = None
    tolerance: dict[str, Positive] | None = None
    tolerance_reason: str | None = None
    condition_scaled: bool | None = None
    splits: int | None = Field(default=None, ge=1)
    min_blocks: int | None = Field(default=None, ge=1)
    max_blocks: int | None = Field(default=None, ge=1)
    limit_s: Positive | None = None
    huge_pages: bool = True
    target: float = Field(default=0.0, ge=0, le=1)
    note: str = ""


class CaseFile(Model):
    """A case file, before expansion.

    ``common`` is what all algorithms share: each one's own keys, and of its ``params`` each single
    one, stand before it.
    """

    defaults: Defaults
    algorithms: dict[str, Algorithm]
    case: list[Stanza]

    @model_validator(mode="before")
    @classmethod
    def _shared(cls, document: Any) -> Any:
        if not isinstance(document, dict) or "common" not in document:
            return document
        rest = {key: value for key, value in document.items() if key != "common"}
        common = document["common"]
        rest["algorithms"] = {
            name: {**common, **own, "params": {**common.get("params", {}), **own.get("params", {})}}
            for name, own in document["algorithms"].items()
        }
        return rest
