"""Bad hyper-parameters and targets are one sentence before anything is built."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rmlbench_utils.cases import load_cases
from rmlbench_utils.datasets import Prepared, prepare
from rmlbench_utils.measure import allowed, own_data
from rmlbench_utils.measure.request import Request
from rmlbench_utils.measure.work import Work
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError

BAD: list[tuple[str, str, Any, str]] = [
    ("svc", "C", -1.0, "C is -1.0: must be above 0"),
    ("svc", "kernel", "laplacian", "kernel is 'laplacian': must be rbf or linear"),
    ("nusvc", "nu", 1.5, "nu is 1.5: must be above 0 and at most 1"),
    ("svr", "epsilon", -0.1, "epsilon is -0.1: must be at least 0"),
    ("linearsvc", "loss", "huber", "loss is 'huber'"),
    ("kmeans", "n_clusters", 121, "n_clusters is 121: must be at most 120, the number of rows"),
    ("dbscan", "eps", 0.0, "eps is 0.0: must be above 0"),
    ("agglomerative", "linkage", "median", "linkage is 'median'"),
    ("gaussian_mixture", "covariance_type", "round", "covariance_type is 'round'"),
    ("spectral", "affinity", "cosine", "affinity is 'cosine'"),
]


@pytest.fixture(scope="module")
def iris(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare("iris", 0, 0, 5, tmp_path_factory.mktemp("cache"))


def case_of(algorithm: str, **params: Any) -> Case:
    both = [*load_cases("svm", "full"), *load_cases("clustering", "full")]
    case = next(one for one in both if one.algorithm == algorithm)
    return case.model_copy(update={"params": {**case.params, **params}})


@pytest.mark.parametrize(("algorithm", "name", "value", "said"), BAD)
def test_a_bad_value_is_named(
    algorithm: str, name: str, value: Any, said: str, iris: Prepared
) -> None:
    allowed.check(case_of(algorithm), iris)
    with pytest.raises(UsageError) as refused:
        allowed.check(case_of(algorithm, **{name: value}), iris)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_target_of_one_class_is_no_classification(tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("a,b,town\n" + "".join(f"{i},{i * i % 7},north\n" for i in range(40)))
    cases = own_data.cases(("svm",), file, "town", "check")
    assert {case.algorithm for case in cases} == {"svc", "nusvc", "linearsvc"}
    with pytest.raises(UsageError, match="holds only 'north': give one with two classes"):
        Work.of(Request(("svm",), profile="check", data=file, target="town"))
