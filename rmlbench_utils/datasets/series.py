"""Numbers that follow each other in time, as windows of 24 and the number after each."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from rmlbench_utils.datasets.card import Card, packaged
from rmlbench_utils.datasets.examples import Examples
from rmlbench_utils.datasets.split import TEST_SHARE

STEPS = 24
_BORDER = (
    f"neighbouring windows share {STEPS - 1} numbers; the last fifth are the test rows, and the "
    f"{STEPS} windows that would hold numbers of both sides are left out"
)
CARDS = {
    "sunspots": Card(
        name="sunspots",
        title="Yearly sunspot numbers, 1700 to 2008",
        source="National Geophysical Data Center, yearly sunspot numbers (R. Wolf's series)",
        licence="public domain; BSD-3-Clause (package)",
        packaged_in="statsmodels",
        rows=261,
        columns=STEPS,
        target="the next year's sunspot number",
        problems=f"309 years only; the older definition, before the revision of 2015; {_BORDER}",
        checked="SHA-256 of the packaged file; years and number of them as statsmodels states",
        sha256="f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
    ),
    "co2": Card(
        name="co2",
        title="Weekly CO2 in the air at Mauna Loa, March 1958 to December 2001",
        source="Keeling and Whorf, Atmospheric CO2 concentrations derived from flask air samples "
        "at sites in the SIO network, Carbon Dioxide Information Analysis Center (2004)",
        licence="public domain; BSD-3-Clause (package)",
        packaged_in="statsmodels",
        rows=2236,
        columns=STEPS,
        target="the next week's CO2 in parts per million",
        problems="59 of 2,284 weeks are missing and stand on the straight line between their "
        "neighbours, all of them before the test rows; it rises, so most targets of test rows lie "
        f"above all training rows; {_BORDER}",
        checked="SHA-256 of the packaged file; 2,225 measurements as statsmodels states",
        sha256="16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f",
    ),
}


def values(name: str) -> NDArray[np.float64]:
    """All numbers of a series in order, gaps filled along straight lines.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    content = packaged(CARDS[name], f"statsmodels/datasets/{name}/{name}.csv")
    found = pd.read_csv(io.BytesIO(content)).iloc[:, 1].to_numpy(dtype=np.float64)
    at, known = np.arange(len(found)), ~np.isnan(found)
    return np.interp(at, at[known], found[known])


def load(name: str) -> Examples:
    """Windows ``[n, 24, 1]`` and the number after each ``[n]``.

    Raises
    ------
    Unavailable
        If the packaged file is missing or another.
    """
    whole = sliding_window_view(values(name).astype(np.float32), STEPS + 1)
    kept = len(whole) - STEPS
    test = max(1, round(kept * TEST_SHARE))
    windows = np.concatenate([whole[: kept - test], whole[-test:]])
    sha256 = CARDS[name].sha256
    assert sha256 is not None
    x = np.ascontiguousarray(windows[:, :-1, None])
    return Examples(x, windows[:, -1].copy(), 1, sha256, ordered=True)
