"""How fast networks train and answer, in the units of their field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from rmlbench_utils.datasets.examples import window
from rmlbench_utils.judge.samples import latency_quantile
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import RunRecord
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.times import at_tier, good, phase_seconds, shown, t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import MISSING, digits, ranged, short

SHARES = (0.5, 0.95, 0.99)


def table(views: Iterable[View], tier: str = "shipped") -> Table | Note:
    """Time of a step and of an epoch, examples a second, and how long one example takes.

    Only of who has parity; a case of several recordings is told by the first. Means over runs,
    geometric ones of a run's percentiles, which need as many calls as the highest of them can
    tell; an epoch is as many whole batches as the training rows give, where steps are warmed up.
    """
    told: dict[str, list[dict[str, str]]] = {}
    for view in views:
        for name, case in view.cases.items():
            facts = view.manifest.datasets.get(case.dataset)
            if not case.network or case.free_seeds or facts is None or name in told:
                continue
            runs = at_tier(list(good(view, name)), tier)
            allowed = shown(view, name, tier)
            for who in dict.fromkeys([case.baseline, *case.contenders]):
                mine = [run for run in runs if run.contender == who]
                if mine and who in allowed:
                    named = {"case": short(name), "contender": who}
                    told.setdefault(name, []).append({**named, **_speeds(facts, case, mine)})
            for row in told.get(name, []):
                row["recording"] = view.name
    if not told:
        return Note("No network that has parity was timed.")
    rows = [row for each in told.values() for row in each]
    return Table(pd.DataFrame(rows).fillna(MISSING), "throughput")


def _speeds(facts: dict[str, Any], case: Case, runs: list[RunRecord]) -> dict[str, str]:
    batch, found = int(case.params["batch_size"]), {}
    phases = [phase_seconds(run) for run in runs]
    for phase in ("fit", "predict"):
        seconds = np.array([each[phase] for each in phases if phase in each])
        if not len(seconds) or (phase == "fit" and not case.fits(runs[0].contender)):
            continue
        mean = float(seconds.mean())
        if phase == "fit":
            found["a step"] = ranged(mean, *t_interval(seconds), "s")
            if all(run.samples["fit"].warmup for run in runs):
                found["an epoch, s"] = digits(mean * (facts["train_rows"] // batch), 3)
            found["trained on a second"] = digits(batch / mean, 3)
        else:
            found["answered a second"] = digits(window(facts["test_rows"]) / mean, 3)
    timed = [run.latency for run in runs if run.latency]
    for share in SHARES if timed else ():
        values = [latency_quantile(one, share) for one in timed]
        enough = min(sum(n for _, n in one.bins) for one in timed) * (1 - share) >= 1
        if enough and np.isfinite(values).all():
            value = float(np.exp(np.log(values).mean())) / 1e6
            found[f"one example, p{100 * share:g}, ms"] = digits(value, 3)
    return found
