"""Print what the harness costs a run, outside the worker's phases and process start.

Run it on an idle machine: ``.venv/bin/python benchmarks/harness_cost.py [RUNS]``. It drives the
lightest worker there is (own, ridge on diabetes), probe included, as a recording does.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np

from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.pilot import planned
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.job import Repeat


def main(runs: int) -> None:
    work = Work.of(Request(("regression",), profile="check", contenders=("own",)))
    work.build()
    case, tier = work.cases[0], work.tiers["own"][0]
    repeat = {name: Repeat(warmup=2, samples=10) for name in ("fit", "predict", "latency")}
    with tempfile.TemporaryDirectory() as folder:
        costs = [
            run_once(
                work.stage.task(case, planned("own", tier, "c"), 0, Path(folder, "part"), repeat),
                Place(),
                Path(folder),
            ).overhead_ns
            for _ in range(runs)
        ]
    low, median, high = np.quantile(costs, [0.05, 0.5, 0.95]) / 1e6
    print(
        f"harness cost of {runs} runs: median {median:.1f} ms (5 to 95 %: {low:.1f} to {high:.1f})"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
