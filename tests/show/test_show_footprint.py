"""Peak memory against size, and who ran out of it: from records alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import stats

from rmlbench_utils.show import footprint
from rmlbench_utils.show.lines import workloads
from rmlbench_utils.show.picture import Note, Picture
from rmlbench_utils.show.view import View, look


def test_the_committed_sizes_have_the_peaks_of_their_runs() -> None:
    view = look("regression-speed-sizes")
    made = footprint.figure(view)
    assert isinstance(made, Picture)
    assert len(made.figure.axes) == len(workloads(view))
    axis, one = made.figure.axes[0], workloads(view)[0]
    for line, bars in zip(one.lines, axis.containers, strict=True):
        assert bars.get_label() == line.contender
        drawn = bars.lines[0].get_ydata()
        for size, value in zip(line.spent.sizes, drawn, strict=True):
            runs = [
                run.phases["fit"].peak_rss
                for run in view.records
                if (run.case, run.contender) == (one.series.sizes[int(size)], line.contender)
                and (run.role, run.status) == ("run", "ok")
            ]
            np.testing.assert_allclose(value, stats.gmean(runs) / 1e6, rtol=1e-12)


def test_who_ran_out_is_named_with_the_case_and_the_limit(view: View) -> None:
    assert footprint.exhausted([view]).text.startswith("Nobody ran out of memory or time")
    case = next(iter(view.cases))
    status = {"linfa": "timeout", "own": "out_of_memory"}
    records = [
        run.model_copy(update={"status": status.get(run.contender, run.status)})
        if run.case == case
        else run
        for run in view.records
    ]
    said = footprint.exhausted([view, replace(view, name="full", records=records)]).text
    key = (case, "linfa", "shipped")
    count = sum((run.case, run.contender, run.tier) == key for run in records)
    assert f"in {count} of {count} runs" in said
    assert f"linfa shipped ran out of time ({view.cases[case].limit_s:g} s) on" in said
    assert "own shipped ran out of memory on" in said


def test_without_sizes_there_is_a_sentence(view: View) -> None:
    few = replace(view, manifest=view.manifest.model_copy(update={"datasets": {}}))
    assert isinstance(footprint.figure(few), Note)
