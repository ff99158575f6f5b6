"""Time against size, and the size from which start-up no longer decides."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rmlbench_utils.show.picture import Note, Picture, canvas, colours
from rmlbench_utils.show.times import means, run_phases, shown, t_interval
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, digits, listed

ENOUGH = 3  # sizes that make a line
FITS = 42  # bold characters of a title that fit the width
MARKERS = "osD^v"


def sizes(view: View, tier: str = "shipped") -> pd.DataFrame:
    """One row a case and contender with parity: series, training rows, seconds of fit and start-up.

    A series is everything of a case but its number of rows; `synthetic_linear_500x50` and
    `synthetic_linear_20000x50` are one family of data.
    """
    rows = []
    for name, case in view.cases.items():
        facts = view.manifest.datasets.get(case.dataset, {})
        if "train_rows" not in facts:
            continue
        runs = run_phases(view, name, tier)
        table = means(runs)
        params = {key: case.params[key] for key in case.named if key != "threads"}
        family = re.sub(r"\d+x", "", case.dataset)
        series = (case.algorithm, family, facts["columns"], tuple(params.items()), case.threads)
        for contender in table.index.intersection(sorted(shown(view, name, tier))):
            spent = table.loc[contender]
            rows.append(
                {
                    "series": series,
                    "algorithm": case.algorithm,
                    "contender": contender,
                    "rows": int(facts["train_rows"]),
                    "fit": float(spent.get("fit", math.nan)),
                    **_ends(runs, contender),
                    "startup": float(spent.get("startup", math.nan)),
                }
            )
    return pd.DataFrame(rows)


def _ends(runs: pd.DataFrame, contender: str) -> dict[str, float]:
    """Ends of the 95 % t interval of the mean fit over runs."""
    if "fit" not in runs:
        return {"low": math.nan, "high": math.nan}
    low, high = t_interval(runs.loc[[contender], "fit"].to_numpy())
    return {"low": low, "high": high}


def crossover(rows: list[int], fit: list[float], startup: float) -> float | None:
    """Rows at which one fit takes as long as start-up, on a line through the log points.

    Interpolated between measured sizes only; None where no measured pair brackets it.
    """
    pairs = sorted(zip(rows, fit, strict=True))
    for (n0, t0), (n1, t1) in itertools.pairwise(pairs):
        if min(t0, t1) <= startup <= max(t0, t1) and t0 != t1 and n0 != n1:
            share = (math.log(startup) - math.log(t0)) / (math.log(t1) - math.log(t0))
            return float(math.exp(math.log(n0) + share * (math.log(n1) - math.log(n0))))
    return None


def widest(views: list[View], tier: str = "shipped") -> View:
    """The recording with the most sizes in a line; of equals the first."""
    return max(views, key=lambda view: len(_lines(sizes(view, tier))))


def _lines(points: pd.DataFrame) -> pd.DataFrame:
    """The distinct sizes of each series that makes a line."""
    if points.empty:
        return points
    distinct = points[["series", "rows"]].drop_duplicates()
    return distinct[distinct.groupby("series")["rows"].transform("size") >= ENOUGH]


def growth(view: View, tier: str = "shipped") -> Picture | Note:
    """Fit time against training rows, one panel a series; a cross where it equals start-up."""
    points = sizes(view, tier)
    if points.empty:
        return Note(f"No sizes to compare in recording {view.name}.")
    series = list(_lines(points)["series"].unique())
    if not series:
        return Note(
            f"Recording {view.name} has no workload at {ENOUGH} sizes or more, so time cannot be "
            "drawn against size. Profile full measures the scaling curves."
        )
    palette = colours(sorted(points["contender"].unique()))
    with canvas(2.5 * len(series) + 0.2, len(series)) as (figure, axes):
        said = [
            _panel(axis, one, points[points["series"] == one], palette)
            for axis, one in zip(axes, series, strict=True)
        ]
        axes[-1].set_xlabel(
            "training rows, log axis; ✚ one fit costs as much as start-up\n"
            f"bars: 95 % t interval over runs\nrecording {view.name}",
            loc="left",
        )
    return Picture(figure, f"Fit time against rows, recording {view.name}. " + " ".join(said))


def _panel(axis: Axes, series: tuple, points: pd.DataFrame, palette: dict[str, tuple]) -> str:
    algorithm, _, columns, params, threads = series
    settings = "".join(f", {key}={_plain(value)}" for key, value in params)
    many = "thread" if threads == 1 else "threads"
    title = f"{algorithm}{settings}, {columns} columns, {threads} {many}"
    axis.set_title(title, loc="left", weight="bold", size=9.5 * min(1, FITS / len(title)))
    said = []
    for place, (contender, group) in enumerate(points.groupby("contender", sort=False)):
        group = group.sort_values("rows")
        start = float(group["startup"].mean())
        colour = palette[str(contender)]
        ends = [group["fit"] - group["low"], group["high"] - group["fit"]]
        marker = MARKERS[place % len(MARKERS)]
        axis.errorbar(
            group["rows"],
            group["fit"],
            yerr=np.nan_to_num(ends),
            fmt=f"{marker}-",
            color=colour,
            ms=4,
            lw=1.4,
            capsize=2,
            label=contender,
        )
        axis.axhline(start, color=colour, lw=0.8, ls=":")
        said.append(f"{contender} {_where(axis, group, start, colour)}")
    axis.set_xscale("log")
    axis.set_yscale("log")
    ticks = np.unique(points["rows"])
    axis.set_xticks(ticks, [f"{n / 1000:g}k" if n >= 1000 else f"{n}" for n in ticks])
    axis.set_xticks([], minor=True)
    axis.set_ylabel("seconds a fit\n(dotted: start-up)")
    axis.legend(frameon=False, fontsize=8, handlelength=1.2)
    return f"{algorithm}: {listed(said)}."


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _where(axis: Axes, group: pd.DataFrame, start: float, colour: tuple) -> str:
    rows, fit = list(group["rows"]), list(group["fit"])
    cross = crossover(rows, fit, start)
    if cross is not None:
        axis.plot([cross], [start], "P", color=colour, ms=8)
        return f"at about {digits(cross)} rows one fit takes its start-up of {amount(start, 's')}"
    side = "below" if max(fit) < start else "above"
    return f"stays {side} its start-up of {amount(start, 's')} at every measured size"
