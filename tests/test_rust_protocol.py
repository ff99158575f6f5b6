"""The Rust workers, driven through the protocol as the harness drives them."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from safetensors.numpy import load_file, save_file
from sklearn.datasets import load_diabetes
from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.events import Fault, Result, Sample, parse_event
from rmlbench_utils.protocol.job import Job, Listing
from rmlbench_utils.protocol.root import project_root

GOLDEN = project_root() / "tests" / "golden"
WORKERS = ("own", "linfa", "smartcore")
DESCENT = {"alpha": 0.5, "tol": 1e-12, "max_iter": 100_000}
NET = {**DESCENT, "l1_ratio": 0.5}
ESTIMATORS = {
    "linear": LinearRegression(),
    "ridge": Ridge(alpha=2.0, solver="cholesky"),
    "lasso": Lasso(**DESCENT),
    "elastic_net": ElasticNet(**NET),
}
PARAMS = {"linear": {}, "ridge": {"alpha": 2.0}, "lasso": DESCENT, "elastic_net": NET}
# smartcore's interior point stops with a relative duality gap, without exact zeros.
TOLERANCE = {("smartcore", "lasso"): 1e-4, ("smartcore", "elastic_net"): 1e-4}


def golden(name: str) -> Any:
    return json.loads((GOLDEN / f"{name}.json").read_text())


def command(worker: str) -> list[str]:
    try:
        return build.command(libraries()[worker], "tuned")
    except UsageError as error:
        path = project_root() / "target" / "release" / f"rmlbench-{worker}"
        if path.exists():
            return [str(path)]
        pytest.skip(str(error))


class Files:
    """A training file and an inputs file in a folder."""

    def __init__(self, folder: Path, x: np.ndarray, y: np.ndarray) -> None:
        self.folder, self.x, self.y = folder, x, y
        fold = np.arange(len(y), dtype=np.int64) % 5
        save_file({"x_train": x, "y_train": y, "fold": fold}, folder / "train")
        rows = np.random.default_rng(0).permutation(40)
        self.inputs = np.ascontiguousarray(np.tile(x[:40].astype(np.float64)[rows], (2, 1)))
        windows = np.array([[0, 40], [13, 53], [40, 80]], dtype=np.int64)
        save_file({"x": self.inputs, "windows": windows}, folder / "inputs")
        self.windows = windows

    def job(self, **changes: Any) -> dict[str, Any]:
        train = {"path": str(self.folder / "train"), "sha256": "0" * 64}
        paths = {"train": train, "outputs": str(self.folder / "outputs")}
        return {**golden("job"), "params": {}, **paths, **changes}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    x, y = load_diabetes(return_X_y=True)
    return Files(tmp_path, np.ascontiguousarray(x * 20.0 + 1.0), y)


def talk(worker: str, files: Files, line: str) -> tuple[list[Any], int]:
    inputs = json.dumps({"path": str(files.folder / "inputs"), "sha256": "0" * 64})
    done = subprocess.run(
        command(worker),
        input=f"{line}\n{inputs}\n",
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    return [parse_event(event) for event in done.stdout.splitlines()], done.returncode


def fault(worker: str, files: Files, **changes: Any) -> Fault:
    events, code = talk(worker, files, json.dumps(files.job(**changes)))
    assert code == 1
    assert isinstance(events[-1], Fault)
    return events[-1]


def test_golden_files_are_what_the_models_say():
    job = Job.model_validate(golden("job"))
    assert json.loads(job.line()) == golden("job")
    for event in golden("events"):
        assert json.loads(parse_event(json.dumps(event)).line()) == event
    for event in golden("events_invalid"):
        with pytest.raises(ValidationError):
            parse_event(json.dumps(event))


@pytest.mark.parametrize("case", golden("jobs_invalid"), ids=lambda case: case["why"])
def test_invalid_golden_jobs_are_refused_on_both_sides(case: dict[str, Any], files: Files):
    job = {**files.job(), **case.get("set", {})}
    job.pop(case.get("unset", ""), None)
    with pytest.raises(ValidationError):
        Job.model_validate(job)
    events, code = talk("own", files, json.dumps(job))
    assert (code, events[-1].kind, events[-1].parameter) == (1, case["kind"], case["parameter"])


@pytest.mark.parametrize("worker", WORKERS)
def test_listing_is_valid_and_names_its_facts(worker: str):
    done = subprocess.run([*command(worker), "--list"], capture_output=True, check=True)
    listing = Listing.model_validate_json(done.stdout)
    assert set(ESTIMATORS) <= set(listing.algorithms)
    assert listing.facts["debug_assertions"] is False
    assert listing.facts["compiler"].startswith("rustc 1.95")
    assert all(listing.facts["libraries"].values())


@pytest.mark.parametrize("layout", ["c", "f"])
@pytest.mark.parametrize("algorithm", ESTIMATORS)
@pytest.mark.parametrize("worker", WORKERS)
def test_answers_are_those_of_scikit_learn(worker: str, algorithm: str, layout: str, files: Files):
    repeat = {"warmup": 1, "samples": 2, "batch": 2}
    wanted = dict.fromkeys(("convert", "fit", "predict", "latency"), repeat)
    changes = {"algorithm": algorithm, "params": PARAMS[algorithm], "layout": layout}
    job = files.job(**changes, repeat=wanted, folds=True)
    events, code = talk(worker, files, json.dumps(job))
    assert code == 0
    assert isinstance(events[-1], Result)
    phases = [event.phase for event in events if isinstance(event, Sample)]
    assert phases == ["convert", "fit", "predict"]
    model = ESTIMATORS[algorithm].fit(files.x, files.y)
    outputs = load_file(files.folder / "outputs")
    tolerance = TOLERANCE.get((worker, algorithm), 1e-8)
    scale = np.abs(model.coef_).max()
    np.testing.assert_allclose(outputs["coefficients"], model.coef_, atol=tolerance * scale)
    expected = [model.predict(files.inputs[begin:end]) for begin, end in files.windows]
    np.testing.assert_allclose(outputs["predictions"], expected, rtol=100 * tolerance)
    assert outputs["cv_predictions"].shape == files.y.shape
    assert np.isfinite(outputs["cv_predictions"]).all()
    if worker == "own" and hasattr(model, "dual_gap_"):
        assert outputs["n_iter"][0] == model.n_iter_
        np.testing.assert_array_equal(outputs["coefficients"] == 0, model.coef_ == 0)


@pytest.mark.parametrize("threads", [1, 2])
def test_rank_deficient_least_squares_has_the_least_norm(threads: int, tmp_path: Path):
    rng = np.random.default_rng(1)
    x = rng.standard_normal((300, 12))
    x[:, 9:] = x[:, :3] @ rng.standard_normal((3, 3))
    files = Files(tmp_path, x, rng.standard_normal(300) + 2.0)
    _, code = talk("own", files, json.dumps(files.job(algorithm="linear", threads=threads)))
    assert code == 0
    centred = x - x.mean(axis=0)
    expected = np.linalg.pinv(centred, rcond=1e-12) @ (files.y - files.y.mean())
    coefficients = load_file(tmp_path / "outputs")["coefficients"]
    np.testing.assert_allclose(coefficients, expected, atol=1e-12)


@pytest.mark.parametrize("worker", WORKERS)
def test_a_bad_parameter_is_refused_by_name(worker: str, files: Files):
    for params, kind, parameter in [
        ({"aplha": 1.0}, "parameter", "aplha"),
        ({"alpha": -1.0}, "parameter", "alpha"),
        ({"alpha": "one"}, "parameter", "alpha"),
    ]:
        said = fault(worker, files, params=params)
        assert (said.kind, said.parameter) == (kind, parameter)
        assert said.value == params[parameter]
    assert fault(worker, files, algorithm="forest").kind == "unsupported"
    nap = {"nap": {"warmup": 0, "samples": 1, "batch": 1}}
    assert fault(worker, files, repeat=nap).value == "nap"


@pytest.mark.parametrize("worker", ["linfa", "smartcore"])
def test_a_solver_the_library_lacks_is_unsupported(worker: str, files: Files):
    said = fault(worker, files, algorithm="linear", params={"solver": "cholesky"})
    assert (said.kind, said.parameter) == ("unsupported", "solver")


@pytest.mark.parametrize("worker", WORKERS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_a_data_fault(worker: str, bad: float, tmp_path: Path):
    x = np.random.default_rng(0).standard_normal((60, 3))
    y = x.sum(axis=1)
    x[31, 1] = bad
    said = fault(worker, Files(tmp_path, x, y))
    assert (said.kind, said.parameter) == ("data", "x_train")


@pytest.mark.parametrize("worker", WORKERS)
def test_another_type_is_a_data_fault(worker: str, tmp_path: Path):
    x = np.random.default_rng(0).standard_normal((60, 3))
    files = Files(tmp_path, x.astype(np.float32), x.sum(axis=1))
    said = fault(worker, files)
    assert (said.kind, said.parameter, said.value) == ("data", "x_train", "F32")


def test_normal_equations_that_are_singular_are_a_numerical_fault(tmp_path: Path):
    x = np.random.default_rng(0).standard_normal((60, 3))
    x[:, 1] = 0.0
    files = Files(tmp_path, x, x.sum(axis=1))
    said = fault("own", files, algorithm="linear", params={"solver": "cholesky"})
    assert said.kind == "numerical"


def test_the_probe_prints_its_nanoseconds():
    try:
        path = build.probe()
    except UsageError as error:
        pytest.skip(str(error))
    assert int(subprocess.run([str(path)], capture_output=True, check=True).stdout) > 0
