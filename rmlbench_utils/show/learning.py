"""What free seeds learned: accuracy as training goes on, and on test rows at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rmlbench_utils.judge.statistics import interval, paired
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.show.curves import DASHES
from rmlbench_utils.show.picture import Note, Picture, canvas, colours, keyed, tall
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import MISSING, listed, short

Floats = NDArray[np.float64]
PATIENCE = 10  # evaluations
LEAST = 0.01  # percent: fewer errors are drawn here
TICKS = (2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Panel:
    """A case: one line a seed of each contender, the baseline's first."""

    recording: str
    case: Case
    lines: dict[str, list[ParityLine]]

    def accuracies(self, contender: str) -> Floats:
        """Accuracy on validation rows, a row a seed, a column an evaluation."""
        return np.array([line.curves["accuracy"] for line in self.lines[contender]])

    def scored(self, contender: str, score: str) -> Floats:
        """A score of every seed that has it."""
        lines = self.lines[contender]
        return np.array([line.scores[score] for line in lines if score in line.scores])

    def steps(self, evaluations: int) -> int:
        """The steps made by then."""
        return evaluations * int(self.case.params["evaluate_every"])


def stop(curve: Sequence[float], patience: int = PATIENCE) -> tuple[int, int]:
    """The evaluation at which early stopping ends a training, and the best one so far.

    Training ends once ``patience`` evaluations in a row are no better than the best before them,
    or with the curve (Prechelt 1998, Early stopping - but when?; ``EarlyStopping`` of Keras).
    Both count from 1.
    """
    best = 0
    for i, value in enumerate(curve):
        if value > curve[best]:
            best = i
        elif i - best >= patience:
            return i + 1, best + 1
    return len(curve), best + 1


def mean(values: Floats) -> tuple[Floats, Floats, Floats]:
    """The mean over rows and its 95 % interval by Student's t; NaN for a single row's."""
    return values.mean(axis=0), *interval(paired(values.T))


def figure(views: Iterable[View], tier: str = "shipped") -> Picture | Note:
    """Errors on validation rows, step by step: the mean over seeds with its 95 % interval."""
    found = panels(views, tier)
    if not found:
        return Note("No recording of this domain evaluates networks as they learn.")
    palette = colours(sorted({name for one in found for name in one.lines}))
    heights = [2.0 + tall(short(one.case.name), len(one.lines)) for one in found]
    with canvas(sum(heights) + 0.5, len(found), heights) as (drawn, axes):
        for axis, one in zip(axes, found, strict=True):
            for place, name in enumerate(one.lines):
                errors = mean(100 * (1 - one.accuracies(name)))
                middle, low, high = (np.maximum(each, LEAST) for each in errors)
                steps = [one.steps(i + 1) for i in range(len(middle))]
                style = DASHES[place % len(DASHES)]
                axis.plot(steps, middle, ls=style, lw=1.3, color=palette[name], label=name)
                axis.fill_between(steps, low, high, alpha=0.2, lw=0, color=palette[name])
            axis.axhline(100 * (1 - one.case.target), color="black", lw=0.8)
            axis.set_yscale("log")
            axis.set_yticks(TICKS, map(str, TICKS))
            axis.set_yticks([], minor=True)
            axis.set_ylabel("error, %")
            keyed(axis, short(one.case.name))
        names = listed(dict.fromkeys(one.recording for one in found))
        axes[-1].set_xlabel(
            "training step; errors on held-out training rows, log axis\n"
            "band: 95 % interval of the mean; black: the target\n"
            f"recording {names}",
            loc="left",
        )
    said = "; ".join(f"{short(one.case.name)}: {_said(one)}" for one in found)
    return Picture(drawn, f"Errors as training goes on. Accuracy at its end, on test rows: {said}.")


def table(views: Iterable[View], tier: str = "shipped") -> Table | Note:
    """Mean test accuracy, steps to the target, and where early stopping would have ended."""
    rows = []
    for one in panels(views, tier):
        for name in one.lines:
            curves = one.accuracies(name)
            stops = np.array([stop(list(curve)) for curve in curves])
            best = np.array([c[b - 1] for c, b in zip(curves, stops[:, 1], strict=True)])
            to_target = one.scored(name, "steps_to_target")
            ended = one.steps(1) * stops[:, 0]
            rows.append(
                {
                    "case": short(one.case.name),
                    "contender": name,
                    "seeds": len(curves),
                    "test accuracy, %": _percent(one.scored(name, "accuracy")),
                    f"steps to {100 * one.case.target:g} %, if reached": _interval(to_target, 0),
                    "seeds that reach it": len(to_target),
                    f"early stop (patience {PATIENCE}) at step": _interval(ended, 0),
                    "best on held-out rows until then, %": _percent(best),
                }
            )
    if not rows:
        return Note("No recording of this domain evaluates networks as they learn.")
    return Table(pd.DataFrame(rows).fillna(MISSING), "learning")


def panels(views: Iterable[View], tier: str) -> list[Panel]:
    """Networks with seeds of their own; of several recordings of a case that with most seeds."""
    best: dict[str, Panel] = {}
    for view in views:
        for case in view.cases.values():
            names = dict.fromkeys([case.baseline, *case.contenders])
            lines = {name: _of_seeds(view, (case.name, name, tier)) for name in names}
            mine = Panel(view.name, case, {name: own for name, own in lines.items() if own})
            if case.free_seeds and case.baseline in mine.lines:
                other = best.get(case.name)
                if other is None or _seeds(mine) > _seeds(other):
                    best[case.name] = mine
    return list(best.values())


def _of_seeds(view: View, key: tuple[str, str, str]) -> list[ParityLine]:
    """One line a seed: a run that also kept its gradients has made the same training again."""
    found: dict[int, ParityLine] = {}
    for line in view.parity:
        if (line.case, line.contender, line.tier) == key and "accuracy" in line.curves:
            found.setdefault(line.split, line)
    return list(found.values())


def _seeds(one: Panel) -> int:
    return min(len(lines) for lines in one.lines.values())


def _said(one: Panel) -> str:
    scored = [f"{name} {_percent(one.scored(name, 'accuracy'))} %" for name in one.lines]
    return listed(scored)


def _percent(values: Floats) -> str:
    return _interval(100 * values, 2)


def _interval(values: Floats, places: int) -> str:
    if not len(values):
        return MISSING
    middle, low, high = (f"{float(each):.{places}f}" for each in mean(values.astype(np.float64)))
    return f"{middle} [no interval]" if low == "nan" else f"{middle} [{low}, {high}]"
