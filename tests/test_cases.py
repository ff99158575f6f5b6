"""The case file: what it expands to, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from rmlbench_utils import cases
from rmlbench_utils.cases import expand, loader
from rmlbench_utils.datasets.catalogue import check_name
from rmlbench_utils.protocol.errors import UsageError

HEAD = """
[defaults]
baseline = "sklearn"
contenders = ["sklearn", "own"]
threads = [1]
min_blocks = 20
max_blocks = 30
limit_s = 60.0
blocks.check = [2, 2]

[algorithms.ridge]
params = { alpha = 1.0, solver = "cholesky", max_iter = 10 }
tolerance = { predictions = 1e-6 }
tolerance_reason = "double precision"
known.own = "one reason"
known.linfa = "not a contender here"
"""
CASE = """
[[case]]
algorithm = "ridge"
dataset = "diabetes"
profiles = ["check", "full"]
"""


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(text: str, profile: str = "full"):
        path = tmp_path / "toy.toml"
        path.write_text(HEAD + text)
        return cases.load_file(path, profile)

    return write_and_load


def test_check_is_one_tiny_case():
    (case,) = cases.load_cases("regression", "check")
    assert case.name == "regression/ridge/diabetes/alpha=1,threads=1"
    assert (case.min_blocks, case.max_blocks) == (2, 2)


@pytest.mark.parametrize("profile", ["check", "smoke", "standard", "full"])
def test_every_case_names_a_dataset_and_its_baseline(profile):
    found = cases.load_cases("regression", profile)
    assert len({case.name for case in found}) == len(found)
    for case in found:
        check_name(case.dataset)
        assert case.baseline in case.contenders
        assert set(case.known) <= set(case.contenders)


def test_profile_none_measures_nothing():
    assert cases.load_cases("regression", "none") == []


def test_full_holds_all_of_standard():
    standard = {case.name for case in cases.load_cases("regression", "standard")}
    assert standard <= {case.name for case in cases.load_cases("regression", "full")}


def test_full_has_the_grid_of_the_issue():
    found = {case.name for case in cases.load_cases("regression", "full")}
    for alpha in ("0.1", "1", "10", "100"):
        for algorithm in ("ridge", "lasso"):
            assert f"regression/{algorithm}/diabetes/alpha={alpha},threads=1" in found
        for ratio in ("0.1", "0.5", "0.9"):
            name = f"regression/elastic_net/diabetes/alpha={alpha},l1_ratio={ratio},threads=1"
            assert name in found


def test_speed_runs_on_one_thread_and_on_all(monkeypatch):
    monkeypatch.setattr(expand, "all_cores", lambda: 8)
    for algorithm in ("linear", "ridge", "lasso", "elastic_net"):
        pattern = f"regression/{algorithm}/synthetic_linear_20000x50/*"
        found = cases.select(cases.load_cases("regression", "full"), [pattern])
        assert {case.threads for case in found} == {1, 8}


def test_one_core_makes_no_double_case(load, monkeypatch):
    monkeypatch.setattr(expand, "all_cores", lambda: 1)
    assert [case.threads for case in load(CASE + 'threads = [1, "all"]')] == [1]


def test_grid_keeps_order_and_fills_in(load):
    found = load(CASE + "params = { alpha = 2.0 }\ngrid.full = { max_iter = [5, 6] }")
    names = [case.name for case in found]
    assert names == [
        "toy/ridge/diabetes/alpha=2,max_iter=5,threads=1",
        "toy/ridge/diabetes/alpha=2,max_iter=6,threads=1",
    ]
    assert found[0].params == {"alpha": 2.0, "solver": "cholesky", "max_iter": 5}
    assert found[0].known == {"own": "one reason"}
    assert (found[0].min_blocks, found[0].max_blocks) == (20, 30)


def test_a_stanza_replaces_known(load):
    assert load(CASE + "known = {}")[0].known == {}


def test_one_tier_alone_can_be_known_to_fail(load):
    (case,) = load(CASE + 'known = { "own tuned" = "one tier", sklearn = "both" }')[:1]
    assert case.declared("own", "tuned") == "one tier"
    assert case.declared("own", "shipped") is None
    assert case.declared("sklearn", "tuned") == case.declared("sklearn", "shipped") == "both"
    (case,) = load(CASE + 'known = { "sklearn tuned" = "one tier" }')[:1]
    assert not case.timed("own", "tuned")
    assert case.timed("own", "shipped")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CASE + "alhpa = 1", r"toy.toml, case 1 \(ridge/diabetes\): key alhpa is not known"),
        (CASE.replace("ridge", "rigde"), r"case 1 .*algorithm is 'rigde'.*nearest are ridge"),
        (CASE + "params = { alhpa = 1.0 }", r"key params.alhpa .*nearest are alpha"),
        (CASE + 'params = { alpha = "big" }', r"key params.alpha is 'big': give a number"),
        (CASE + "params = { max_iter = 2.5 }", r"key params.max_iter is 2.5: give a whole number"),
        (CASE + "params = { alpha = true }", r"key params.alpha is True: give a number"),
        (CASE + "grid.full = { alhpa = [1.0] }", r"key grid.full.alhpa .*nearest are alpha"),
        (CASE + "grid.smoke = { alpha = [1.0] }", r"grid.smoke is not among profiles"),
        (CASE + "grid.fool = { alpha = [1.0] }", r"case 1 .*key grid.fool"),
        (CASE + "threads = [0]", r"case 1 .*key threads.0.* is 0: .*greater than or equal to 1"),
        (CASE + "min_blocks = 0", r"key min_blocks is 0"),
        (CASE + 'known.onw = "x"', r"key known.onw is no contender.*nearest are own"),
        (CASE + 'known = { "own fast" = "x" }', r"key known.own fast is no contender.*own tuned"),
        (CASE + 'contenders = ["own"]', r"contenders lacks the baseline 'sklearn'"),
        ('[[case]]\nalgorithm = "ridge"\nprofiles = ["full"]', r"key dataset is missing: add it"),
        ("[algorithms.ridge2]\nparams = {}", r"toy.toml, algorithms.ridge2: key tolerance is miss"),
        (CASE + CASE, r"case 2 .*alpha|case 2 .*is also made by toy.toml, case 1"),
        ("[[case", r"toy.toml cannot be read as TOML"),
    ],
)
def test_faults_name_file_stanza_and_key(load, text, said):
    with pytest.raises(UsageError, match=said):
        load(text)


def test_missing_file_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"none.toml cannot be read"):
        cases.load_file(tmp_path / "none.toml", "full")


def test_unknown_domain_lists_the_domains():
    with pytest.raises(UsageError, match=r"no domain 'regresion'.*regression"):
        cases.load_cases("regresion", "full")


def test_origins_name_the_stanza():
    origin = cases.origins("regression", "check")["regression/ridge/diabetes/alpha=1,threads=1"]
    assert origin == "regression.toml, case 1 (ridge/diabetes)"


def test_domains_are_the_files():
    assert cases.domains() == sorted(path.stem for path in loader.FOLDER.glob("*.toml"))


class TestSelect:
    found = cases.load_cases("regression", "standard")

    @pytest.mark.parametrize(
        "pattern", ["regression", "regression/", "regression/*", "*", "regression/**"]
    )
    def test_everything(self, pattern):
        assert cases.select(self.found, [pattern]) == self.found

    def test_nothing_asked_is_everything(self):
        assert cases.select(self.found, []) == self.found

    def test_order_is_the_files_and_nothing_twice(self):
        chosen = cases.select(self.found, ["*/lasso/*", "*/ridge/*", "*/ridge/diabetes/*"])
        assert chosen == [c for c in self.found if c.algorithm in ("ridge", "lasso")]

    def test_prefix_is_whole_words(self):
        with pytest.raises(UsageError, match="nearest are regression/ridge"):
            cases.select(self.found, ["regression/rid"])

    def test_any_unmatched_pattern_is_refused(self):
        with pytest.raises(UsageError, match="no case matches 'svm'"):
            cases.select(self.found, ["*", "svm"])


def test_own_data_has_every_algorithm_of_the_domain():
    found = cases.cases_for_csv("regression", "csv:my data.csv#price", "smoke")
    assert [case.algorithm for case in found] == ["linear", "ridge", "lasso", "elastic_net"]
    assert {case.dataset for case in found} == {"csv:my data.csv#price"}
    assert {case.min_blocks for case in found} == {10}
    assert cases.cases_for_csv("regression", "csv:a.csv#y", "none") == []


def test_own_data_meets_those_who_have_the_algorithm():
    found = {
        case.algorithm: case for case in cases.cases_for_csv("clustering", "csv-rows:a", "smoke")
    }
    assert found["agglomerative"].contenders == ("sklearn", "kodama")  # smartcore has no Ward
    assert "linfa" not in found["gaussian_mixture"].contenders  # it takes no start
    assert "linfa" in found["dbscan"].contenders
    assert "own" not in found["dbscan"].contenders
