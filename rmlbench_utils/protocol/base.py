"""What every model at a boundary shares."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pydantic import BaseModel, ConfigDict

PROTOCOL = 1
SCHEMA = 1


class Model(BaseModel):
    """A frozen model that refuses unknown fields by name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def line(self) -> str:
        """The model as one line of JSON, keys in order of declaration."""
        return self.model_dump_json()


def digest(value: Any) -> str:
    """SHA-256 of a JSON value written canonically (sorted keys, no spaces)."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
