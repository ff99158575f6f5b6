"""Other ways to sum up a run and to compare a pair, tried on pairs whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from rmlbench_utils.judge.error_rates import share
from rmlbench_utils.judge.samples import calls, steady_mean
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.record import RunRecord

Summary = Callable[[RunRecord], float]
Runs = dict[str, dict[int, RunRecord]]  # contender → block → run
ALPHA = 0.05


class Variant(NamedTuple):
    """How a run becomes one number, what else explains a block, which blocks count."""

    summary: Summary
    covariates: tuple[Summary, ...] = ()
    every: int = 1  # use every so manieth block


def _steady(record: RunRecord) -> Floats:
    samples = record.samples["fit"]
    return np.asarray(samples.ns[samples.warmup :], float) / samples.batch


def mean(record: RunRecord) -> float:
    """Arithmetic mean of the steady samples: what the verdict uses."""
    return steady_mean(record.samples["fit"])


def _half(record: RunRecord) -> float:
    times = _steady(record)
    return float(times[: max(1, len(times) // 2)].mean())


def _cpu(record: RunRecord) -> float:
    spent = record.phases["fit"].cpu_ns
    return math.nan if spent is None else spent / calls(record.samples["fit"])


def _position(record: RunRecord) -> float:
    return float(record.position)


def _probe(record: RunRecord) -> float:
    return math.log(record.probe_ns) if record.probe_ns else math.nan


def _steal(record: RunRecord) -> float:
    return math.nan if record.steal is None else record.steal


VARIANTS = {
    "as judged: mean, position": Variant(mean, (_position,)),
    "without position": Variant(mean),
    "median": Variant(lambda r: float(np.median(_steady(r))), (_position,)),
    "mean without the tenths at both ends": Variant(
        lambda r: float(stats.trim_mean(_steady(r), 0.1)), (_position,)
    ),
    "fastest sample": Variant(lambda r: float(_steady(r).min()), (_position,)),
    "CPU time of the phase": Variant(_cpu, (_position,)),
    "reference probe as covariate": Variant(mean, (_position, _probe)),
    "steal as covariate": Variant(mean, (_position, _steal)),
    "half the samples of each run": Variant(_half, (_position,)),
    "half the runs": Variant(mean, (_position,), every=2),
}


def tried(records: Iterable[RunRecord]) -> pd.DataFrame:
    """Judge the pairs of `rmlbench calibrate` in every way of ``VARIANTS``.

    Returns
    -------
    DataFrame
        A row a way: ``way``, share of equal pairs called different (``false``, with the
        limits of `share`), of pairs with 2 % and 5 % more work found (``found_2``,
        ``found_5``), the geometric mean ``width`` of the 95 % interval relative to the first
        way, and ``pairs``.
    """
    sets = _sets(records)
    rows: list[dict[str, object]] = []
    for name, variant in VARIANTS.items():
        table = pd.DataFrame(
            [row for key, runs in sets.items() for row in _pairs(key, runs, variant)],
            columns=["set", "effect", "estimate", "p", "width"],
        )
        table = table[table["p"].notna()]
        equal = table[table["effect"] == 0]
        rate, low, high = share(equal["p"] < ALPHA, equal["set"])
        found = {k: (part["p"] < ALPHA) & (part["estimate"] > 0) for k, part in _by_effect(table)}
        rows.append(
            {
                "way": name,
                "false": rate,
                "false_low": low,
                "false_high": high,
                "found_2": float(found[2].mean()) if 2 in found else math.nan,
                "found_5": float(found[5].mean()) if 5 in found else math.nan,
                "width": float(np.exp(np.log(table["width"]).mean())) if len(table) else math.nan,
                "pairs": len(table),
            }
        )
    made = pd.DataFrame(rows)
    return made.assign(width=made["width"] / made["width"].iloc[0])


def _by_effect(table: pd.DataFrame) -> list[tuple[int, pd.DataFrame]]:
    return [(int(str(k)), part) for k, part in table.groupby("effect")]


def _sets(records: Iterable[RunRecord]) -> dict[str, Runs]:
    found: dict[str, Runs] = {}
    for record in records:
        known = record.contender.startswith(("same-", "plus-"))
        if record.role == "run" and record.status == "ok" and known:
            found.setdefault(record.case, {}).setdefault(record.contender, {})[record.block] = (
                record
            )
    return {key: runs for key, runs in found.items() if any(n.startswith("plus-") for n in runs)}


def _pairs(key: str, runs: Runs, variant: Variant) -> list[tuple[object, ...]]:
    same = sorted(name for name in runs if name.startswith("same-"))
    effects = {name: int(name.removeprefix("plus-")) for name in runs if name.startswith("plus-")}
    equal = [(a, b, 0) for i, a in enumerate(same) for b in same[i + 1 :]]
    known = [(a, b, effect) for b, effect in effects.items() for a in same]
    values = {name: _values(mine, variant) for name, mine in runs.items()}
    return [
        (key, effect, *_compared(values[b], values[a], variant.every))
        for a, b, effect in equal + known
    ]


def _values(runs: dict[int, RunRecord], variant: Variant) -> dict[int, Floats]:
    """Block → log of the summary, then the covariates."""
    return {
        block: np.array([_log(variant.summary(run)), *(c(run) for c in variant.covariates)])
        for block, run in runs.items()
    }


def _log(value: float) -> float:
    return math.log(value) if value > 0 else math.nan


def _compared(
    contender: dict[int, Floats], baseline: dict[int, Floats], every: int
) -> tuple[float, float, float]:
    """Log ratio at equal covariates, p of "it is 0", and the width of its 95 % interval.

    Ordinary least squares of the log ratio on the differences of the covariates.
    """
    blocks = sorted(set(contender) & set(baseline))[::every]
    gaps = np.array([contender[k] - baseline[k] for k in blocks])
    if len(gaps) < 3:
        return math.nan, math.nan, math.nan
    varying = [k for k in range(1, gaps.shape[1]) if np.ptp(gaps[:, k]) > 0]
    design = np.column_stack([np.ones(len(gaps)), gaps[:, varying]])
    freedom = len(gaps) - design.shape[1]
    if freedom < 1 or not np.isfinite(gaps).all():
        return math.nan, math.nan, math.nan
    inverse = np.linalg.pinv(design)
    fitted = inverse @ gaps[:, 0]
    residual = gaps[:, 0] - design @ fitted
    error = math.sqrt(float(residual @ residual) / freedom * float(inverse[0] @ inverse[0]))
    t = abs(float(fitted[0])) / max(error, 1e-300)
    width = 2 * float(stats.t.isf(ALPHA / 2, freedom)) * error
    return float(fitted[0]), 2 * float(stats.t.sf(t, freedom)), width
