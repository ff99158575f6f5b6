"""How much each profile measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """Times in seconds, counts of calls.

    ``fit_s`` and ``predict_s`` are the steady time sampled in a run (without ``predict_s``
    there is no prediction to time), ``pilot_s`` that of a layout pilot run (without it all are
    timed in C order, as the files are), ``warmup_s`` the longest warm-up. Numbers of blocks are
    the cases' own.
    """

    budget_s: float
    fit_s: float
    predict_s: float
    latency_calls: int
    pilot_s: float
    warmup_s: float


PROFILES = {
    "check": Settings(120.0, 0.01, 0.005, 50, 0.0, 0.01),
    "smoke": Settings(240.0, 0.1, 0.03, 200, 0.3, 0.2),
    "standard": Settings(1800.0, 0.15, 0.03, 200, 0.8, 0.2),
    "full": Settings(8 * 3600.0, 0.25, 0.05, 500, 2.0, 1.0),
    "calibration": Settings(3600.0, 0.04, 0.0, 0, 0.1, 0.02),
}
OFFERED = ("check", "smoke", "standard", "full")
