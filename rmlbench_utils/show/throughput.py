"""How fast networks train and answer, in the units of their field."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rmlbench_utils.datasets.examples import window
from rmlbench_utils.datasets.pretrained import CARDS
from rmlbench_utils.judge.samples import latency_quantile
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.times import at_tier, good, phase_seconds, shown, t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import MISSING, digits, known, short

SHARES = (0.5, 0.95, 0.99)
PHASES = ("fit", "predict")
GPU = (("gpu_memory", "memory on GPUs, MB", 1e-6), ("gpu_use", "use of GPUs, %", 100.0))
Floats = NDArray[np.float64]


def table(views: Iterable[View], tier: str = "shipped") -> Table | Note:
    """Time of a step and of an epoch, examples a second, and how long one example takes.

    Only of who has parity; a case of several recordings is told by the first. Means over runs with
    their 95 % intervals. A percentile needs as many calls as can tell it; an epoch, as many whole
    batches as the training rows give, needs steps that are warmed up.
    """
    told: dict[str, list[dict[str, str]]] = {}
    for view in views:
        for name, case in view.cases.items():
            facts = view.manifest.datasets.get(case.dataset)
            if not case.network or case.free_seeds or facts is None or told.get(name):
                continue
            runs = at_tier(list(good(view, name)), tier)
            by_name = {who: [run for run in runs if run.contender == who] for who in _order(case)}
            told[name] = [
                {
                    **{"case": short(name), "contender": who, **_speeds(facts, case, mine)},
                    "recording": view.name,
                }
                for who, mine in by_name.items()
                if mine and who in shown(view, name, tier)
            ]
    rows = [row for each in told.values() for row in each]
    if not rows:
        return Note("No network that has parity was timed.")
    return Table(pd.DataFrame(rows).fillna(MISSING), "throughput")


def trained_before(views: Iterable[View]) -> Note | None:
    """Whose trained weights networks begin from, and what is known to be wrong with them."""
    met = {case.algorithm for view in views for case in view.cases.values()}
    said = [
        f"{name} begins from trained weights where its data has ImageNet's classes. "
        f"{card.title}: {card.source}. Licence {card.licence}, from {card.packaged_in}. "
        f"Known problems: {card.problems}."
        for name, card in CARDS.items()
        if name in met
    ]
    return Note(" ".join(said)) if said else None


def _order(case: Case) -> list[str]:
    return list(dict.fromkeys([case.baseline, *case.contenders]))


def _speeds(facts: dict[str, Any], case: Case, runs: list[RunRecord]) -> dict[str, str]:
    batch, found = int(case.params["batch_size"]), {}
    phases = [phase_seconds(run) for run in runs]
    times = {name: np.array([each[name] for each in phases if name in each]) for name in PHASES}
    if len(steps := times["fit"]) and case.fits(runs[0].contender):
        found["a step, ms"] = _time(1e3 * steps)
        if all(run.samples["fit"].warmup for run in runs):
            found["an epoch, s"] = _time(steps * (facts["train_rows"] // batch))
        found["trained on a second"] = _rate(batch, steps)
    if len(answers := times["predict"]):
        found["answered a second"] = _rate(window(facts["test_rows"]), answers)
    for key, name, scale in GPU:
        values = np.array([held for run in runs if (held := getattr(run, key)) is not None])
        if len(values):
            found[name] = _time(scale * values)
    timed = [run.latency for run in runs if run.latency]
    for share in SHARES if timed else ():
        values = np.array([latency_quantile(one, share) for one in timed])
        if np.isfinite(values).all():
            found[f"one example, p{100 * share:g}, ms"] = _time(values / 1e6)
    return found


def _time(values: Floats) -> str:
    return _interval(float(values.mean()), *t_interval(values))


def _rate(count: int, seconds: Floats) -> str:
    """So many in so long, by the second; its interval is that of the time."""
    low, high = t_interval(seconds)
    ends = (count / high, count / low) if low > 0 else (math.nan, math.nan)
    return _interval(count / float(seconds.mean()), *ends)


def _interval(value: float, low: float, high: float) -> str:
    if not (known(low) and known(high)):
        return f"{digits(value, 3)} [no interval]"
    return f"{digits(value, 3)} [{digits(low, 3)}, {digits(high, 3)}]"
