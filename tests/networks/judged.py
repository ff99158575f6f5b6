"""Trainings of small problems and their parity, as the harness makes and holds them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from safetensors.numpy import load_file

from rmlbench_utils.judge.networks.parity import check
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.measure.networks import VARIANTS
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.factory import make_record
from tests.networks import torch_side
from tests.networks.problems import IMAGES, TORCH, Problem, run

TOLERANCE = {  # of the case files
    **{"logits": 1e-5, "gradients": 2.0, "parameters": 1.0},
    **{"buffers": 2.0, "trajectory": 2.0, "answers": 2.0, "still": 0.5},
}
OUTCOMES = {"steps_to_target": 0.25, "accuracy": 0.01}
SEED = 7


def case_of(algorithm: str, params: dict[str, Any], **changes: Any) -> Case:
    """A case with the tolerances of the case files."""
    fields = {
        "domain": "cnn" if algorithm in IMAGES else "rnn",
        "algorithm": algorithm,
        "dataset": "small",
        "params": params,
        "threads": 1,
        "baseline": "torch",
        "contenders": ("torch", "tch"),
        "tolerance": TOLERANCE,
        "tolerance_reason": "a test",
    }
    return Case(**{**fields, **changes})


def reference_of(asked: Problem) -> Tensors:
    """torch's float64 training, and those of other roundings."""
    return _made(torch_side.REFERENCE, asked, variants=VARIANTS)


def exported_of(asked: Problem) -> Tensors:
    """torch's trained network as an ONNX model, and what it says in float64."""
    return _made(torch_side.EXPORTED, asked)


def _made(program: str, asked: Problem, **more: int) -> Tensors:
    request, out = (asked.folder / f"{program}.{kind}" for kind in ("json", "safetensors"))
    files = {
        name: str(asked.folder / f"{name}.safetensors") for name in ("train", "weights", "inputs")
    }
    told = {"algorithm": asked.algorithm, "params": asked.params, **files}
    request.write_text(json.dumps({**told, **more, "seed": SEED, "threads": 1}))
    torch_side.made(program, [request, out])
    return load_file(out)


@dataclass(frozen=True)
class Training:
    """A problem, what torch's worker made of it, and what that is held against."""

    problem: Problem
    outputs: Tensors
    reference: Tensors

    @property
    def weights(self) -> Tensors:
        return self.problem.tensors["weights"]

    @property
    def case(self) -> Case:
        return case_of(self.problem.algorithm, self.problem.params)

    def judged(
        self,
        outputs: Tensors | None = None,
        reference: Tensors | None = None,
        role: str = "quality",
    ) -> ParityLine:
        """The parity line of some outputs, the worker's own where none are given."""
        tensors = self.problem.tensors
        return check(
            self.case,
            make_record(case=self.case.name, contender="tch", role=role),
            self.outputs if outputs is None else outputs,
            self.reference if reference is None else reference,
            tensors["train"],
            tensors["truth"],
            self.weights,
            "1" * 64,
        )

    def bent(self, **changes: np.ndarray) -> ParityLine:
        """The parity line of the worker's outputs with some in place of others."""
        return self.judged({**self.outputs, **changes})


def trained(asked: Problem) -> Training:
    """The worker's training of a problem and its reference."""
    return Training(asked, run(TORCH, asked, seed=SEED)[1], reference_of(asked))
