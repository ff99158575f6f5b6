"""Cases, data and outputs of support vector machines, for the tests beside this file."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn import datasets, svm

from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import RunRecord

KERNEL = {
    "kernel": "rbf",
    "degree": 3,
    "gamma": "scale",
    "coef0": 0.0,
    "shrinking": True,
    "tol": 1e-3,
    "cache_size": 200.0,
    "max_iter": -1,
}
LINEAR = {"tol": 1e-4, "fit_intercept": True, "intercept_scaling": 1.0, "max_iter": 1000}
PARAMS: dict[str, dict[str, Any]] = {
    "svc": {"C": 1.0, **KERNEL, "class_weight": "none"},
    "nusvc": {"nu": 0.3, **KERNEL, "class_weight": "none"},
    "svr": {"C": 1.0, "epsilon": 0.1, **KERNEL},
    "nusvr": {"C": 1.0, "nu": 0.5, **KERNEL},
    "linearsvc": {"C": 1.0, "loss": "squared_hinge", "dual": False, "class_weight": "none"},
    "linearsvr": {"C": 1.0, "epsilon": 0.0, "loss": "epsilon_insensitive", "dual": True},
}
for _name in ("linearsvc", "linearsvr"):
    PARAMS[_name] |= LINEAR
TOLERANCE = {
    "svc": {"decision": 1e-2, "objective": 1e-4},
    "nusvc": {"decision": 1e-2, "objective": 1e-3},
    "svr": {"predictions": 1e-2, "objective": 1e-4},
    "nusvr": {"predictions": 1e-2, "objective": 1e-3},
    "linearsvc": {"objective": 1e-4},
    "linearsvr": {"objective": 1e-2},
}
KINDS = {
    "svc": svm.SVC,
    "nusvc": svm.NuSVC,
    "svr": svm.SVR,
    "nusvr": svm.NuSVR,
    "linearsvc": svm.LinearSVC,
    "linearsvr": svm.LinearSVR,
}
CLASSIFIERS = ("svc", "nusvc", "linearsvc")


def case(algorithm: str, **params: Any) -> Case:
    """A case of an algorithm with its defaults."""
    linear = algorithm.startswith("linear")
    return Case(
        domain="svm",
        algorithm=algorithm,
        dataset="none",
        params={**PARAMS[algorithm], **params},
        threads=1,
        baseline="sklearn",
        contenders=("sklearn", "own"),
        level="same quality" if linear else "same answer",
        tolerance=TOLERANCE[algorithm],
        tolerance_reason="a test",
    )


def data(name: str, rows: int = 400, share: float = 0.25) -> dict[str, np.ndarray]:
    """Standardised training and test rows of a set that scikit-learn carries."""
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    order = np.random.default_rng(5).permutation(len(x))[:rows]
    x, y = x[order], y[order].astype(np.float64)
    scale = x.std(axis=0)
    x = (x - x.mean(axis=0)) / np.where(scale > 0, scale, 1.0)
    m = int(share * len(x))
    return {"x": x[m:], "y": y[m:], "x_test": x[:m], "y_test": y[:m]}


def fitted(one: Case, train: dict[str, np.ndarray]) -> Any:
    """scikit-learn's own machine of a case."""
    skipped = {"class_weight"} if one.params.get("class_weight") == "none" else set()
    told = {key: value for key, value in one.params.items() if key not in skipped}
    return KINDS[one.algorithm](**told).fit(train["x"], train["y"])


def outputs(one: Case, model: Any, train: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What a worker of scikit-learn would write; window k begins at row k of the test rows."""
    x, m = train["x_test"], len(train["x_test"])
    rotation = turned(m)
    labels = model.predict(x).astype(np.float64)
    found = {"predictions": np.stack([labels[order] for order in rotation])}
    if one.algorithm in ("svc", "nusvc"):
        model.decision_function_shape = "ovo"
        values = model.decision_function(x[rotation[0]])
        binary = len(model.classes_) == 2
        found["decision"] = -values[:, None] if binary else values
    elif one.algorithm == "linearsvc":
        found["decision"] = model.decision_function(x[rotation[0]]).reshape(m, -1)
    if one.algorithm.startswith("linear"):
        found["coefficients"] = np.asarray(model.coef_)
        found["intercept"] = np.atleast_1d(model.intercept_)
    else:
        found["support"] = model.support_.astype(np.int64)
        found["dual"] = np.asarray(model._dual_coef_)
    return found


def turned(m: int) -> np.ndarray:
    """The test row of each answer of two windows."""
    return np.stack([np.roll(np.arange(m)[::-1], k) for k in (0, 3)]).astype(np.int64)


def files(train: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """The training and the truth file."""
    fold = np.arange(len(train["y"]), dtype=np.int64) % 5
    truth = {"y": train["y_test"], "x_test": train["x_test"]}
    return (
        {"x_train": train["x"], "y_train": train["y"], "fold": fold},
        {**truth, "rotation": turned(len(train["y_test"]))},
    )


def record(contender: str = "own") -> RunRecord:
    """A run of a contender, of which only the name matters."""
    return RunRecord.model_construct(contender=contender, tier="shipped", split=0, outputs="0" * 64)
