"""What importing torch is made of: how much of it is the program, how much the packaging."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.stacks import Panel, stacks
from rmlbench_utils.show.times import means, totals
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, listed

NAMES = ("interpreter", "libtorch_cpu", "CUDA libraries", "rest of torch", "first optimiser")


def figure(view: View) -> Picture | Note:
    """Seconds of ``import torch``, part by part."""
    runs = (view.whole or view).manifest.parts
    if not runs:
        return nothing(view)
    parts = pd.DataFrame([{name: run[name][0] / 1e9 for name in run} for run in runs])
    parts.index = pd.Index(["torch"] * len(parts))
    panel = Panel("import torch", means(parts), totals(parts), {})
    return stacks([panel], list(NAMES), "seconds of a process that does nothing else")


def nothing(view: View) -> Note:
    """The sentence where torch was not taken apart."""
    return Note(f"Recording {view.name} did not take torch's start-up apart.")


def packaging(view: View) -> Note:
    """Which part of torch's start is packaging, in words."""
    runs = (view.whole or view).manifest.parts
    if not runs:
        return nothing(view)
    told = []
    for place, what in enumerate(("time", "memory")):
        whole = sum(value[place] for run in runs for value in run.values())
        part = sum(run["CUDA libraries"][place] for run in runs if "CUDA libraries" in run)
        told.append(f"{part / whole:.0%} of its {what}")
    resident = {name: sum(run[name][1] for run in runs) / len(runs) for name in runs[0]}
    held = listed(f"{name} {amount(size, 'B', 2)}" for name, size in resident.items())
    return Note(
        f"Loading the CUDA libraries that torch's wheel brings takes {' and '.join(told)}, on a "
        "machine without such a GPU: that is packaging. tch links the same libtorch_cpu and does "
        f"not load them. Memory by part: {held}."
    )
