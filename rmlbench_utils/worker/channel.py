"""The worker's end of the protocol: events out, job and inputs in, faults."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

JOB_FIELDS: dict[str, Any] = {
    "protocol": int,
    "case": str,
    "contender": str,
    "tier": str,
    "algorithm": str,
    "params": dict,
    "layout": str,
    "threads": int,
    "seed": int,
    "train": dict,
    "weights": (dict, type(None)),
    "outputs": str,
    "repeat": dict,
    "folds": bool,
}


class Fault(Exception):
    """What a worker answers with one ``error`` event before it exits with 1."""

    def __init__(self, kind: str, parameter: str, value: Any, allowed: str) -> None:
        super().__init__(f"{parameter} is {value!r}: {allowed}")
        self.kind, self.parameter, self.value, self.allowed = kind, parameter, value, allowed

    def event(self) -> dict[str, Any]:
        """The fault as an event."""
        return {
            "event": "error",
            "kind": self.kind,
            "parameter": self.parameter,
            "value": self.value,
            "allowed": self.allowed,
        }


class Channel:
    """JSON lines on a private duplicate of descriptor 1; descriptor 1 becomes standard error."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls) -> Channel:
        """Move the protocol off descriptor 1, because libraries print there."""
        private = os.dup(1)
        os.set_inheritable(private, False)
        os.dup2(2, 1)
        return cls(private)

    def send(self, event: dict[str, Any]) -> None:
        """Write one event line at once."""
        line = memoryview(json.dumps(event).encode() + b"\n")
        while line:
            line = line[os.write(self._descriptor, line) :]

    def receive(self) -> dict[str, Any]:
        """Read one JSON object from standard input."""
        line = sys.stdin.readline()
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise Fault(
                "protocol", "line", line[:80], f"must be one JSON object ({error})"
            ) from error
        if not isinstance(value, dict):
            raise Fault("protocol", "line", line[:80], "must be one JSON object")
        return value

    def job(self) -> dict[str, Any]:
        """Read the job and refuse unknown or missing fields by name."""
        job = self.receive()
        if job.get("protocol") != 1:
            raise Fault("protocol", "protocol", job.get("protocol"), "this worker speaks 1")
        for name in job.keys() - JOB_FIELDS.keys():
            raise Fault("protocol", name, job[name], "unknown field of a job")
        for name, kind in JOB_FIELDS.items():
            if name not in job:
                raise Fault("protocol", name, None, "a job needs this field")
            if not isinstance(job[name], kind):
                raise Fault("protocol", name, job[name], f"must be {kind}")
        return job
