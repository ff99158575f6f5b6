"""Memory as the data grow: the peak of a whole process, and who ran out of it, or of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes

from rmlbench_utils.judge.series import ROWS, Axis, side_at
from rmlbench_utils.judge.sides import MEASURES, Side, SideKey, sides
from rmlbench_utils.show.lines import Workload, workloads
from rmlbench_utils.show.picture import Note, Picture, canvas, colours, keyed, tall
from rmlbench_utils.show.scaling import MARKERS, nothing, ticked
from rmlbench_utils.show.times import t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, listed, short

PEAK = next(i for i, m in enumerate(MEASURES) if (m.phase, m.metric) == ("fit", "peak_rss"))
MEGABYTE = 1e6


def figure(view: View, tier: str = "shipped", along: Axis = ROWS) -> Picture | Note:
    """Peak resident memory of a process while it fits, against size, one panel a workload."""
    found = workloads(view, tier, along)
    if not found:
        return nothing(view, along)
    runs = sides(view.records)
    palette = colours(sorted({line.contender for one in found for line in one.lines}))
    heights = [2.4 + tall(one.name, len(one.lines)) for one in found]
    with canvas(sum(heights) + 0.4, len(found), heights) as (drawn, axes):
        told = [
            _panel(axis, one, runs, tier, palette) for axis, one in zip(axes, found, strict=True)
        ]
        axes[-1].set_xlabel(
            f"training {along.name}, log axis; geometric means over blocks\n"
            "bars: 95 % t intervals; only who passes parity\n"
            f"recording {view.name}",
            loc="left",
        )
    return Picture(drawn, f"Peak memory of a process that fits. {' '.join(told)}")


def _panel(
    axis: Axes,
    one: Workload,
    runs: Mapping[SideKey, Side],
    tier: str,
    palette: dict[str, tuple[float, float, float]],
) -> str:
    said = []
    for place, line in enumerate(one.lines):
        name = line.contender
        peaks = {
            size: _peak(side_at(runs, one.series.sizes[int(size)], name, tier))
            for size in line.spent.sizes
        }
        middle, low, high = np.array(list(peaks.values())).T / MEGABYTE
        axis.errorbar(
            list(peaks),
            middle,
            yerr=np.nan_to_num([middle - low, high - middle]),
            fmt=MARKERS[place % len(MARKERS)] + "-",
            color=palette[name],
            ms=4,
            lw=1.2,
            capsize=2,
            label=name,
        )
        ends = f"{amount(middle[0], 'MB')} to {amount(middle[-1], 'MB')}"
        said.append(f"{name} {ends}")
    axis.set_yscale("log")
    axis.set_ylabel("peak memory, MB")
    ticked(axis, one)
    keyed(axis, one.name)
    return f"{one.name}: {listed(said)}."


def _peak(side: Side | None) -> tuple[float, float, float]:
    """Geometric mean of the runs' peaks, in bytes, and the ends of its 95 % interval."""
    assert side is not None
    values = side.values[side.ok, PEAK]
    logs = np.log(values[values > 0])
    low, high = t_interval(logs)
    return float(np.exp(logs.mean())), float(np.exp(low)), float(np.exp(high))


def exhausted(views: Sequence[View]) -> Note:
    """Who ran out of memory or of time, in which case of these recordings, in words."""
    names = listed(view.name for view in views)
    told = [clause for view in views for clause in _exhausted(view)]
    if not told:
        return Note(f"Nobody ran out of memory or time in recording {names}.")
    return Note(f"{'; '.join(told)} (of recording {names}).")


def _exhausted(view: View) -> list[str]:
    runs: dict[SideKey, list[str]] = {}
    for run in view.records:
        if run.role == "run" and run.case in view.cases:
            runs.setdefault((run.case, run.contender, run.tier), []).append(run.status)
    clauses = []
    for (case, contender, tier), statuses in runs.items():
        limit = f" ({view.cases[case].limit_s:g} s)"
        for status, what in (("timeout", f"time{limit}"), ("out_of_memory", "memory")):
            if out := statuses.count(status):
                clauses.append(
                    f"{contender} {tier} ran out of {what} on {short(case)} "
                    f"in {out} of {len(statuses)} runs"
                )
    return clauses
