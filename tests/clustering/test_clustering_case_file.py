"""The case file of clustering."""

from __future__ import annotations

import pytest

from rmlbench_utils import cases
from rmlbench_utils.cases import expand
from rmlbench_utils.judge.clustering.parity import tolerances
from rmlbench_utils.judge.clustering.seeds import LEAST_SEEDS
from rmlbench_utils.judge.clustering.solution import made

PROFILES = ("check", "smoke", "standard", "full")


@pytest.mark.parametrize("profile", PROFILES)
def test_cases_are_whole(profile: str) -> None:
    found = cases.load_cases("clustering", profile)
    assert len({case.name for case in found}) == len(found)
    for case in found:
        assert case.baseline in case.contenders
        assert tolerances(case, made({}, [], ""))
        if case.free_seeds:
            assert (case.level, set(case.tolerance)) == ("same quality", {"objective"})
            assert case.min_blocks >= case.splits >= LEAST_SEEDS


def test_check_is_one_tiny_case() -> None:
    (case,) = cases.load_cases("clustering", "check")
    assert case.name == "clustering/kmeans/iris/n_clusters=3,threads=1"
    assert (case.min_blocks, case.max_blocks) == (2, 2)


def test_full_holds_all_of_standard_and_that_every_algorithm() -> None:
    standard = {case.name: case for case in cases.load_cases("clustering", "standard")}
    assert standard.keys() <= {case.name for case in cases.load_cases("clustering", "full")}
    names = {case.algorithm for case in standard.values()}
    assert names == {"kmeans", "dbscan", "agglomerative", "gaussian_mixture", "spectral"}


def test_sizes_stay_where_there_is_a_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expand, "all_cores", lambda: 8)
    most = {"agglomerative": 20_000, "spectral": 10_000}
    seen: dict[str, int] = {}
    for case in cases.load_cases("clustering", "full"):
        if case.dataset.startswith("synthetic_"):
            rows = int(case.dataset.split("_")[2].split("x")[0])
            seen[case.algorithm] = max(rows, seen.get(case.algorithm, 0))
    assert seen == {"kmeans": 200_000, "dbscan": 200_000, "gaussian_mixture": 200_000, **most}
