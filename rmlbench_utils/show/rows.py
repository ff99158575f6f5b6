"""Rows of a table of verdicts, chosen one by one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def where(rows: pd.DataFrame, chosen: Iterable[bool]) -> pd.DataFrame:
    """The rows for which ``chosen`` is true; none of none, with all columns."""
    return rows[np.fromiter(chosen, dtype=bool, count=len(rows))]
