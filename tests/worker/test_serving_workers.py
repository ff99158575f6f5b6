"""Workers that serve a model of scikit-learn's, driven through the protocol."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR, NuSVC, NuSVR

from rmlbench_utils.contenders.exported import exported
from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.events import Fault, Result, parse_event

WORKERS = ("onnxruntime", "ort", "tract")
WITHOUT_KERNEL_MACHINES = ("tract",)
KERNEL_MACHINES = ("svc", "nusvc", "svr", "nusvr")
ESTIMATORS = {
    "linear": LinearRegression(),
    "ridge": Ridge(),
    "lasso": Lasso(),
    "elastic_net": ElasticNet(),
    "svr": SVR(),
    "nusvr": NuSVR(),
    "linearsvr": LinearSVR(random_state=0),
    "svc": SVC(decision_function_shape="ovo"),
    "nusvc": NuSVC(decision_function_shape="ovo"),
    "linearsvc": LinearSVC(dual=False),
}
FLOAT32 = 1e-5


def data(algorithm: str, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    if algorithm in ("svc", "nusvc", "linearsvc"):
        x, y = load_iris(return_X_y=True)
        # Of two classes the ones that overlap.
        x, y = (x, y) if classes == 3 else (x[50:], y[50:] - 1)
    else:
        x, y = load_diabetes(return_X_y=True)
    return (x - x.mean(axis=0)) / x.std(axis=0), y.astype(np.float64)


def start(worker: str) -> tuple[list[str], dict[str, str]]:
    library = libraries()[worker]
    try:
        command, told = build.command(library, "tuned"), build.environment(library, "tuned")
    except UsageError as error:
        pytest.skip(str(error))
    return command, {**os.environ, **told}


def asked(worker: str, folder: Path, model: bytes | None, **changes: Any) -> list[Any]:
    """The events of one run; ``changes`` are fields of the job."""
    command, environment = start(worker)
    x, y = data(changes["algorithm"], changes.pop("classes", 3))
    save_file({"x_train": x, "y_train": y}, folder / "train")
    windows = np.array([[0, 40], [40, 80]], dtype=np.int64)
    save_file({"x": x[:80].copy(), "windows": windows}, folder / "inputs")
    weights = None
    if model is not None:
        save_file({"model": np.frombuffer(model, dtype=np.uint8)}, folder / "weights")
        weights = reference(folder / "weights")
    job = {
        "protocol": 1,
        "case": "a/b/c/threads=1",
        "contender": worker,
        "tier": "tuned",
        "params": {},
        "layout": "c",
        "threads": 1,
        "seed": 0,
        "train": reference(folder / "train"),
        "weights": weights,
        "outputs": str(folder / "out"),
        "repeat": {
            "predict": {"warmup": 1, "samples": 2, "batch": 1},
            "latency": {"warmup": 1, "samples": 5, "batch": 1},
        },
        "folds": False,
        **changes,
    }
    lines = f"{json.dumps(job)}\n{json.dumps(reference(folder / 'inputs'))}\n"
    done = subprocess.run(
        command, input=lines.encode(), capture_output=True, env=environment, timeout=120
    )
    return [parse_event(line) for line in done.stdout.splitlines()]


def reference(path: Path) -> dict[str, str]:
    return {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("algorithm", ESTIMATORS)
@pytest.mark.parametrize("classes", [2, 3])
def test_answers_are_those_of_scikit_learn(
    worker: str, algorithm: str, classes: int, tmp_path: Path
) -> None:
    x, y = data(algorithm, classes)
    given = exported(algorithm, {}, x, y)
    events = asked(worker, tmp_path, given, algorithm=algorithm, classes=classes)
    if algorithm in KERNEL_MACHINES and worker in WITHOUT_KERNEL_MACHINES:
        assert isinstance(events[-1], Fault)
        assert "Unimplemented(SVM" in events[-1].allowed
        return
    assert isinstance(events[-1], Result), events[-1]
    out = load_file(tmp_path / "out")
    model = ESTIMATORS[algorithm].fit(x, y)
    allowed = FLOAT32 if algorithm in KERNEL_MACHINES else 1e-12
    wanted = model.predict(x[:80]).reshape(2, 40)
    np.testing.assert_allclose(out["predictions"], wanted, rtol=allowed, atol=allowed)
    assert ("decision" in out) == hasattr(model, "decision_function")
    if "decision" in out:
        values = model.decision_function(x[:40]).reshape(40, -1)
        first_of_pair = classes == 2 and algorithm != "linearsvc"
        wanted = -values if first_of_pair else values
        np.testing.assert_allclose(out["decision"], wanted, rtol=allowed, atol=10 * allowed)


@pytest.mark.parametrize("worker", WORKERS)
def test_bad_models_and_jobs_are_refused_in_one_event(worker: str, tmp_path: Path) -> None:
    x, y = data("ridge")
    good = exported("ridge", {}, x, y)
    narrow = exported("ridge", {}, x[:, :4], y)
    wrong = [
        (b"no model", {}, "model"),
        (None, {}, "weights"),
        (narrow, {}, "x"),
        (good, {"params": {"alhpa": 1.0}}, "alhpa"),
        (good, {"folds": True}, "folds"),
        (good, {"repeat": {"fit": {"warmup": 0, "samples": 1, "batch": 1}}}, "repeat"),
    ]
    for model, changes, parameter in wrong:
        events = asked(worker, tmp_path, model, **{"algorithm": "ridge", **changes})
        faults = [event for event in events if isinstance(event, Fault)]
        assert [fault.parameter for fault in faults] == [parameter], (parameter, events)
        assert faults[0].allowed


def test_the_export_is_the_same_each_time() -> None:
    for algorithm in ("ridge", "svc"):
        x, y = data(algorithm)
        assert exported(algorithm, {}, x, y) == exported(algorithm, {}, x, y)


def test_both_onnxruntimes_are_one_build_in_two_files() -> None:
    listed = []
    for worker in ("onnxruntime", "ort"):
        command, environment = start(worker)
        done = subprocess.run(
            [*command, "--list"], env=environment, capture_output=True, check=True
        )
        listed.append(json.loads(done.stdout)["facts"])
    assert listed[0]["program"] == listed[1]["program"]
    names = [Path(facts["kernel_library"]["path"]).name for facts in listed]
    assert names[0].startswith("onnxruntime_pybind11_state")
    assert names[1] == f"libonnxruntime.so.{listed[0]['libraries']['onnxruntime']}"
