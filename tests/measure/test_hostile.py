"""Hostile workers: none stops the others, none yields a verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from rmlbench_utils.cases import load_cases
from rmlbench_utils.datasets import prepare
from rmlbench_utils.judge.parity import check
from rmlbench_utils.judge.reference import cached_solve
from rmlbench_utils.measure import conversation, once
from rmlbench_utils.measure.conversation import Task
from rmlbench_utils.measure.gpu import Held
from rmlbench_utils.measure.once import Place, run_once
from rmlbench_utils.measure.stage import cpus, equal_terms
from rmlbench_utils.protocol.job import Job, Repeat
from rmlbench_utils.protocol.record import ParityLine, RunRecord
from rmlbench_utils.protocol.root import project_root

pytestmark = pytest.mark.alone
WORKER = Path(__file__).parents[1] / "hostile" / "worker.py"
CASE = load_cases("regression", "check")[0]
STATUSES = {
    "exits": "exit",
    "killed": "signal",
    "hangs": "timeout",
    "floods": "flood",
    "garbage": "garbage",
    "no_result": "incomplete",
    "wrong_digest": "digest_mismatch",
    "claims_threads": "threads_mismatch",
    "uses_threads": "threads_mismatch",
    "lies_times": "clock_mismatch",
    "lies_samples": "clock_mismatch",
    "eats_memory": "out_of_memory",
}
FAILING = {
    "nan": "not finite",
    "wrong_shape": "shape",
    "float32": "coefficients",
    "cached": "predictions",
    "lies_predictions": "predictions",
    "mean": "coefficients",
}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory):
    return prepare(CASE.dataset, 0, 0, 5, tmp_path_factory.mktemp("data"))


@pytest.fixture
def run(data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(once, "probe", lambda task: 1)

    def go(mode: str) -> RunRecord:
        job = Job(
            protocol=1,
            case=CASE.name,
            contender=mode,
            tier="shipped",
            algorithm=CASE.algorithm,
            params=CASE.params,
            layout="c",
            threads=1,
            seed=0,
            train=data.train,
            weights=None,
            outputs=str(tmp_path / "part"),
            repeat={
                "fit": Repeat(warmup=2, samples=40, batch=20),
                "predict": Repeat(warmup=1, samples=4),
            },
            folds=False,
        )
        task = Task(
            job=job,
            inputs=data.inputs,
            command=[sys.executable, str(WORKER), mode],
            environment={"PYTHONPATH": str(project_root()), **equal_terms(1)},
            cpus=cpus(1),
            limit_s=6.0 if mode == "hangs" else 60.0,
            memory_limit=1 << 30,
        )
        return run_once(task, Place(), tmp_path)

    return go


def parity(record: RunRecord, data, folder: Path) -> ParityLine:
    train, truth = load_file(data.train.path), load_file(data.truth.path)
    reference = cached_solve(CASE, train["x_train"], train["y_train"], truth["x_test"], folder)
    outputs = load_file(folder / f"{record.outputs}.safetensors")
    return check(CASE, record, outputs, reference, train, truth)


def test_honest_worker_passes(run, data, tmp_path: Path) -> None:
    record = run("honest")
    assert (record.status, record.reason) == ("ok", None)
    assert parity(record, data, tmp_path).parity == "pass"


def test_what_a_worker_holds_on_gpus_is_recorded(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "held", lambda pid: Held(12, 0.5) if pid > 1 else None)
    record = run("honest")
    assert (record.status, record.gpu_memory, record.gpu_use) == ("ok", 12, 0.5)


@pytest.mark.parametrize(("mode", "status"), STATUSES.items())
def test_misbehaviour_is_the_status_of_the_record(run, mode: str, status: str) -> None:
    record = run(mode)
    assert record.status == status, record.reason
    assert record.reason
    assert record.outputs is None


@pytest.mark.parametrize(("mode", "word"), FAILING.items())
def test_wrong_answers_fail_parity_with_the_difference(
    run, data, tmp_path: Path, mode: str, word: str
) -> None:
    record = run(mode)
    assert record.status == "ok", record.reason
    line = parity(record, data, tmp_path)
    assert line.parity == "fail"
    assert word in (line.reason or "").lower()
