"""The table of verdicts: one row a case, contender, tier, phase and metric."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from rmlbench_utils.judge.agreement import by_side
from rmlbench_utils.judge.columns import COLUMNS
from rmlbench_utils.judge.context import Context, context
from rmlbench_utils.judge.decision import Call, Row, decide
from rmlbench_utils.judge.families import ABSENT, CONVERTED, PRIMARY, Judged, judge, membership
from rmlbench_utils.judge.multiplicity import Adjust
from rmlbench_utils.judge.null_test import null_test
from rmlbench_utils.judge.pairs import OURS, Pair, Table, pairs, tabulate
from rmlbench_utils.judge.sides import MEASURES, Measure, Side, SideKey, sides
from rmlbench_utils.judge.statistics import Floats, Paired, equivalence_p, interval, p_value, paired
from rmlbench_utils.protocol.record import Manifest, ParityLine, RunRecord

HEADLINE_NS = 10_000_000
FIT = next(i for i, m in enumerate(MEASURES) if (m.phase, m.metric) == ("fit", "wall"))


def verdict_table(
    manifest: Manifest,
    records: list[RunRecord],
    parity: list[ParityLine],
    adjust: Adjust | None = None,
) -> pd.DataFrame:
    """Judge a recording.

    Parameters
    ----------
    adjust
        How the primary family is adjusted; None: as the plan says.

    Returns
    -------
    DataFrame
        ``COLUMNS``, in the order of the plan. ``ratio`` is contender / baseline, of geometric
        means over the paired blocks at equal position; values are in ``unit``; what is not
        known, or may not be shown without parity and equal terms, is NaN. ``convert_verdict``
        is that of ``convert+fit`` on rows of fit's wall time, None on others.
    """
    return judge_sides(manifest, sides(records), parity, adjust)


def judge_sides(
    manifest: Manifest,
    runs: dict[SideKey, Side],
    parity: list[ParityLine],
    adjust: Adjust | None = None,
) -> pd.DataFrame:
    """The same from runs that are already gathered by side."""
    found = pairs(manifest.plan)
    lines = by_side(parity)
    built: dict[Any, Any] = {}
    contexts = [context(pair, manifest, runs, lines, built) for pair in found]
    null = null_test(manifest, runs)
    if null is not None and null.void:
        contexts = [replace(each, barred=each.barred or null.sentence) for each in contexts]
    judging = _Judging(manifest, found, contexts, tabulate(found, runs), adjust)
    rows = [row for i in range(len(found)) for row in judging.rows(i)]
    return pd.DataFrame(rows, columns=COLUMNS)


class _Judging:
    """The numbers of all pairs at once, and the rows that are read from them."""

    def __init__(
        self,
        manifest: Manifest,
        found: list[Pair],
        contexts: list[Context],
        table: Table,
        adjust: Adjust | None,
    ) -> None:
        plan = manifest.plan
        self.manifest, self.found, self.contexts, self.alpha = manifest, found, contexts, plan.alpha
        self.measured = np.asarray(np.isfinite(table.log_ratio).any(axis=-1), dtype=np.bool_)
        self.family = membership(found, self.measured)
        barred = np.array([c.barred is not None for c in contexts], dtype=np.bool_)
        log_ratio = np.where(barred[:, None, None], np.nan, table.log_ratio)
        self.means = [
            np.where(barred[:, None], np.nan, each)
            for each in (table.contender_mean, table.baseline_mean)
        ]
        self.blocks = table.blocks
        margin = np.array([[pair.planned.case.margin] for pair in found]).reshape(-1, 1)
        self.fit: Paired = paired(log_ratio, table.position[:, None, :])
        self.p: Floats = p_value(self.fit, margin)
        self.equivalence: Floats = equivalence_p(self.fit, margin)
        self.plain = interval(self.fit, self.alpha)
        self.judged: Judged = judge(
            self.fit, self.p, self.family, adjust or plan.adjust, self.alpha
        )

    def rows(self, i: int) -> list[dict[str, Any]]:
        """All rows of one pair, each tier it stands for."""
        shown = self.measured[i] & (self.family[i] != ABSENT) | (self.family[i] == PRIMARY)
        present = [int(k) for k in np.flatnonzero(shown)]
        calls = {k: self.call(i, k) for k in present}
        found = [self.row(i, k, calls) for k in present]
        return [{**row, "tier": tier} for tier in self.found[i].tiers for row in found]

    def call(self, i: int, k: int) -> Call:
        """Verdict and reason of one pair and measure."""
        pair, known = self.found[i], self.contexts[i]
        if known.barred is not None:
            return "not comparable", known.barred
        case = pair.planned.case
        ratio = _ratios(
            [
                self.fit.estimate[i, k],
                self.plain[0][i, k],
                self.plain[1][i, k],
                self.judged.low[i, k],
                self.judged.high[i, k],
            ]
        )
        return decide(
            Row(
                contender=pair.contender.contender,
                baseline=pair.baseline.contender,
                measure=MEASURES[k],
                ratio=float(ratio[0]),
                low=float(ratio[1]),
                high=float(ratio[2]),
                low_simultaneous=float(ratio[3]),
                high_simultaneous=float(ratio[4]),
                p_adjusted=float(self.judged.p_adjusted[i, k]),
                equivalence_p=float(self.equivalence[i, k]),
                spread=float(self.fit.spread[i, k]),
                n_runs=int(self.fit.pairs[i, k]),
                margin=case.margin,
                alpha=self.alpha,
                primary=bool(self.family[i, k] == PRIMARY),
                family_size=int(self.judged.size[i, k]),
                check=self.manifest.plan.profile == "check",
                limit_s=case.limit_s,
                sides=known.sides,
            )
        )

    def row(self, i: int, k: int, calls: dict[int, Call]) -> dict[str, Any]:
        """One row; the tier is filled in by the caller."""
        pair, known, measure = self.found[i], self.contexts[i], MEASURES[k]
        verdict, reason = calls[k]
        primary = bool(self.family[i, k] == PRIMARY)
        converted = calls[CONVERTED][0] if k == FIT and CONVERTED in calls else None
        if converted not in (None, verdict):
            reason += f"; depends on layout: convert+fit is {converted}"
        if known.note and primary:
            reason += f"; {known.note}"
        baseline_value = float(self.means[1][i, k])
        return {
            "case": pair.case,
            "contender": pair.contender.contender,
            "baseline": pair.baseline.contender,
            "phase": measure.phase,
            "metric": measure.metric,
            "unit": measure.unit,
            "baseline_value": baseline_value,
            "contender_value": float(self.means[0][i, k]),
            "shape": shape(self.manifest, pair.planned.case.dataset),
            "parity": known.parity,
            "fairness": known.fairness,
            "differs": known.differs,
            "effect": known.effect,
            "ratio": float(np.exp(self.fit.estimate[i, k])),
            "ci_low": float(_ratios(self.plain[0][i, k])),
            "ci_high": float(_ratios(self.plain[1][i, k])),
            "p_adjusted": float(self.judged.p_adjusted[i, k]),
            "n_runs": int(self.fit.pairs[i, k]),
            "failures": known.failures,
            "verdict": verdict,
            "machine": machine_name(self.manifest),
            "recording": self.manifest.name,
            "reason": reason,
            "ci_low_simultaneous": float(_ratios(self.judged.low[i, k])),
            "ci_high_simultaneous": float(_ratios(self.judged.high[i, k])),
            "p_value": float(self.p[i, k]),
            "family": "primary" if primary else "secondary",
            "headline": primary and headline(pair, measure, verdict, baseline_value),
            "convert_verdict": converted,
            "n_blocks": int(self.blocks[i]),
            "level": pair.planned.case.level,
        }


def _ratios(logs: ArrayLike) -> Floats:
    """Ratios of logarithms; the interval of a few blocks of a large family may have no end."""
    with np.errstate(over="ignore"):
        return np.asarray(np.exp(logs))


def headline(pair: Pair, measure: Measure, verdict: str, baseline_ns: float) -> bool:
    """Libraries against libraries, comparable, and a baseline of at least 10 ms."""
    names = {pair.contender.contender, pair.baseline.contender}
    return (
        not names & OURS
        and measure.unit == "ns"
        and verdict != "not comparable"
        and bool(baseline_ns >= HEADLINE_NS)
    )


def shape(manifest: Manifest, dataset: str) -> str:
    """``20000 x 50``: training rows and columns, empty where the manifest has none."""
    known = manifest.datasets.get(dataset) or {}
    rows = known.get("train_rows", known.get("rows"))
    return "" if rows is None or "columns" not in known else f"{rows} x {known['columns']}"


def machine_name(manifest: Manifest) -> str:
    """The machine in words: the manifest's ``machine`` has it as ``class`` or ``cpu``."""
    known = manifest.machine
    return str(known.get("class") or known.get("cpu") or "unknown machine")
