"""The Python worker, run as the harness runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from rmlbench_utils.contenders import sklearn_regression
from rmlbench_utils.datasets import prepare
from rmlbench_utils.protocol.events import Fault, Result, parse_event
from rmlbench_utils.protocol.job import Job, Listing
from rmlbench_utils.protocol.root import project_root
from tests import forked

COMMAND = [sys.executable, "-m", "rmlbench_utils.worker", "own-python"]
ENVIRONMENT = {"PYTHONPATH": str(project_root()), "OMP_NUM_THREADS": "1"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory):
    return prepare("diabetes", 0, 0, 5, tmp_path_factory.mktemp("data"))


def job(data: Any, folder: Path, **changes: Any) -> dict[str, Any]:
    repeat = {"warmup": 2, "samples": 70, "batch": 3}
    made = {
        "protocol": 1,
        "case": "regression/ridge/diabetes/alpha=1,threads=1",
        "contender": "own-python",
        "tier": "shipped",
        "algorithm": "ridge",
        "params": {"alpha": 1.0},
        "layout": "f",
        "threads": 1,
        "seed": 0,
        "train": data.train.model_dump(),
        "weights": None,
        "outputs": str(folder / "out.safetensors"),
        "repeat": dict.fromkeys(("convert", "fit", "predict", "latency"), repeat),
        "folds": True,
    }
    return {**made, **changes}


def ask(made: dict[str, Any], data: Any, framework: str = "own-python") -> tuple[int, list[Any]]:
    lines = (json.dumps(made), data.inputs.model_dump_json())
    code, said, errors = forked.worker(framework, lines)
    assert "Traceback" not in errors
    return code, [parse_event(line) for line in said.splitlines()]


def test_events_come_in_the_order_of_the_protocol_page(data, tmp_path: Path) -> None:
    made = job(data, tmp_path)
    Job.model_validate(made)
    code, events = ask(made, data)
    assert code == 0
    shown = [e.event + ":" + getattr(e, "phase", "") for e in events]
    assert shown == [
        "ready:",
        "phase_begin:load",
        "phase_end:load",
        *(
            f"{kind}:{name}"
            for name in ("convert", "fit")
            for kind in ("phase_begin", "phase_end", "sample")
        ),
        "inputs_wanted:",
        "phase_begin:load",
        "phase_end:load",
        *(f"{kind}:predict" for kind in ("phase_begin", "phase_end", "sample")),
        "phase_begin:latency",
        "phase_end:latency",
        "latency:",
        "result:",
    ]
    fit = next(e for e in events if e.event == "sample" and e.phase == "fit")
    assert (len(fit.ns), fit.rest_count) == (64, 8)
    assert fit.rest_ns > 0


def test_outputs_are_what_the_protocol_page_lists(data, tmp_path: Path) -> None:
    _, events = ask(job(data, tmp_path), data)
    assert isinstance(events[-1], Result)
    outputs = load_file(events[-1].outputs)
    windows = load_file(data.inputs.path)["windows"]
    assert outputs["predictions"].shape == (len(windows), data.test_rows)
    assert outputs["coefficients"].shape == (data.columns,)
    assert outputs["cv_predictions"].shape == (data.train_rows,)
    assert all(tensor.dtype == np.float64 for tensor in outputs.values())


@pytest.mark.parametrize(
    ("changes", "parameter"),
    [
        ({"protocol": 2}, "protocol"),
        ({"colour": "red"}, "colour"),
        ({"threads": "one"}, "threads"),
        ({"params": {"alpha": 1.0, "beta": 2}}, "beta"),
        ({"params": {"alpha": -1.0}}, "alpha"),
        ({"algorithm": "forest"}, "algorithm"),
        ({"layout": "z"}, "layout"),
        ({"repeat": {"dance": {"warmup": 0, "samples": 1, "batch": 1}}}, "repeat"),
    ],
)
def test_what_is_unknown_is_refused_by_name(data, tmp_path: Path, changes, parameter) -> None:
    code, events = ask(job(data, tmp_path, **changes), data)
    assert code == 1
    assert isinstance(events[-1], Fault)
    assert events[-1].parameter == parameter


def test_a_missing_field_is_refused_by_name(data, tmp_path: Path) -> None:
    made = job(data, tmp_path)
    del made["seed"]
    code, events = ask(made, data)
    assert (code, events[-1].parameter) == (1, "seed")


def test_what_a_library_prints_does_not_reach_the_protocol(data, tmp_path: Path) -> None:
    script = (
        "import sys; from rmlbench_utils.contenders import own_python_regression as o\n"
        "fit = o.Ridge.fit\n"
        "o.Ridge.fit = lambda *a: (print('noise'), sys.stdout.flush(), fit(*a))[-1]\n"
        "from rmlbench_utils.worker.__main__ import main; sys.exit(main(['own-python']))"
    )
    lines = json.dumps(job(data, tmp_path)) + "\n" + data.inputs.model_dump_json() + "\n"
    done = subprocess.run(
        [sys.executable, "-c", script], input=lines, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert "noise" in done.stderr
    assert isinstance(parse_event(done.stdout.splitlines()[-1]), Result)


def test_listing_is_valid() -> None:
    out = subprocess.run([*COMMAND, "--list"], env=ENVIRONMENT, capture_output=True, check=True)
    listing = Listing.model_validate_json(out.stdout)
    regression = {"linear", "ridge", "lasso", "elastic_net"}
    clustering = {"kmeans", "gaussian_mixture", "spectral"}
    assert set(listing.algorithms) == regression | clustering | {"svc", "nusvc", "svr", "nusvr"}


def test_wrong_arguments_exit_with_2() -> None:
    done = subprocess.run(
        [*COMMAND[:-1], "fortran"], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert b"sklearn" in done.stderr


def test_the_baseline_tells_the_floors_of_a_row(data, tmp_path: Path) -> None:
    _, events = ask(job(data, tmp_path, contender="sklearn"), data, "sklearn")
    named = [event.name for event in events if event.event == "metric"]
    assert named == ["latency_p50_unchecked", "latency_p50_dot"]
    assert all(event.value > 0 for event in events if event.event == "metric")


@pytest.mark.parametrize("name", ["linear", "ridge", "lasso", "elastic_net"])
def test_floors_are_the_same_prediction_without_the_checks(name: str) -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(30, 4)), random.normal(size=30)
    kind = sklearn_regression.ALGORITHMS[name]
    algorithm = kind(**kind.DEFAULTS)
    model = algorithm.fit(x, y)
    for context, call in algorithm.floors(model).values():
        with context:
            assert call(x[:1]) == pytest.approx(model.predict(x[:1]))
            assert np.isnan(call(np.full((1, 4), np.nan))).all()
    with pytest.raises(ValueError, match="NaN"):
        algorithm.predict(model, np.full((1, 4), np.nan))
