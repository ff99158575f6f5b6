"""The cases of the support vector machines, and hyper-parameters of either a text or a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from rmlbench_utils import cases
from rmlbench_utils.contenders import own_python_svm, sklearn_svm
from rmlbench_utils.datasets.catalogue import check_name
from rmlbench_utils.protocol.errors import UsageError

PROFILES = ("check", "smoke", "standard", "full")
TOY = """
[defaults]
baseline = "sklearn"
contenders = ["sklearn"]
threads = [1]
min_blocks = 10
max_blocks = 10
limit_s = 60.0

[algorithms.svc]
{either}
params = {{ C = 1.0, gamma = "scale", degree = 3 }}
tolerance = {{ decision = 1e-3 }}
tolerance_reason = "it stops there"

[[case]]
algorithm = "svc"
dataset = "iris"
profiles = ["full"]
{keys}
"""


@pytest.fixture
def load(tmp_path: Path):
    def write_and_load(keys: str, either: str = 'either = ["gamma"]'):
        path = tmp_path / "toy.toml"
        path.write_text(TOY.format(keys=keys, either=either))
        return cases.load_file(path, "full")

    return write_and_load


class TestEither:
    def test_gamma_is_a_text_or_a_number(self, load):
        found = load('grid.full = { gamma = ["auto", 0.5, 2] }')
        assert [case.params["gamma"] for case in found] == ["auto", 0.5, 2]
        assert found[1].name == "toy/svc/iris/gamma=0.5,threads=1"

    @pytest.mark.parametrize(
        ("keys", "said"),
        [
            ("params = { gamma = true }", "key params.gamma is True: give a text or a number"),
            ("params = { degree = 2.5 }", "key params.degree is 2.5: give a whole number"),
            ('params = { C = "big" }', "key params.C is 'big': give a number"),
            ("params = { C = true }", "key params.C is True: give a number"),
        ],
    )
    def test_other_kinds_are_refused(self, load, keys, said):
        with pytest.raises(UsageError, match=said):
            load(keys)

    def test_without_it_a_text_stays_a_text(self, load):
        with pytest.raises(UsageError, match=r"key params.gamma is 0.5: give a text"):
            load("params = { gamma = 0.5 }", either="")


@pytest.mark.parametrize("profile", PROFILES)
def test_every_case_names_a_dataset_and_its_baseline(profile):
    found = cases.load_cases("svm", profile)
    assert len({case.name for case in found}) == len(found) > 0
    for case in found:
        check_name(case.dataset)
        assert case.baseline in case.contenders
        assert {key.split()[0] for key in case.known} <= set(case.contenders)
        assert case.threads == 1


def test_check_is_one_tiny_case():
    (case,) = cases.load_cases("svm", "check")
    assert case.name == "svm/svc/iris/C=1,kernel=rbf,threads=1"


def test_full_holds_all_of_the_other_profiles():
    full = {case.name for case in cases.load_cases("svm", "full")}
    for profile in PROFILES:
        assert {case.name for case in cases.load_cases("svm", profile)} <= full


def test_parameters_are_those_of_the_workers():
    """Every default in the case file is scikit-learn's, and our own contender knows the same."""
    for case in cases.load_cases("svm", "full"):
        known = sklearn_svm.ALGORITHMS[case.algorithm].DEFAULTS
        assert list(case.params) == list(known)
        assert {k: v for k, v in case.params.items() if k not in case.named} == {
            k: v for k, v in known.items() if k not in case.named
        }
        sklearn_svm.ALGORITHMS[case.algorithm](**case.params)
        if case.algorithm in own_python_svm.ALGORITHMS:
            own_python_svm.ALGORITHMS[case.algorithm](**case.params)


def test_full_has_what_the_issue_asks_for():
    found = {case.name for case in cases.load_cases("svm", "full")}
    for dataset in ("iris", "wine", "breast_cancer", "digits"):
        for kernel in ("rbf", "linear", "poly", "sigmoid"):
            for c in ("0.1", "1", "10", "100"):
                assert f"svm/svc/{dataset}/C={c},kernel={kernel},threads=1" in found
    for c in ("0.1", "1", "10", "100"):
        assert f"svm/svc/adult_2000/C={c},kernel=rbf,threads=1" in found
    for rows in (500, 1000, 2000, 4000, 8000, 16000, 32000):
        assert f"svm/svc/synthetic_classification_{rows}x20/C=1,kernel=rbf,threads=1" in found
    algorithms = {name.split("/")[1] for name in found}
    assert algorithms == {"svc", "nusvc", "svr", "nusvr", "linearsvc", "linearsvr"}
    full = cases.load_cases("svm", "full")
    gammas = {case.params["gamma"] for case in full if "gamma" in case.params}
    assert {"scale", "auto", 0.001} <= gammas


def test_standard_grows_to_two_thousand_rows_only():
    names = {case.dataset for case in cases.load_cases("svm", "standard")}
    sizes = {int(n.split("_")[2].split("x")[0]) for n in names if n.startswith("synthetic")}
    assert sizes == {500, 1000, 2000, 5000}


def test_linear_machines_are_judged_by_their_objective():
    for case in cases.load_cases("svm", "full"):
        # A model that is served has no coefficients whose objective could be looked at.
        linear = case.algorithm.startswith("linear") and not case.served
        assert (case.level == "same quality") == linear
        assert "objective" in case.tolerance
