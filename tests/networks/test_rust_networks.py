"""The Rust workers train the small problems as torch does, and refuse what cannot be trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.measure import build
from tests.networks.judged import Training, trained
from tests.networks.problems import Problem, problem, run

SAME = ("tch", "candle-gather", "burn")
PROBLEMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "momentum": ("lenet", "numbers", {"momentum": 0.9, "nesterov": True, "weight_decay": 1e-3}),
    "clipped": ("simple_cnn", "numbers", {"clip_norm": 0.1}),
    "normalised": ("attention_cnn", "numbers", {"momentum": 0.9}),
    "padded": ("efficientnet_lite0", "numbers", {"steps": 1, "batch_size": 12}),
    "words": ("lstm", "words", {"optimizer": "adamw", "learning_rate": 1e-3}),
    "texts": ("gru", "texts", {"learning_rate": 0.1}),
    "series": ("rnn", "series", {"learning_rate": 0.1}),
    "both ways": ("bidirectional_lstm", "numbers", {"learning_rate": 0.1}),
    "stacked": ("stacked_lstm", "texts", {"learning_rate": 0.1}),
    "attention": ("attention_lstm", "numbers", {"learning_rate": 0.1}),
}
WITHOUT = {"padded": ("candle-gather", "burn")}  # who has no such network
OTHERWISE = {("burn", "normalised"): {"buffers", "answers"}}  # its running variance is biased
ROUNDED = {"words": 1e-6}  # libtorch's AdamW rounds in another order in C++ than in Python


def command(contender: str) -> list[str]:
    return build.command(libraries()[contender], "tuned")


@pytest.fixture(scope="module", params=PROBLEMS)
def training(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Training]:
    algorithm, kind, params = PROBLEMS[request.param]
    folder = tmp_path_factory.mktemp(algorithm)
    return request.param, trained(problem(folder, algorithm, kind, **params))


@pytest.mark.parametrize("contender", SAME)
def test_a_training_is_torchs(training: tuple[str, Training], contender: str) -> None:
    name, made = training
    events, outputs = run(command(contender), made.problem)
    if contender in WITHOUT.get(name, ()):
        assert (events[-1]["kind"], events[-1]["parameter"]) == ("unsupported", "algorithm")
        return
    assert events[-1]["event"] == "result", events[-1]
    line = made.judged(outputs)
    exceeded = {k for k, limit in line.tolerances.items() if line.differences[k] > limit}
    assert exceeded == OTHERWISE.get((contender, name), set()), line.reason


def test_tchs_training_is_torchs_bit_for_bit(training: tuple[str, Training]) -> None:
    name, made = training
    _, outputs = run(command("tch"), made.problem)
    assert outputs.keys() == made.outputs.keys()
    for key, values in outputs.items():
        apart = ROUNDED.get(name, 0.0)
        np.testing.assert_allclose(values, made.outputs[key], rtol=0, atol=apart, err_msg=key)


def test_candles_own_pool_fails_by_its_gradients(lenet: Training) -> None:
    line = lenet.judged(run(command("candle"), lenet.problem)[1])
    assert (line.parity, line.worst_output) == ("fail", "gradients")


@pytest.fixture(scope="module")
def lenet_problem(tmp_path_factory: pytest.TempPathFactory) -> Problem:
    return problem(tmp_path_factory.mktemp("bad"), "lenet")


def _without(tensors: dict[str, Any]) -> None:
    del tensors["weights"]["fc1.bias"]


def _misshapen(tensors: dict[str, Any]) -> None:
    tensors["weights"]["fc1.bias"] = np.zeros(3, np.float32)


def _more(tensors: dict[str, Any]) -> None:
    tensors["weights"]["fc9.bias"] = np.zeros(3, np.float32)


def _label(tensors: dict[str, Any]) -> None:
    tensors["train"]["y_train"] = np.full(12, 7)


def _nan(tensors: dict[str, Any]) -> None:
    tensors["train"]["x_train"] = tensors["train"]["x_train"] * np.float32("nan")


def _small(tensors: dict[str, Any]) -> None:
    tensors["train"]["x_train"] = np.ascontiguousarray(tensors["train"]["x_train"][:, :, :8, :8])


@pytest.mark.parametrize("contender", SAME)
@pytest.mark.parametrize(
    ("bend", "parameter"),
    [
        (_without, "fc1.bias"),
        (_misshapen, "fc1.bias"),
        (_more, "weights"),
        (_label, "y_train"),
        (_nan, "x_train"),
        (_small, "x_train"),
    ],
)
def test_bad_files_are_one_sentence(
    lenet_problem: Problem, tmp_path: Path, contender: str, bend: Any, parameter: str
) -> None:
    tensors = {name: dict(held) for name, held in lenet_problem.tensors.items()}
    bend(tensors)
    bent = Problem(tmp_path, "lenet", lenet_problem.params, tensors).write()
    events, _ = run(command(contender), bent)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", parameter)


@pytest.mark.parametrize("contender", ["torch", "tch", "candle", "burn"])
def test_texts_without_vectors_of_their_words_name_them(tmp_path: Path, contender: str) -> None:
    made = problem(tmp_path / "made", "lstm", "texts")
    bent = made.bent(tmp_path / "bent", weights={"embedding.weight": None})
    events, _ = run(command(contender), bent)
    assert (events[-1]["event"], events[-1]["parameter"]) == ("error", "embedding.weight")


@pytest.mark.parametrize("contender", SAME)
def test_a_truncated_file_is_one_sentence(
    lenet_problem: Problem, tmp_path: Path, contender: str
) -> None:
    made = Problem(tmp_path, "lenet", lenet_problem.params, lenet_problem.tensors).write()
    path = tmp_path / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-7])
    events, _ = run(command(contender), made)
    assert (events[-1]["event"], events[-1]["kind"]) == ("error", "data")


@pytest.mark.parametrize("contender", SAME)
def test_a_loss_that_is_no_number_is_a_divergence(tmp_path: Path, contender: str) -> None:
    made = problem(tmp_path, "lenet", learning_rate=1e30)
    events, _ = run(command(contender), made)
    assert (events[-1]["event"], events[-1]["kind"]) == ("error", "diverged")
