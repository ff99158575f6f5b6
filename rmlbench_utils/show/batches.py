"""The effect of a binding as the batch grows: the less a step computes, the more a call costs."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from rmlbench_utils.show.picture import Note, Picture, canvas, colours, keyed, tall
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.scaling import MARKERS
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import interval, listed, short

SIZE = "batch_size"


def figure(views: list[View], tier: str = "shipped") -> Picture | Note:
    """Ratio of the time of a training step against batch size, one panel a workload.

    Only effects that are those of a binding; of several recordings of a workload the one with the
    most runs a side.
    """
    rows = pd.concat([_rows(view, tier) for view in views])
    panels = [
        (name, group)
        for name, every in rows.groupby("workload")
        if (group := _richest(every))[SIZE].nunique() > 1
    ]
    if not panels:
        return Note("No binding was measured at several batch sizes.")
    palette = colours(sorted(rows["contender"].unique()))
    heights = [1.9 + tall(str(name), group["contender"].nunique()) for name, group in panels]
    said = []
    with canvas(sum(heights) + 0.5, len(panels), heights) as (drawn, axes):
        for axis, (name, group) in zip(axes, panels, strict=True):
            axis.axhline(1.0, color="black", lw=0.8)
            for place, (contender, mine) in enumerate(group.groupby("contender")):
                mine = mine.sort_values(SIZE)
                middle, low, high = mine[["ratio", "ci_low", "ci_high"]].to_numpy(float).T
                axis.errorbar(
                    mine[SIZE].to_numpy(float),
                    middle,
                    yerr=np.array([middle - low, high - middle]),
                    fmt=MARKERS[place % len(MARKERS)] + "-",
                    color=palette[str(contender)],
                    ms=4,
                    capsize=2,
                    label=str(contender),
                )
                ends = [f"{interval(r)} at {r[SIZE]}" for _, r in mine.iloc[[0, -1]].iterrows()]
                said.append(f"{name}, {contender}: {listed(ends)}")
            sizes = sorted(group[SIZE].unique())
            axis.set_xscale("log", base=2)
            axis.set_xticks(sizes, [str(size) for size in sizes])
            axis.set_xticks([], minor=True)
            axis.set_ylabel("time of a step / baseline's")
            keyed(axis, str(name))
        axes[-1].set_xlabel(
            "batch size, log axis; bars: 95 % intervals\n"
            f"recording {listed(dict.fromkeys(r for _, g in panels for r in g['recording']))}",
            loc="left",
        )
    return Picture(drawn, f"Ratio of step times against batch size. {'; '.join(said)}.")


def _richest(rows: pd.DataFrame) -> pd.DataFrame:
    """Each contender and size once: of the recording with the most runs."""
    best = rows.sort_values("n_runs", ascending=False, kind="stable")
    return best.drop_duplicates(["contender", SIZE])


def _rows(view: View, tier: str) -> pd.DataFrame:
    rows = view.judged
    rows = rows[(rows["effect"] == "binding") & (rows["tier"] == tier)]
    rows = where(rows, (SIZE in view.cases[case].named for case in rows["case"]))
    sizes = [int(view.cases[case].params[SIZE]) for case in rows["case"]]
    names = [short(re.sub(rf"{SIZE}=\d+,", "", case)) for case in rows["case"]]
    return rows.assign(batch_size=sizes, workload=names)
