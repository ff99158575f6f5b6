"""Small problems for every network, as files: what a worker is given."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file, save_file

from rmlbench_utils.contenders.network_terms import defaults
from rmlbench_utils.protocol.root import project_root
from tests.networks import torch_side
from tests.networks.torch_side import PYTHON

IMAGES = {
    **{"lenet": (1, 28, 28), "simple_cnn": (1, 12, 12), "attention_cnn": (1, 12, 12)},
    **{"alexnet": (3, 63, 63), "vgg16": (3, 32, 32), "resnet18": (3, 32, 32)},
    **{"resnet34": (3, 32, 32), "mobilenet": (3, 32, 32)},
    "efficientnet_lite0": (3, 65, 64),
}
SEQUENCES = ("rnn", "lstm", "gru", "bidirectional_lstm", "stacked_lstm", "attention_lstm")
ROWS, TEST_ROWS, STEPS, BATCH, CLASSES, WORDS = 12, 4, 4, 4, 3, 7


@dataclass
class Problem:
    """A network's files in a folder, and the job about them."""

    folder: Path
    algorithm: str
    params: dict[str, Any]
    tensors: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)

    def write(self) -> Problem:
        """Write the files as they are now."""
        for name, tensors in self.tensors.items():
            save_file(tensors, self.folder / f"{name}.safetensors")
        return self

    def bent(self, folder: Path, **changes: dict[str, Any]) -> Problem:
        """The same in another folder; ``changes``: by file the tensors put in place of others,
        None for one that is taken out, and ``params`` likewise."""
        folder.mkdir(parents=True, exist_ok=True)
        params = {**self.params, **changes.pop("params", {})}
        tensors = {
            name: {k: v for k, v in {**known, **changes.get(name, {})}.items() if v is not None}
            for name, known in self.tensors.items()
        }
        return replace(self, folder=folder, params=params, tensors=tensors).write()

    def job(self, **changes: Any) -> dict[str, Any]:
        """The job, all fields; paths are not digested."""
        ref = {
            name: {"path": str(self.folder / f"{name}.safetensors"), "sha256": "0" * 64}
            for name in self.tensors
        }
        steps = self.params["steps"]
        job = {
            "protocol": 1,
            "case": "c",
            "contender": "x",
            "tier": "shipped",
            "algorithm": self.algorithm,
            "params": self.params,
            "layout": "c",
            "threads": 1,
            "seed": 7,
            "train": ref["train"],
            "weights": ref["weights"],
            "outputs": str(self.folder / "outputs.safetensors"),
            "repeat": {
                "fit": {"warmup": 0, "samples": steps, "batch": 1},
                "predict": {"warmup": 0, "samples": 1, "batch": 1},
            },
            "folds": True,
        }
        return {**job, **changes}


def problem(folder: Path, algorithm: str, kind: str = "numbers", **params: Any) -> Problem:
    """A network's problem.

    Parameters
    ----------
    kind
        Of a recurrent network: ``numbers`` to classify, ``series`` with a number to say, ``texts``
        to classify, ``words`` of which each next is said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    asked = {**defaults(algorithm), "steps": STEPS, "batch_size": BATCH, **params}
    x, y, outputs = _rows(random, algorithm, kind)
    n = ROWS
    weights = initial(folder, algorithm, asked, x, y, outputs)
    order = np.stack([random.permutation(n)[: asked["batch_size"]] for _ in range(asked["steps"])])
    weights["plan.order"] = order.astype(np.int64)
    weights["plan.rate"] = np.full(asked["steps"], asked["learning_rate"])
    weights["plan.validation"] = np.arange(3, dtype=np.int64)
    weights["plan.outputs"] = np.array([outputs], dtype=np.int64)
    test = x[n:]
    windows = np.array([[0, 2], [2, 4]], dtype=np.int64)
    tensors = {
        "train": {"x_train": x[:n], "y_train": y[:n]},
        "inputs": {"x": test, "windows": windows},
        "truth": {"y": y[n:].reshape(2, 2, *y.shape[1:])},
        "weights": weights,
    }
    return Problem(folder, algorithm, asked, tensors).write()


def _rows(
    random: np.random.Generator, algorithm: str, kind: str
) -> tuple[np.ndarray, np.ndarray, int]:
    n = ROWS + TEST_ROWS
    classes = random.integers(CLASSES, size=n)
    if algorithm in IMAGES:
        return random.standard_normal((n, *IMAGES[algorithm]), np.float32), classes, CLASSES
    if kind in ("numbers", "series"):
        x = random.standard_normal((n, 6, 3), np.float32)
        if kind == "series":
            return x, x.mean((1, 2)).astype(np.float32), 1
        return x, classes, CLASSES
    words = random.integers(WORDS, size=(n, 7))
    if kind == "texts":
        return words, classes, CLASSES
    return np.ascontiguousarray(words[:, :-1]), np.ascontiguousarray(words[:, 1:]), WORDS


def initial(
    folder: Path, algorithm: str, params: dict[str, Any], x: np.ndarray, y: np.ndarray, outputs: int
) -> dict[str, np.ndarray]:
    """torch's initial weights."""
    request, out = folder / "request.json", folder / "initial.safetensors"
    request.write_text(
        json.dumps(
            {
                "algorithm": algorithm,
                "params": params,
                "shape": x.shape[1:],
                "outputs": outputs,
                "vocabulary": WORDS,
                "every_step": y.ndim == 2,
                "seed": 5,
            }
        )
    )
    torch_side.made(torch_side.START, [request, out])
    return load_file(out)


def run(
    command: list[str], problem: Problem, told: dict[str, str] | None = None, **changes: Any
) -> tuple[list[dict], dict]:
    """A worker's events on a problem, and its outputs (empty where it has none).

    ``told`` is what its environment holds beside what every worker is told.

    Whatever happens it is the last event that says so, and the exit code agrees.
    """
    job = problem.job(**changes)
    ref = {"path": str(problem.folder / "inputs.safetensors"), "sha256": "0" * 64}
    lines = [json.dumps(job), json.dumps(ref)]
    if command == TORCH:
        code, said, errors = torch_side.called(torch_side.WORKER, ["torch"], lines)
    else:
        code, said, errors = _spoken(command, lines, told or {})
    events = [json.loads(line) for line in said.splitlines()]
    if not events or events[-1]["event"] not in ("result", "error"):
        raise AssertionError(errors[-2000:])
    delivered = events[-1]["event"] == "result"
    assert code == (0 if delivered else 1)
    return events, load_file(job["outputs"]) if delivered else {}


def _spoken(command: list[str], lines: list[str], told: dict[str, str]) -> tuple[int, str, str]:
    """Exit code, standard output and error of a worker that is told some lines."""
    threads = ("OMP_NUM_THREADS", "RAYON_NUM_THREADS", "CANDLE_NUM_THREADS")
    done = subprocess.run(
        command,
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=project_root(),
        check=False,
        env={**dict.fromkeys(threads, "1"), "PYTHONPATH": str(project_root()), **told},
    )
    return done.returncode, done.stdout, done.stderr


TORCH = [PYTHON, "-m", "rmlbench_utils.worker", "torch"]
