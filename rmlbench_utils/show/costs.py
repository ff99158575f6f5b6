"""What the break-even page ships: every part of every run, by block, and the joint draws."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from scipy import stats

from rmlbench_utils.judge.bootstrap import tail
from rmlbench_utils.judge.decision import MIN_BLOCKS
from rmlbench_utils.judge.pairs import TIERS
from rmlbench_utils.judge.series import PARTS, Series, series, side_at, spent
from rmlbench_utils.judge.sides import Side, SideKey, sides
from rmlbench_utils.show.break_even_words import WORDS
from rmlbench_utils.show.lines import label
from rmlbench_utils.show.picture import colours
from rmlbench_utils.show.times import shown
from rmlbench_utils.show.view import View

NAMES = ("start-up", "load", "layout", "fits", "predictions")
DRAWS = 1000
MOST = 10**9  # calls a reader may ask for
SEED = 20261123
Payload = dict[str, Any]
Runs = dict[SideKey, Side]


def payload(views: Sequence[View]) -> Payload:
    """All a page needs, as JSON: no time of a contender that may not be shown.

    Returns
    -------
    dict
        ``workloads``: name, recording and tiers; of a tier the ``baseline``, how many runs of
        a contender ``failed`` of how many, and ``sizes``: rows, rows a prediction, and by
        contender the blocks and microseconds of each part. ``draws``: numbers below 2^16,
        little-endian, ``width`` a draw; draw d takes block ``draw * blocks >> 16``. ``t`` and
        ``tail``: the t quantile and the share of draws left out at each end, by number of
        blocks from 2. ``least``: the fewest blocks that tell anything. ``parts``: names and
        colours. ``words``: sentences to fill. ``most``: calls a reader may ask for.
    """
    found = [one for view in views for one in _workloads(view)]
    widest = max([2, *(len(blocks) for one in found for blocks in _blocks(one))])
    draws = np.random.default_rng(SEED).integers(0, 2**16, (DRAWS, widest), dtype="<u2")
    counts = range(2, widest + 1)
    palette = colours(list(NAMES))
    return {
        "workloads": found,
        "draws": base64.b64encode(draws.tobytes()).decode(),
        "width": widest,
        "t": [float(stats.t.isf(0.025, n - 1)) for n in counts],
        "tail": [tail(n) for n in counts],
        "least": MIN_BLOCKS,
        "parts": [[name, _hex(palette[name])] for name in NAMES],
        "words": WORDS,
        "most": MOST,
    }


def _blocks(workload: Payload) -> Iterator[list[int]]:
    for tier in workload["tiers"].values():
        for size in tier["sizes"]:
            yield from (one["blocks"] for one in size["spent"].values())


def _hex(colour: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * part):02x}" for part in colour)


def _workloads(view: View) -> list[Payload]:
    runs, found = sides(view.records), []
    for one in series(view.manifest):
        if not one.example.predicts:  # the page asks how often a model predicts
            continue
        tiers = {tier: told for tier in TIERS if (told := _tier(view, runs, one, tier))}
        if tiers:
            found.append({"name": label(one), "recording": view.name, "tiers": tiers})
    return found


def _tier(view: View, runs: Runs, one: Series, tier: str) -> Payload | None:
    """The sizes from the first to the last at which somebody may be compared with the baseline.

    A size between them at which nobody may is there, with nothing spent.
    """
    sizes: list[Payload] = []
    failed, total = Counter[str](), Counter[str]()
    for rows, case in one.sizes.items():
        paid = _paid(view, runs, case, tier)
        if one.example.baseline not in paid or len(paid) < 2:
            paid = {}
        batch = int(view.manifest.datasets[view.cases[case].dataset]["test_rows"])
        sizes.append({"rows": rows, "batch": batch, "spent": paid})
        for name in view.cases[case].contenders:
            if (side := side_at(runs, case, name, tier)) is not None:
                failed[name] += side.failures
                total[name] += len(side.ok)
    while sizes and not sizes[-1]["spent"]:
        sizes.pop()
    while sizes and not sizes[0]["spent"]:
        sizes.pop(0)
    if not sizes:
        return None
    counts = {name: [failed[name], total[name]] for name in total}
    return {"baseline": one.example.baseline, "failed": counts, "sizes": sizes}


def _paid(view: View, runs: Runs, case: str, tier: str) -> dict[str, Payload]:
    """Blocks and microseconds of each part, of whoever may be shown; the baseline first."""
    allowed, planned, paid = shown(view, case, tier), view.cases[case], {}
    for name in dict.fromkeys([planned.baseline, *planned.contenders]):
        side = side_at(runs, case, name, tier)
        if name in allowed and side is not None and (whole := spent({0: side})) is not None:
            paid[name] = {
                "blocks": whole.blocks.tolist(),
                "us": [[_short(1e6 * v) for v in whole.part(part)[:, 0]] for part in PARTS],
            }
    return paid


def _short(value: float) -> float | int:
    """Five significant digits."""
    cut = float(f"{value:.5g}")
    return int(cut) if cut.is_integer() else cut
