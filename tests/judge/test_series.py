"""Sizes of a workload are found, lined up by block, and said to be near or far in time."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.judge.series import COLUMNS, proximity, series, side_at, spent
from rmlbench_utils.judge.sides import Side, sides
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording


@pytest.fixture(scope="module")
def recording() -> Recording:
    """The committed recording of many sizes."""
    return Recording.open(Path(project_root() / "book" / "recordings" / "regression-speed-sizes"))


def test_sizes_are_told_from_columns_and_threads(recording: Recording) -> None:
    found = series(recording.manifest)
    lines = [one for one in found if len(one.sizes) > 2]
    assert {one.example.algorithm for one in lines} == {"linear", "ridge", "lasso", "elastic_net"}
    assert len(lines) == 4
    for one in found:
        assert list(one.sizes) == sorted(one.sizes)
        cases = {planned.case.name: planned.case for planned in recording.manifest.plan.cases}
        assert len({cases[name].threads for name in one.sizes.values()}) == 1
    assert sum(len(one.sizes) for one in found) == len(recording.manifest.plan.cases)


def test_sizes_along_the_columns_hold_the_rows(recording: Recording) -> None:
    found = [one for one in series(recording.manifest, COLUMNS) if len(one.sizes) > 1]
    facts, names = recording.manifest.datasets, {}
    for planned in recording.manifest.plan.cases:
        names[planned.case.name] = planned.case.dataset
    assert {one.example.algorithm for one in found} == {"linear", "ridge", "lasso", "elastic_net"}
    for one in found:
        assert list(one.sizes) == sorted(one.sizes)
        for columns, name in one.sizes.items():
            assert facts[names[name]]["columns"] == columns
            assert facts[names[name]]["train_rows"] == one.held


def test_blocks_common_to_all_sizes_are_lined_up(recording: Recording) -> None:
    runs = sides(recording.records)
    one = next(one for one in series(recording.manifest) if len(one.sizes) > 2)
    by_size = {n: side_at(runs, case, "own", "tuned") for n, case in one.sizes.items()}
    chosen = {n: side for n, side in by_size.items() if side is not None}
    found = spent(chosen)
    assert found is not None
    assert found.sizes.tolist() == list(one.sizes)
    assert set(found.blocks) == set.intersection(*(set(s.blocks) for s in chosen.values()))
    last = chosen[one.sizes and max(one.sizes)]
    direct = [v for b, v in zip(last.blocks, last.values[:, 0], strict=True) if b in found.blocks]
    assert found.part("fit")[:, -1] * 1e9 == pytest.approx(direct)


def test_a_block_with_a_failed_run_is_left_out(recording: Recording) -> None:
    runs = sides(recording.records)
    one = next(one for one in series(recording.manifest) if len(one.sizes) > 2)
    chosen = {n: runs[case, "own", "shipped"] for n, case in one.sizes.items()}
    smallest = chosen[min(chosen)]
    values = smallest.values.copy()
    values[3] = math.nan
    broken: dict[int, Side] = {**chosen, min(chosen): replace(smallest, values=values)}
    whole, rest = spent(chosen), spent(broken)
    assert whole is not None
    assert rest is not None
    assert set(whole.blocks) - set(rest.blocks) == {smallest.blocks[3]}
    gone = replace(smallest, values=np.full_like(values, math.nan))
    assert spent({**chosen, min(chosen): gone}) is None


def test_runs_between_the_sizes_of_a_block_are_noticed(recording: Recording) -> None:
    one = next(one for one in series(recording.manifest) if len(one.sizes) > 2)
    cases = set(one.sizes.values())
    assert not proximity(recording.records, cases, {0, 1}).back_to_back
    alone = [record for record in recording.records if record.case in cases]
    assert proximity(alone, cases, {0, 1}).back_to_back
    assert proximity(recording.records, cases, {0, 1}).minutes > 0
