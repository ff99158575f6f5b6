"""Trainings that draw their own weights: steps to a target, compared over all seeds."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.judge import free_seeds
from rmlbench_utils.judge.agreement import Answer
from rmlbench_utils.judge.networks.parity import check
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.factory import make_line, make_record
from tests.networks.judged import OUTCOMES, case_of
from tests.networks.problems import STEPS, TORCH, Problem, problem, run

SEEDS, EVERY = 20, 2
Outputs = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Problem, Outputs]:
    folder: Path = tmp_path_factory.mktemp("free")
    asked = problem(folder, "lenet", evaluate_every=EVERY)
    return asked, run(TORCH, asked, folds=False)[1]


def case(target: float, **params: float) -> Case:
    told = {"evaluate_every": EVERY, "dropout": 0.0, **params}
    return case_of("lenet", told, tolerance=OUTCOMES, target=target, level="same quality")


def judged(made: tuple[Problem, Outputs], target: float, outputs: Outputs) -> ParityLine:
    tensors = made[0].tensors
    record = make_record(contender="tch", role="run")
    files = (tensors["train"], tensors["truth"], tensors["weights"])
    return check(case(target), record, outputs, {}, *files, "")


def evaluated(made: tuple[Problem, Outputs], *right: int) -> Outputs:
    """The worker's outputs, had so many of the three validation rows been right each time."""
    asked, outputs = made
    tensors = asked.tensors
    truth = tensors["train"]["y_train"][tensors["weights"]["plan.validation"]]
    said = np.zeros_like(outputs["evaluations"])
    for one, count in zip(said, right, strict=True):
        for row, label in enumerate(truth):
            one[row, label if row < count else (label + 1) % 3] = 1.0
    return {**outputs, "evaluations": said}


def test_one_run_is_unchecked_and_shows_its_curve(made: tuple[Problem, Outputs]) -> None:
    line = judged(made, 0.5, evaluated(made, 1, 2))
    assert line.parity == "unchecked"
    assert "weights and order are free" in str(line.reason)
    assert line.curves == {"accuracy": pytest.approx([1 / 3, 2 / 3])}
    assert judged(made, 0.5, made[1]).parity == "unchecked"


@pytest.mark.parametrize(
    ("right", "steps"), [((3, 3), 2.0), ((2, 1), 2.0), ((0, 2), 4.0), ((1, 1), None)]
)
def test_the_target_is_reached_at_the_first_evaluation_that_has_it(
    made: tuple[Problem, Outputs], right: tuple[int, int], steps: float | None
) -> None:
    line = judged(made, 2 / 3, evaluated(made, *right))
    assert line.scores.get("steps_to_target") == steps
    before = None if steps is None else steps / EVERY - 1
    assert line.scores.get("evaluations_before") == before
    (found,) = free_seeds.outcomes(free_seeds.objectives(case(0.5))[0], [line], [0])
    assert found == steps if steps else np.isnan(found)


def test_evaluations_that_are_not_there_fail(made: tuple[Problem, Outputs]) -> None:
    outputs = {name: value for name, value in made[1].items() if name != "evaluations"}
    line = judged(made, 0.5, outputs)
    assert line.parity == "fail"
    assert "evaluations is missing" in str(line.reason)
    few = {**made[1], "evaluations": made[1]["evaluations"][:1]}
    assert f"must be [{STEPS // EVERY}, 3, 3]" in str(judged(made, 0.5, few).reason)


def lines(contender: str, factor: float = 1.0, accuracy: float = 0.97) -> list[ParityLine]:
    """One line a seed: some 100 steps, spread by a tenth."""
    random = np.random.default_rng(1 if contender == "torch" else 2)
    spread = np.exp(0.1 * random.standard_normal(SEEDS))
    near = accuracy + 0.002 * random.standard_normal(SEEDS)
    return [
        make_line(
            contender,
            case=case(0.9).name,
            split=seed,
            outputs=f"{contender}{seed}",
            parity="unchecked",
            scores={"steps_to_target": 100 * factor * steps, "accuracy": known},
        )
        for seed, (steps, known) in enumerate(zip(spread, near, strict=True))
    ]


def pair(contender: list[ParityLine], failed: int = 0) -> Answer:
    """What is said of a contender beside a baseline of twenty seeds."""
    both = [contender, lines("torch")]
    runs = [
        make_record(
            case=line.case, contender=line.contender, split=line.split, block=line.split
        ).model_copy(update={"outputs": line.outputs})
        for side in both
        for line in side
    ]
    runs += [
        make_record(
            case=case(0.9).name, contender="tch", split=100 + i, block=100 + i, status="diverged"
        )
        for i in range(failed)
    ]
    found = {key[1]: side for key, side in sides(runs).items()}
    answers = free_seeds.answers(case(0.9), (found["tch"], found["torch"]), both)
    assert answers[1].parity == "pass"
    return answers[0]


def test_twenty_seeds_of_equal_outcomes_pass() -> None:
    assert pair(lines("tch")).parity == "pass"


@pytest.mark.parametrize(
    ("factor", "accuracy", "scale", "said"),
    [
        (1.4, 0.97, "ratio", 1.4),
        (1 / 1.4, 0.97, "ratio", 1 / 1.4),
        (1.0, 0.94, "difference", -0.03),
    ],
)
def test_more_steps_or_less_accuracy_are_unchecked(
    factor: float, accuracy: float, scale: str, said: float
) -> None:
    found = pair(lines("tch", factor, accuracy))
    assert found.parity == "unchecked"
    told = re.match(r"the (\w+) of the outcomes is ([-.\d]+), its 90 % interval", found.reason)
    assert told is not None, found.reason
    assert told[1] == scale
    assert float(told[2]) == pytest.approx(said, rel=0.1)
    assert "which is not inside" in found.reason


def test_a_seed_that_never_reached_the_target_is_counted() -> None:
    contender = lines("tch")
    contender[5] = contender[5].model_copy(update={"scores": {"accuracy": 0.97}})
    found = pair(contender)
    assert (found.parity, found.reason[:9]) == ("unchecked", "19 and 20")


def test_a_seed_beyond_twenty_without_outcome_is_counted() -> None:
    found = pair(lines("tch"), failed=1)
    assert found.parity == "unchecked"
    assert found.reason == "1 and 0 seeds have no outcome: none may be missing"
