"""Networks that torch trained and exported say what they say in float64, whoever serves them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.judge.networks.parity import check
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.measure import build
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.factory import make_record
from tests.networks.judged import case_of, exported_of
from tests.networks.problems import STEPS, Problem, problem, run
from tests.networks.torch_side import ran

RUNTIMES = ("onnxruntime", "ort", "tract")
NETWORKS = {
    "lenet": "numbers",
    "attention_cnn": "numbers",
    "resnet18": "numbers",
    "mobilenet": "numbers",
    "efficientnet_lite0": "numbers",
    "lstm": "words",
    "gru": "numbers",
    "rnn": "series",
    "bidirectional_lstm": "texts",
    "attention_lstm": "numbers",
}
# tract gives the backward direction the initial state of one row only.
TWO_ROWS_FAIL = {("tract", "bidirectional_lstm")}
ASKED = {
    "predict": {"warmup": 0, "samples": 2, "batch": 1},
    "latency": {"warmup": 0, "samples": 2, "batch": 1},
}
PROGRAM = """
import json, sys
from importlib import import_module
from rmlbench_utils.contenders.torch_training import read
params, files = json.loads(sys.argv[2]), [read(path, "file") for path in sys.argv[3:]]
kind = import_module("rmlbench_utils.contenders." + sys.argv[1]).Trained.NETWORK
network = kind("lenet", params, files[1], files[0]["x_train"], files[0]["y_train"])
before = type(network.call).__name__
network.evaluating()
rows = [len(network.answer(files[2]["x"][:n])) for n in (1, 3, 4)]
print(json.dumps([before, type(network.call).__name__, rows]))
"""


@pytest.fixture(scope="module", params=NETWORKS)
def exported(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Problem, Tensors]:
    folder = tmp_path_factory.mktemp(request.param)
    made = problem(folder, request.param, NETWORKS[request.param], momentum=0.9)
    return made, exported_of(made)


@pytest.fixture(scope="module")
def lenet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Problem, Tensors]:
    made = problem(tmp_path_factory.mktemp("served"), "lenet")
    return made, exported_of(made)


def served(
    runtime: str, made: Problem, model: np.ndarray, folder: Path, **changes: Any
) -> tuple[list[dict], dict]:
    """Events and outputs of a worker that is given a model."""
    path = folder / f"model-{runtime}.safetensors"
    save_file({"model": model}, path)
    library = libraries()[runtime]
    weights = {"path": str(path), "sha256": "0" * 64}
    asked = {"weights": weights, "repeat": ASKED, "folds": False, **changes}
    command, told = build.command(library, "tuned"), build.environment(library, "tuned")
    return run(command, made, told, **asked)


def judged(made: Problem, outputs: Tensors, known: Tensors) -> ParityLine:
    case = case_of(made.algorithm, made.params, contenders=("torch", "ort"), served=("ort",))
    record = make_record(case=case.name, contender="ort")
    files = (made.tensors[name] for name in ("train", "truth", "weights"))
    return check(case, record, outputs, {"logits": known["logits"]}, *files, "1" * 64)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_a_served_network_says_what_it_says_in_float64(
    exported: tuple[Problem, Tensors], runtime: str, tmp_path: Path
) -> None:
    made, known = exported
    events, outputs = served(runtime, made, known["model"], tmp_path)
    if (runtime, made.algorithm) in TWO_ROWS_FAIL:
        assert "Clashing resolution for expression. rows=2 != 1" in events[-1]["allowed"]
        return
    assert events[-1]["event"] == "result", events[-1]
    line = judged(made, outputs, known)
    assert line.parity == "pass", line.reason
    assert set(line.differences) == set(line.tolerances) == {"logits"}


def test_the_exported_network_is_the_one_that_was_trained(lenet: tuple[Problem, Tensors]) -> None:
    made, known = lenet
    still = made.bent(made.folder / "still", weights={"plan.rate": np.full(STEPS, 1e-30)})
    untrained = exported_of(still)
    assert np.abs(untrained["logits"] - known["logits"]).max() > 1e-4
    assert known["logits"].dtype == np.float64


@pytest.mark.parametrize(
    ("bend", "said"),
    [
        (lambda logits: {"logits": logits + np.float32(1e-3)}, "logits differ by 0.001 from"),
        (lambda logits: {"logits": logits * np.float32("nan")}, "not finite"),
        (lambda logits: {"logits": logits[:1]}, "logits has shape [1, 2, 3], it must be [2, 2, 3]"),
        (lambda _: {}, "logits is missing, the outputs hold nothing"),
    ],
)
def test_another_answer_fails(lenet: tuple[Problem, Tensors], bend: Any, said: str) -> None:
    made, known = lenet
    line = judged(made, bend(known["logits"].astype(np.float32)), known)
    assert line.parity == "fail"
    assert said in str(line.reason)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_is_no_model_is_one_sentence(
    lenet: tuple[Problem, Tensors], runtime: str, tmp_path: Path
) -> None:
    made, known = lenet
    events, _ = served(runtime, made, known["model"][:100], tmp_path)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "model")
    events, _ = served(runtime, made, known["model"], tmp_path, folds=True)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "folds")
    events, _ = served(runtime, made, known["model"], tmp_path, weights=None)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "weights")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_examples_of_another_size_are_one_sentence(
    lenet: tuple[Problem, Tensors], runtime: str, tmp_path: Path
) -> None:
    made, known = lenet
    small = np.zeros((4, 1, 12, 12), np.float32)
    folder = tmp_path / "small"
    bent = made.bent(folder, inputs={"x": small})
    events, _ = served(runtime, bent, known["model"], tmp_path)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "x")


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_inputs_without_windows_are_one_sentence(
    lenet: tuple[Problem, Tensors], runtime: str, tmp_path: Path
) -> None:
    made, known = lenet
    bent = made.bent(tmp_path / "bent", inputs={"windows": None})
    events, _ = served(runtime, bent, known["model"], tmp_path)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "windows")


@pytest.mark.parametrize(
    ("name", "program"),
    [
        ("torch_networks", "LeNet"),
        ("torch_export_graph", "GraphModule"),
        ("torch_scripted", "Script"),
    ],
)
def test_a_graph_answers_once_training_is_over(
    lenet: tuple[Problem, Tensors], name: str, program: str
) -> None:
    made, _ = lenet
    files = [made.folder / f"{file}.safetensors" for file in ("train", "weights", "inputs")]
    before, after, rows = json.loads(ran(PROGRAM, name, json.dumps(made.params), *files))
    assert before == "LeNet"
    assert program in after
    assert rows == [1, 3, 4]


@pytest.mark.parametrize("graph", ["torch-export", "torch-script"])
@pytest.mark.parametrize("algorithm", ["lenet", "lstm"])
def test_a_graph_of_the_trained_network_answers_as_it_does(
    graph: str, algorithm: str, tmp_path: Path
) -> None:
    made = problem(tmp_path, algorithm)
    timed = {"fit": {"warmup": 0, "samples": STEPS, "batch": 1}, **ASKED}
    _, outputs = run(build.command(libraries()[graph], "tuned"), made, repeat=timed)
    apart = np.abs(outputs["logits"] - exported_of(made)["logits"]).max()
    assert apart < 1e-5
