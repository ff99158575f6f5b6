"""The columns of a table of verdicts, and its rows as JSON has them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

COLUMNS = [
    "case",
    "contender",
    "baseline",
    "tier",
    "phase",
    "metric",
    "unit",
    "baseline_value",
    "contender_value",
    "shape",
    "parity",
    "fairness",
    "differs",
    "effect",
    "ratio",
    "ci_low",
    "ci_high",
    "p_adjusted",
    "n_runs",
    "failures",
    "verdict",
    "machine",
    "recording",
    "reason",
    "ci_low_simultaneous",
    "ci_high_simultaneous",
    "p_value",
    "family",
    "headline",
    "convert_verdict",
    "n_blocks",
    "level",
]


def plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON has them: every digit, and None for what is not known."""
    rows = table.astype(object).to_dict("records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
