"""What a right answer is, by domain: a reference solution and the check of outputs against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rmlbench_utils.judge import parity, reference
from rmlbench_utils.judge.clustering import parity as clustering_parity
from rmlbench_utils.judge.clustering import reference as clustering_reference
from rmlbench_utils.judge.networks import parity as networks_parity
from rmlbench_utils.judge.networks.differences import telling
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.svm import parity as svm_parity
from rmlbench_utils.judge.svm import reference as svm_reference
from rmlbench_utils.judge.svm.machines import machines
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord


@dataclass(frozen=True)
class Answer:
    """The reference of a case and split: ``check`` holds outputs against it, ``facts`` are for
    the manifest."""

    check: Callable[[RunRecord, Tensors], ParityLine]
    facts: dict[str, Any]


@dataclass(frozen=True)
class Files:
    """What the files of a split hold; ``weights`` is empty where a case has none, and so is
    ``reference``, of which networks have one that was made outside."""

    train: Tensors
    truth: Tensors
    weights: Tensors
    reference: Tensors = field(default_factory=dict)
    reference_sha256: str = ""


def answer(case: Case, files: Files, cache: Path) -> Answer:
    """The reference of a case on the files of a split, kept in ``cache``.

    Raises
    ------
    NotVerified
        If no solution can be shown to be one.
    """
    return _DOMAINS[case.domain](case, files, cache)


def _regression(case: Case, files: Files, cache: Path) -> Answer:
    train, truth = files.train, files.truth
    found = reference.cached_solve(case, train["x_train"], train["y_train"], truth["x_test"], cache)
    facts = {
        "recipe": found.recipe,
        "condition": found.condition,
        "rank": found.rank,
        "sha256": found.sha256,
    }
    return Answer(
        lambda record, outputs: parity.check(case, record, outputs, found, train, truth), facts
    )


def _svm(case: Case, files: Files, cache: Path) -> Answer:
    train, truth = files.train, files.truth
    x, y = train["x_train"], train["y_train"]
    found = svm_reference.cached_solve(case, x, y, truth["x_test"], cache, train["fold"])
    made = machines(case, x, y)
    return Answer(
        lambda record, outputs: svm_parity.check(case, record, outputs, found, made, train, truth),
        found.facts,
    )


def _clustering(case: Case, files: Files, cache: Path) -> Answer:
    train, truth = files.train, files.truth
    found = clustering_reference.cached_solve(
        case, train["x_train"], files.weights.get("start"), truth["x_test"], cache
    )
    facts = {
        "recipe": found.recipe,
        "condition": found.condition,
        "doubt": found.doubt,
        "sha256": found.sha256,
    }
    return Answer(
        lambda record, outputs: clustering_parity.check(case, record, outputs, found, train, truth),
        facts,
    )


def _network(case: Case, files: Files, cache: Path) -> Answer:
    known = files.reference
    facts: dict[str, Any] = {}
    if "losses" in known or case.free_seeds:  # of a network that is served there is no training
        facts = {"recipe": "torch", "sha256": files.reference_sha256}
    if "losses" in known:
        facts |= {"variants": len(known["float32_losses"]), "telling_steps": telling(known)}
    return Answer(
        lambda record, outputs: networks_parity.check(
            case,
            record,
            outputs,
            known,
            files.train,
            files.truth,
            files.weights,
            files.reference_sha256,
        ),
        facts,
    )


_DOMAINS: dict[str, Callable[[Case, Files, Path], Answer]] = {
    "regression": _regression,
    "calibration": _regression,
    "svm": _svm,
    "clustering": _clustering,
    "cnn": _network,
    "rnn": _network,
}
