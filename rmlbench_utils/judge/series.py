"""Cases that differ in nothing but one size, and what their runs spent, by block."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from rmlbench_utils.judge.pairs import standing
from rmlbench_utils.judge.sides import MEASURES, Side, SideKey
from rmlbench_utils.judge.statistics import Floats
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import Manifest, RunRecord

PARTS = ("startup", "load", "fit", "convert+fit", "predict")
_COLUMNS = [
    next(i for i, m in enumerate(MEASURES) if (m.phase, m.metric) == (part, "wall"))
    for part in PARTS
]


@dataclass(frozen=True)
class Axis:
    """What grows: its name, its fact of a dataset, and where names of datasets say it."""

    name: str
    fact: str
    pattern: str


ROWS = Axis("rows", "train_rows", r"\d+(?=x\d)")
COLUMNS = Axis("columns", "columns", r"(?<=\dx)\d+")
AXES = (ROWS, COLUMNS)


@dataclass(frozen=True)
class Series:
    """One workload at one or more sizes along an axis.

    ``sizes`` maps a size to the case, smallest first; ``example`` is the first case, and
    ``held`` the other size, which does not change.
    """

    example: Case
    axis: Axis
    held: int
    sizes: dict[int, str]


@dataclass(frozen=True)
class Spent:
    """Seconds one contender spent on every size of a series, in the blocks all sizes have.

    Attributes
    ----------
    sizes
        Shape ``[s]``, ascending.
    blocks
        Shape ``[k]``.
    seconds
        Shape ``[k, s, len(PARTS)]``.
    """

    sizes: NDArray[np.int64]
    blocks: NDArray[np.int64]
    seconds: Floats

    def part(self, name: str) -> Floats:
        """Seconds of one part, ``[k, s]``."""
        return self.seconds[:, :, PARTS.index(name)]


def series(manifest: Manifest, axis: Axis = ROWS) -> list[Series]:
    """The series of a recording along an axis, in the order of its plan; most have one size."""
    found: dict[tuple[object, ...], Series] = {}
    (other,) = (one for one in AXES if one != axis)
    for planned in manifest.plan.cases:
        case, facts = planned.case, manifest.datasets.get(planned.case.dataset, {})
        if axis.fact not in facts:
            continue
        alone = Series(case, axis, int(facts[other.fact]), {})
        one, size = found.setdefault(family(case, axis), alone), int(facts[axis.fact])
        if size in one.sizes:
            raise ValueError(f"{case.name} and {one.sizes[size]} are one workload at one size")
        one.sizes[size] = case.name
    return [replace(one, sizes=dict(sorted(one.sizes.items()))) for one in found.values()]


def family(case: Case, *axes: Axis) -> tuple[object, ...]:
    """What cases have in common that differ in nothing but their size along these axes.

    ``synthetic_linear_500x50`` and ``synthetic_linear_20000x50`` are one family along the rows.
    """
    data = case.dataset
    for axis in axes:
        data = re.sub(axis.pattern, "", data)
    params = tuple(sorted((key, str(value)) for key, value in case.params.items()))
    served = bool(case.served)
    return (case.domain, case.algorithm, data, params, case.threads, case.huge_pages, served)


def side_at(runs: Mapping[SideKey, Side], case: str, contender: str, tier: str) -> Side | None:
    """The runs of a contender that stand for a tier (`standing`)."""
    own = {key[2]: side for key, side in runs.items() if key[:2] == (case, contender)}
    return own.get(standing(own, tier) or "")


def spent(sides: Mapping[int, Side]) -> Spent | None:
    """Line up the sides of one contender, size → side, in their common blocks.

    A block in which a run failed or lacks a part is left out at all sizes; None if none is left.
    """
    usable = {size: _usable(side) for size, side in sorted(sides.items())}
    common: set[int] = set.intersection(*(set(one) for one in usable.values())) if usable else set()
    if not common:
        return None
    blocks = sorted(common)
    seconds = np.array([[one[block] for one in usable.values()] for block in blocks])
    return Spent(np.array(list(usable)), np.array(blocks), seconds)


def _usable(side: Side) -> dict[int, Floats]:
    """Block → seconds of each part, of runs that have them all.

    What only labels its own rows never predicts, which costs nothing.
    """
    values = side.values[:, _COLUMNS] / 1e9
    predict = PARTS.index("predict")
    if np.isnan(values[:, predict]).all():
        values[:, predict] = 0.0
    return {
        int(block): run
        for block, run in zip(side.blocks, values, strict=True)
        if np.isfinite(run).all()
    }


@dataclass(frozen=True)
class Proximity:
    """How close in time the sizes of a block were run.

    ``back_to_back`` is true where no run of another workload lies between those of a block;
    ``minutes`` is the median over blocks of the time from the first start to the last.
    """

    back_to_back: bool
    minutes: float


def proximity(records: Sequence[RunRecord], cases: set[str], blocks: set[int]) -> Proximity:
    """Look how the runs of these cases and blocks lie in the order they were made."""
    made = sorted((r for r in records if r.role == "run"), key=lambda r: r.started)
    places: dict[int, list[int]] = {}
    for place, record in enumerate(made):
        if record.case in cases and record.block in blocks:
            places.setdefault(record.block, []).append(place)
    together = all(at[-1] - at[0] == len(at) - 1 for at in places.values())
    starts = [datetime.fromisoformat(record.started) for record in made]
    spans = [(starts[at[-1]] - starts[at[0]]).total_seconds() / 60 for at in places.values()]
    return Proximity(together, float(np.median(spans)) if spans else 0.0)
