"""Jobs with classes, run as the harness runs them: labels in, class numbers and decisions out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from rmlbench_utils.datasets import prepare
from rmlbench_utils.measure.venvs import interpreter
from rmlbench_utils.protocol.events import Fault, Result, parse_event
from rmlbench_utils.protocol.root import project_root
from tests import forked

ENVIRONMENT = {"PYTHONPATH": str(project_root()), "OMP_NUM_THREADS": "1"}
FRAMEWORKS = ("sklearn", "own-python", "sklearnex")


def job(data: Any, outputs: Path, algorithm: str, **params: Any) -> dict[str, Any]:
    repeat = {"warmup": 1, "samples": 2, "batch": 1}
    return {
        "protocol": 1,
        "case": f"svm/{algorithm}/toy/threads=1",
        "contender": "toy",
        "tier": "shipped",
        "algorithm": algorithm,
        "params": params,
        "layout": "f",
        "threads": 1,
        "seed": 0,
        "train": data.train.model_dump(),
        "weights": None,
        "outputs": str(outputs),
        "repeat": dict.fromkeys(("convert", "fit", "predict", "latency"), repeat),
        "folds": True,
    }


def apart(framework: str, lines: tuple[str, ...]) -> tuple[str, str]:
    """Standard output and error of the worker of a framework that is never beside the harness."""
    venv = project_root() / ".venvs" / framework
    if not venv.exists():
        pytest.skip(f"{framework} is not set up on this machine")
    done = subprocess.run(
        [str(interpreter(venv)), "-m", "rmlbench_utils.worker", framework],
        input="".join(f"{line}\n" for line in lines),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


def ask(framework: str, data: Any, made: dict[str, Any]) -> list[Any]:
    lines = (json.dumps(made), data.inputs.model_dump_json())
    if framework == "sklearnex":
        said, errors = apart(framework, lines)
    else:
        _, said, errors = forked.worker(framework, lines)
    assert "Traceback" not in errors
    return [parse_event(line) for line in said.splitlines()]


def answer(framework: str, data: Any, made: dict[str, Any]) -> dict[str, np.ndarray]:
    last = ask(framework, data, made)[-1]
    assert isinstance(last, Result), last
    return load_file(last.outputs)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize(("dataset", "k"), [("iris", 3), ("breast_cancer", 2)])
@pytest.mark.parametrize("algorithm", ["svc", "nusvc"])
def test_outputs_of_classes_are_what_the_protocol_page_lists(
    tmp_path: Path, framework: str, dataset: str, k: int, algorithm: str
) -> None:
    data = prepare(dataset, 0, 0, 5, tmp_path)
    outputs = answer(framework, data, job(data, tmp_path / "out", algorithm))
    train, inputs, truth = (load_file(r.path) for r in (data.train, data.inputs, data.truth))
    pairs = k * (k - 1) // 2
    s = len(outputs["support"])
    shapes = {
        "predictions": (4, data.test_rows),
        "cv_predictions": (data.train_rows,),
        "decision": (data.test_rows, pairs),
        "support": (s,),
        "dual": (k - 1, s),
        "intercept": (pairs,),
        "n_iter": (pairs,),
    }
    whole = {"support", "n_iter"}
    if framework == "sklearn":  # the one that others are ports of
        traced = outputs["trace_steps"].shape
        shapes |= {"trace_steps": traced, "trace_objective": traced}
        whole |= {"trace_steps"}
    assert {name: tensor.shape for name, tensor in outputs.items()} == shapes
    assert {name for name, tensor in outputs.items() if tensor.dtype == np.int64} == whole
    assert all(outputs[name].dtype == np.float64 for name in shapes if name not in whole)
    # rows of the decision are those of window 0, signs those of the votes
    begin, end = inputs["windows"][0]
    x = inputs["x"][begin:end]
    np.testing.assert_array_equal(x, truth["x_test"][truth["rotation"][0]])
    np.testing.assert_array_equal(labels(outputs["decision"], k), outputs["predictions"][0])
    assert np.mean(outputs["predictions"][0] == truth["y"][truth["rotation"][0]]) > 0.85
    assert np.mean(outputs["cv_predictions"] == train["y_train"]) > 0.85
    # decision = sum of dual x kernel + intercept, and the support's order
    y = train["y_train"][outputs["support"]]
    order = np.lexsort([outputs["support"], y])
    if framework != "sklearnex":  # which lists those of two classes by row
        np.testing.assert_array_equal(order, np.arange(s))
    np.testing.assert_allclose(
        decision(train["x_train"], y, outputs, x, k), outputs["decision"], atol=1e-9
    )


def decision(
    x_train: np.ndarray, y: np.ndarray, outputs: dict[str, np.ndarray], x: np.ndarray, k: int
) -> np.ndarray:
    """Decision values by the formula of the protocol page, with the rbf kernel and gamma scale."""
    vectors = x_train[outputs["support"]]
    gamma = 1 / (x.shape[1] * x_train.var())
    kernel = np.exp(-gamma * ((x[:, None] - vectors) ** 2).sum(axis=2))
    values = []
    for i in range(k):
        for j in range(i + 1, k):
            sums = kernel[:, y == i] @ outputs["dual"][j - 1, y == i]
            sums += kernel[:, y == j] @ outputs["dual"][i, y == j]
            values.append(sums + outputs["intercept"][len(values)])
    return np.stack(values, axis=1)


def labels(values: np.ndarray, k: int) -> np.ndarray:
    votes = np.zeros((len(values), k))
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    for (i, j), column in zip(pairs, values.T, strict=True):
        votes[:, i] += column > 0
        votes[:, j] += column <= 0
    return votes.argmax(axis=1)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("algorithm", ["svr", "nusvr"])
def test_outputs_of_values(tmp_path: Path, framework: str, algorithm: str) -> None:
    data = prepare("diabetes", 0, 0, 5, tmp_path)
    outputs = answer(framework, data, job(data, tmp_path / "out", algorithm, kernel="linear"))
    train, inputs = load_file(data.train.path), load_file(data.inputs.path)
    assert "decision" not in outputs
    assert outputs["dual"].shape == (1, len(outputs["support"]))
    assert outputs["intercept"].shape == outputs["n_iter"].shape == (1,)
    assert (np.diff(outputs["support"]) > 0).all()
    w = outputs["dual"][0] @ train["x_train"][outputs["support"]]
    begin, end = inputs["windows"][0]
    expected = inputs["x"][begin:end] @ w + outputs["intercept"]
    np.testing.assert_allclose(outputs["predictions"][0], expected)


@pytest.mark.parametrize(("dataset", "rows"), [("iris", 3), ("breast_cancer", 1)])
def test_outputs_of_linear_machines(tmp_path: Path, dataset: str, rows: int) -> None:
    data = prepare(dataset, 0, 0, 5, tmp_path)
    outputs = answer("sklearn", data, job(data, tmp_path / "out", "linearsvc"))
    assert outputs["coefficients"].shape == (rows, data.columns)
    assert outputs["decision"].shape == (data.test_rows, rows)
    assert outputs["intercept"].shape == (rows,)
    x = load_file(data.inputs.path)["x"][: data.test_rows]
    expected = x @ outputs["coefficients"].T + outputs["intercept"]
    np.testing.assert_allclose(outputs["decision"], expected)
    won = expected.argmax(axis=1) if rows > 1 else expected[:, 0] > 0
    np.testing.assert_array_equal(outputs["predictions"][0], won)


def test_outputs_of_linear_values(tmp_path: Path) -> None:
    data = prepare("diabetes", 0, 0, 5, tmp_path)
    outputs = answer("sklearn", data, job(data, tmp_path / "out", "linearsvr"))
    assert outputs["coefficients"].shape == (data.columns,)
    assert outputs["intercept"].shape == outputs["n_iter"].shape == (1,)
    assert "decision" not in outputs


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_bad_parameters_are_one_error_event(tmp_path: Path, framework: str) -> None:
    data = prepare("iris", 0, 0, 5, tmp_path)
    last = ask(framework, data, job(data, tmp_path / "out", "svc", C=-1.0))[-1]
    assert isinstance(last, Fault)
    assert (last.kind, last.parameter, last.value) == ("parameter", "C", -1.0)
    assert last.allowed == "must be above 0"
