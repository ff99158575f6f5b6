"""Bad input to a support vector machine is one sentence, whoever is asked."""

from __future__ import annotations

import numpy as np
import pytest

from rmlbench_utils.contenders import own_python_svm, sklearn_svm
from rmlbench_utils.worker.channel import Fault

X = np.random.default_rng(0).standard_normal((12, 2))
Y = np.arange(12.0) % 2
MODULES = (own_python_svm, sklearn_svm)
BAD = [
    ("svc", "C", -1.0, "above 0"),
    ("svc", "C", 0.0, "above 0"),
    ("svr", "C", float("inf"), "above 0"),
    ("svc", "C", True, "above 0"),
    ("nusvc", "nu", 0.0, "at most 1"),
    ("nusvc", "nu", 1.5, "at most 1"),
    ("nusvr", "nu", -0.1, "at most 1"),
    ("svr", "epsilon", -0.1, "at least 0"),
    ("svc", "tol", 0.0, "above 0"),
    ("svr", "tol", -1e-3, "above 0"),
    ("svc", "kernel", "rbff", "rbf or linear or poly or sigmoid"),
    ("svc", "gamma", "big", "scale, auto or a number above 0"),
    ("svc", "gamma", 0.0, "scale, auto or a number above 0"),
    ("svc", "degree", -1, "whole number"),
    ("svc", "degree", 2.5, "whole number"),
    ("svc", "coef0", float("nan"), "finite"),
    ("svc", "cache_size", 0.0, "above 0"),
    ("svc", "class_weight", "heavy", "none or balanced"),
    ("svc", "max_iter", -2, "-1 for no limit"),
    ("svc", "shrinking", 1, "true or false"),
]
LINEAR = [
    ("linearsvc", {"C": 0.0}, "C", "above 0"),
    ("linearsvc", {"loss": "hing"}, "loss", "squared_hinge or hinge"),
    ("linearsvc", {"loss": "hinge"}, "dual", "must be true with loss hinge"),
    ("linearsvc", {"intercept_scaling": 0.0}, "intercept_scaling", "above 0"),
    ("linearsvc", {"max_iter": 0}, "max_iter", "at least 1"),
    ("linearsvr", {"epsilon": -1.0}, "epsilon", "at least 0"),
    ("linearsvr", {"dual": False}, "dual", "with loss epsilon_insensitive"),
    ("linearsvr", {"loss": "hinge"}, "loss", "epsilon_insensitive"),
]


def fitted(module, algorithm, x=X, y=Y, **params):
    kind = module.ALGORITHMS[algorithm]
    made = kind(**{**kind.DEFAULTS, **params})
    y = made.targets(y) if hasattr(made, "targets") else y
    return made, made.fit(x, y)


def one_sentence(fault: Fault) -> None:
    said = str(fault)
    assert "\n" not in said
    assert said[0].islower() or said.startswith(("C ", "X "))


@pytest.mark.parametrize("module", MODULES, ids=["own-python", "sklearn"])
@pytest.mark.parametrize(("algorithm", "name", "value", "allowed"), BAD)
def test_bad_parameters_are_named(module, algorithm, name, value, allowed):
    with pytest.raises(Fault, match=allowed) as caught:
        fitted(module, algorithm, **{name: value})
    assert (caught.value.kind, caught.value.parameter) == ("parameter", name)
    one_sentence(caught.value)


@pytest.mark.parametrize(("algorithm", "params", "name", "allowed"), LINEAR)
def test_bad_parameters_of_linear_machines_are_named(algorithm, params, name, allowed):
    with pytest.raises(Fault, match=allowed) as caught:
        fitted(sklearn_svm, algorithm, **params)
    assert (caught.value.kind, caught.value.parameter) == ("parameter", name)


@pytest.mark.parametrize("module", MODULES, ids=["own-python", "sklearn"])
@pytest.mark.parametrize("algorithm", ["svc", "nusvc", "svr", "nusvr"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_data_that_is_not_finite_is_refused(module, algorithm, value):
    x = X.copy()
    x[3, 1] = value
    with pytest.raises(Fault) as caught:
        fitted(module, algorithm, x=x)
    assert (caught.value.kind, caught.value.parameter) == ("data", "x_train")
    one_sentence(caught.value)


@pytest.mark.parametrize("module", MODULES, ids=["own-python", "sklearn"])
@pytest.mark.parametrize("algorithm", ["svc", "nusvc"])
def test_one_class_is_refused(module, algorithm):
    with pytest.raises(Fault) as caught:
        fitted(module, algorithm, y=np.zeros(12))
    assert (caught.value.kind, caught.value.parameter) == ("data", "y_train")
    one_sentence(caught.value)


def test_one_class_is_refused_by_the_linear_machine():
    with pytest.raises(Fault) as caught:
        fitted(sklearn_svm, "linearsvc", y=np.zeros(12))
    assert caught.value.parameter == "y_train"


@pytest.mark.parametrize("module", MODULES, ids=["own-python", "sklearn"])
def test_a_share_the_smaller_class_cannot_give_is_refused(module):
    """At most 2 x 3 / 12 for 3 rows against 9 (Chang and Lin 2001, training nu-SVC)."""
    y = np.array([1.0] * 3 + [0.0] * 9)
    fitted(module, "nusvc", y=y, nu=0.4)
    with pytest.raises(Fault) as caught:
        fitted(module, "nusvc", y=y, nu=0.6)
    assert (caught.value.kind, caught.value.parameter, caught.value.value) == (
        "parameter",
        "nu",
        0.6,
    )
    one_sentence(caught.value)


def test_rows_to_predict_are_checked():
    made, model = fitted(own_python_svm, "svc")
    with pytest.raises(Fault, match="must have 2 columns"):
        made.predict(model, np.ones((1, 3)))
    with pytest.raises(Fault, match="finite"):
        made.predict(model, np.full((1, 2), np.nan))


def test_values_too_large_are_a_numerical_fault():
    with pytest.raises(Fault) as caught:
        fitted(own_python_svm, "svc", x=1e200 * X, kernel="linear")
    assert caught.value.kind == "numerical"
