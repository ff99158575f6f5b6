"""What a worker says while it runs a job: one JSON object a line."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from rmlbench_utils.protocol.base import Model

Ns = Annotated[int, Field(ge=0)]


class Ready(Model):
    event: Literal["ready"]
    framework: str
    version: str
    threads: int
    main_ns: Ns
    libraries_ns: Ns


class PhaseBegin(Model):
    event: Literal["phase_begin"]
    phase: str


class PhaseEnd(Model):
    event: Literal["phase_end"]
    phase: str
    wall_ns: Ns
    cpu_ns: Ns
    peak_rss: int | None


class Sample(Model):
    event: Literal["sample"]
    phase: str
    batch: int = Field(ge=1)
    ns: list[Ns] = Field(max_length=64)
    rest_count: int = Field(ge=0)
    rest_ns: Ns


class Latency(Model):
    event: Literal["latency"]
    batch: int = Field(ge=1)
    bins: list[tuple[int, Annotated[int, Field(ge=1)]]]


class Metric(Model):
    event: Literal["metric"]
    name: str
    step: int
    time_ns: Ns
    value: float


class Progress(Model):
    event: Literal["progress"]
    done: int
    total: int


class InputsWanted(Model):
    event: Literal["inputs_wanted"]


class Result(Model):
    event: Literal["result"]
    outputs: str
    sha256: str


class Fault(Model):
    event: Literal["error"]
    kind: Literal["parameter", "data", "protocol", "unsupported", "numerical", "diverged"]
    parameter: str
    value: Any
    allowed: str

    def sentence(self) -> str:
        """The fault as one lowercase sentence."""
        return f"{self.parameter} is {self.value!r}: {self.allowed}"


Event = (
    Ready
    | PhaseBegin
    | PhaseEnd
    | Sample
    | Latency
    | Metric
    | Progress
    | InputsWanted
    | Result
    | Fault
)
_ADAPTER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="event")])


def parse_event(line: bytes | str) -> Event:
    """Read one event line.

    Raises
    ------
    pydantic.ValidationError
        If the line is not JSON or not an event of this protocol.
    """
    return _ADAPTER.validate_json(line)
