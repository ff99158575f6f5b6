"""Clustering jobs, run by the Python worker as the harness runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from rmlbench_utils.protocol.events import Fault, parse_event
from rmlbench_utils.protocol.job import Job, Listing
from rmlbench_utils.protocol.root import project_root
from tests import forked
from tests.clustering.clustering_cases import PARAMS, standardised

ENVIRONMENT = {"PYTHONPATH": str(project_root()), "OMP_NUM_THREADS": "1"}
REPEAT = {"warmup": 1, "samples": 2, "batch": 1}
PREDICTING = ("kmeans", "gaussian_mixture")


@dataclass(frozen=True)
class Files:
    """The files of a job, all of one dataset, and a place for the outputs."""

    folder: Path

    def ref(self, name: str) -> dict[str, str]:
        return {"path": str(self.folder / name), "sha256": "0" * 64}

    def job(self, algorithm: str, **changes: Any) -> dict[str, Any]:
        phases = ("convert", "fit", "predict", "latency")[: 4 if algorithm in PREDICTING else 2]
        made = {
            "protocol": 1,
            "case": f"clustering/{algorithm}/wine/threads=1",
            "contender": "sklearn",
            "tier": "shipped",
            "algorithm": algorithm,
            "params": PARAMS[algorithm],
            "layout": "c",
            "threads": 1,
            "seed": 0,
            "train": self.ref("train"),
            "weights": self.ref("start"),
            "outputs": str(self.folder / "out"),
            "repeat": dict.fromkeys(phases, REPEAT),
            "folds": False,
        }
        return {**made, **changes}

    def ask(self, made: dict[str, Any], framework: str) -> tuple[int, list[Any]]:
        lines = (json.dumps(made), json.dumps(self.ref("inputs")))
        code, said, errors = forked.worker(framework, lines)
        assert "Traceback" not in errors
        return code, [parse_event(line) for line in said.splitlines()]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("files")
    x, y = standardised("wine")
    save_file({"x_train": x[30:].copy(), "y_train": y[30:]}, folder / "train")
    save_file({"start": np.arange(0, 120, 12)}, folder / "start")
    windows = np.array([[0, 30], [10, 40]])
    save_file({"x": np.tile(x[:30], (2, 1)), "windows": windows}, folder / "inputs")
    return Files(folder)


@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
@pytest.mark.parametrize("algorithm", sorted(PARAMS))
def test_events_come_in_order_and_models_alone_ask_for_inputs(
    files: Files, algorithm: str, framework: str
) -> None:
    if framework == "own-python" and algorithm in ("dbscan", "agglomerative"):
        pytest.skip("not among its algorithms")
    made = files.job(algorithm)
    Job.model_validate(made)
    code, events = files.ask(made, framework)
    assert code == 0
    shown = [e.event + ":" + getattr(e, "phase", "") for e in events if e.event != "metric"]
    fitted = ["ready:", "phase_begin:load", "phase_end:load"]
    fitted += [
        f"{kind}:{name}"
        for name in ("convert", "fit")
        for kind in ("phase_begin", "phase_end", "sample")
    ]
    asked = ["inputs_wanted:", "phase_begin:load", "phase_end:load"]
    asked += [f"{kind}:predict" for kind in ("phase_begin", "phase_end", "sample")]
    asked += ["phase_begin:latency", "phase_end:latency", "latency:"]
    assert shown == fitted + (asked if algorithm in PREDICTING else []) + ["result:"]
    outputs = load_file(files.folder / "out")
    assert outputs["labels"].dtype == np.int64
    assert outputs["labels"].shape == (148,)
    assert ("predictions" in outputs) == (algorithm in PREDICTING)
    if algorithm in PREDICTING:
        assert outputs["predictions"].dtype == np.float64
        assert outputs["predictions"].shape == (2, 30)


@pytest.mark.parametrize("layout", ["c", "f"])
def test_layouts_make_the_same_clusters(files: Files, layout: str) -> None:
    for algorithm in PARAMS:
        code, _ = files.ask(files.job(algorithm, layout=layout, repeat={}), "sklearn")
        assert code == 0
        assert len(set(load_file(files.folder / "out")["labels"].tolist())) >= 1


@pytest.mark.parametrize(
    ("algorithm", "changes", "kind", "parameter"),
    [
        ("dbscan", {"repeat": {"predict": REPEAT}}, "unsupported", "repeat"),
        ("dbscan", {"repeat": {"latency": REPEAT}}, "unsupported", "repeat"),
        ("agglomerative", {"repeat": {"predict": REPEAT}}, "unsupported", "repeat"),
        ("spectral", {"repeat": {"latency": REPEAT}}, "unsupported", "repeat"),
        ("kmeans", {"folds": True}, "unsupported", "folds"),
        ("kmeans", {"weights": None}, "data", "weights"),
        ("kmeans", {"params": {"n_clusters": 149}}, "parameter", "n_clusters"),
        ("kmeans", {"params": {"clusters": 3}}, "parameter", "clusters"),
        ("dbscan", {"params": {"eps": -0.5}}, "parameter", "eps"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(
    files: Files, algorithm: str, changes: dict[str, Any], kind: str, parameter: str
) -> None:
    code, events = files.ask(files.job(algorithm, **changes), "sklearn")
    assert code == 1
    assert isinstance(events[-1], Fault)
    assert (events[-1].kind, events[-1].parameter) == (kind, parameter)


@pytest.mark.parametrize(
    ("name", "tensors", "parameter"),
    [
        ("start", {"begin": np.arange(5)}, "start"),
        ("start", {"start": np.arange(5.0)}, "start"),
        ("start", {"start": np.array([0, 1, 148])}, "start"),
        ("start", {"start": np.array([0, 1, -1])}, "start"),
        ("start", {"start": np.array([0, 1])}, "start"),
        ("train", {"y_train": np.zeros(5)}, "x_train"),
        ("train", {"x_train": np.zeros((20, 2), np.float32)}, "x_train"),
        ("train", {"x_train": np.full((20, 2), np.nan)}, "x_train"),
        ("train", {"x_train": np.full((20, 2), np.inf)}, "x_train"),
        ("train", {"x_train": np.zeros((1, 2))}, "x_train"),
    ],
)
@pytest.mark.parametrize("framework", ["sklearn", "own-python"])
def test_bad_files_are_one_sentence(
    files: Files,
    tmp_path: Path,
    name: str,
    tensors: dict[str, np.ndarray],
    parameter: str,
    framework: str,
) -> None:
    save_file(tensors, tmp_path / name)
    key = "weights" if name == "start" else "train"
    changes = {"weights": None, key: {"path": str(tmp_path / name), "sha256": "0" * 64}}
    code, events = files.ask(files.job("kmeans", **changes), framework)
    assert code == 1
    assert (events[-1].kind, events[-1].parameter) == ("data", parameter)


def test_the_baseline_tells_the_floor_of_a_row(files: Files) -> None:
    for algorithm in PREDICTING:
        _, events = files.ask(files.job(algorithm), "sklearn")
        named = [event.name for event in events if event.event == "metric"]
        assert named == ["latency_p50_unchecked"]


@pytest.mark.parametrize("framework", ["sklearn", "sklearnex", "own-python"])
def test_listings_name_the_clusterings_with_the_protocols_defaults(framework: str) -> None:
    if framework == "sklearnex":
        pytest.importorskip("sklearnex")
    command = [sys.executable, "-m", "rmlbench_utils.worker", framework, "--list"]
    out = subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True)
    listed = Listing.model_validate_json(out.stdout).algorithms
    names = PARAMS if framework != "own-python" else ("kmeans", "gaussian_mixture", "spectral")
    for name in names:
        assert listed[name].keys() == PARAMS[name].keys()
    assert listed["kmeans"]["n_clusters"] == 8
    assert listed["gaussian_mixture"]["n_components"] == 1
    assert listed["spectral"]["gamma"] == 1.0
