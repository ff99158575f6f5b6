"""A training that is the one asked for passes; one that is bent fails at its own level."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.judge.networks.differences import envelope
from rmlbench_utils.judge.networks.first_step import clipped, updated
from rmlbench_utils.judge.networks.parity import check
from rmlbench_utils.judge.outputs import Tensors
from rmlbench_utils.judge.parity import LARGEST
from tests.judge.factory import make_record
from tests.networks.judged import SEED, Training, case_of
from tests.networks.problems import TORCH, run

TRAININGS = ("lenet", "attention", "lstm", "masked")
GRADIENT, FIRST = "gradient.fc1.weight", "first.fc1.weight"
Bend = Callable[[Training], Tensors]


def scaled(name: str, by: float) -> Bend:
    return lambda made: {name: (made.outputs[name] * by).astype(np.float32)}


def unmoved(made: Training) -> Tensors:
    return {FIRST: made.weights["fc1.weight"].ravel()}


def dead(made: Training) -> Tensors:
    return {GRADIENT: np.zeros_like(made.outputs[GRADIENT]), **unmoved(made)}


BENT: list[tuple[str, Bend, str]] = [
    (
        "logits",
        lambda made: {"initial_logits": made.outputs["initial_logits"] + np.float32(1e-3)},
        "logits before any step differ by 0.001 from float64's",
    ),
    ("gradients", scaled(GRADIENT, 1.01), "a gradient of the first step is "),
    ("parameters", scaled(FIRST, 1.001), "the first update is "),
    ("parameters", unmoved, "the first update is "),
    ("gradients", dead, "a gradient of the first step is "),
    ("trajectory", scaled("losses", 1.0001), "the losses stray "),
    ("trajectory", lambda made: {"losses": np.roll(made.outputs["losses"], 1)}, "the losses stray"),
]


@pytest.mark.parametrize("name", TRAININGS)
def test_what_torch_made_passes(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    line = made.judged()
    assert line.parity == "pass", line.reason
    assert set(line.differences) == set(line.tolerances)
    assert line.scores["first_loss"] == pytest.approx(made.reference["losses"][0], rel=1e-6)
    assert set(line.curves) == {"loss", "reference", "envelope"}
    assert made.judged(role="run").parity == "pass"


@pytest.mark.parametrize("name", ["lenet", "attention", "lstm"])
def test_float64s_own_training_passes(name: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(name)
    gradients = {k: v for k, v in made.reference.items() if k.startswith("gradient.")}
    plain = {k.removeprefix("gradient."): v.ravel() for k, v in gradients.items()}
    rate, params = float(made.weights["plan.rate"][0]), made.problem.params
    first = {
        f"first.{k}": updated(made.weights[k].astype(np.float64).ravel(), v, params, rate)
        for k, v in clipped(plain, params["clip_norm"]).items()
    }
    kept = ("losses", "initial_logits", *(k for k in made.reference if k.startswith("first.")))
    known = {k: made.reference[k].ravel() for k in kept}
    known |= {k: made.reference[k] for k in ("initial_logits", "logits")}
    given = {k: v.ravel() for k, v in gradients.items()} | first | known
    line = made.bent(**{name: value.astype(np.float32) for name, value in given.items()})
    assert line.parity == "pass", line.reason
    assert line.differences["trajectory"] <= 1 / 8


@pytest.mark.parametrize(("level", "bend", "said"), BENT)
def test_what_is_bent_fails_at_its_level_and_says_so(
    lenet: Training, level: str, bend: Bend, said: str
) -> None:
    line = lenet.bent(**bend(lenet))
    assert (line.parity, line.worst_output) == ("fail", level)
    assert str(line.reason).startswith(said)


@pytest.mark.parametrize("bend", [unmoved, dead])
def test_a_parameter_that_stays_is_counted(lenet: Training, bend: Bend) -> None:
    assert lenet.judged().differences["still"] == 0
    assert lenet.bent(**bend(lenet)).differences["still"] == 1


def test_a_parameter_that_stays_is_named_where_rounding_hides_the_rest(
    attention: Training,
) -> None:
    name = "se1.fc1.weight"
    small, strays = (attention.reference[k] for k in (f"gradient.{name}", "float32_strays"))
    lax = {f"gradient.{name}": small * 1e-9, "float32_strays": np.full_like(strays, 2)}
    rests = {
        f"gradient.{name}": np.zeros(small.size, np.float32),
        f"first.{name}": attention.weights[name].ravel(),
    }
    line = attention.judged({**attention.outputs, **rests}, {**attention.reference, **lax})
    assert (line.parity, line.worst_output) == ("fail", "still")
    assert line.reason == f"without a gradient or at rest: {name} (1 in all)"


@pytest.mark.parametrize("name", ["bn1.running_mean", "bn2.running_var"])
def test_what_normalisation_keeps_is_float64s(attention: Training, name: str) -> None:
    assert f"first.{name}" in attention.reference
    bent = attention.outputs[f"first.{name}"] * np.float32(1.001)
    line = attention.bent(**{f"first.{name}": bent})
    assert (line.parity, line.worst_output) == ("fail", "buffers")
    assert str(line.reason).startswith("what batch normalisation keeps after the first step is ")


@pytest.mark.parametrize(("times", "parity"), [(1.9, "pass"), (2.1, "fail")])
def test_what_normalisation_keeps_may_stray_twice_as_far_as_rounding_leads(
    attention: Training, times: float, parity: str
) -> None:
    name = "first.bn1.running_var"
    names = sorted(name for name in attention.reference if name.startswith("first."))
    strays, known = attention.reference["float32_buffers"].copy(), attention.reference[name]
    strays[3, names.index(name)] = 0.01
    other = attention.outputs[name].copy()
    other[1] = known[1] + 0.01 * times
    line = attention.judged(
        {**attention.outputs, name: other}, {**attention.reference, "float32_buffers": strays}
    )
    assert line.parity == parity
    assert line.differences["buffers"] == pytest.approx(times, rel=1e-3)


def test_a_buffer_that_stays_0_is_looked_at(attention: Training) -> None:
    name = "first.bn1.running_mean"
    spread = name.replace("running_mean", "running_var")
    nothing = np.zeros_like(attention.reference[name])
    known = {**attention.reference, name: nothing, spread: np.zeros_like(nothing)}
    known["float32_buffers"] = np.zeros_like(known["float32_buffers"])
    zero = {**attention.outputs, name: nothing.astype(np.float32), spread: nothing.astype("f4")}
    assert attention.judged(zero, known).parity == "pass"
    line = attention.judged({**zero, name: np.full(nothing.shape, 0.5, np.float32)}, known)
    assert (line.parity, line.worst_output) == ("fail", "buffers")
    assert line.differences["buffers"] == LARGEST


def test_serving_is_unchecked_where_nothing_holds_the_answers(lenet: Training) -> None:
    """Rounding alone moves the last loss far, so what the trained network says is not gated."""
    tensors = lenet.problem.tensors
    strays = lenet.reference["float32_losses"].copy()
    strays[0, -1] += 1.0
    known = {**lenet.reference, "float32_losses": strays}
    served = {"contenders": ("torch", "torch-script", "ort"), "served": ("ort",)}
    lines = [
        check(
            case_of("lenet", lenet.problem.params, **more),
            make_record(contender="torch-script", role="quality"),
            lenet.outputs,
            reference,
            tensors["train"],
            tensors["truth"],
            lenet.weights,
            "1" * 64,
        )
        for more, reference in ((served, known), (served, lenet.reference), ({}, known))
    ]
    assert [line.parity for line in lines] == ["unchecked", "pass", "pass"]
    assert "too far to hold the answers to it" in str(lines[0].reason)


def test_what_the_trained_network_says_is_looked_at(lenet: Training) -> None:
    line = lenet.bent(logits=1 - 9 * lenet.outputs["logits"])
    assert (line.parity, line.worst_output) == ("fail", "answers")
    assert str(line.reason).startswith("what the trained network says is ")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"losses": np.array([1, np.nan, 1, np.inf], np.float32)}, "2 of 4 values that are not"),
        ({"losses": np.ones(3, np.float32)}, "losses has shape [3], it must be [4]"),
        ({"logits": np.zeros((4, 3), np.float32)}, "logits has shape [4, 3], it must be [2, 2, 3]"),
        ({"initial_logits": np.zeros((4, 3))}, "initial_logits is float64, it must be float32"),
        ({GRADIENT: np.zeros((120, 400), np.float32)}, "it must be [48000]"),
        ({"losses": None}, "losses is missing, the outputs hold "),
        ({FIRST: None}, f"{FIRST} is missing"),
    ],
)
def test_what_is_no_answer_is_said_in_words(lenet: Training, change: dict, said: str) -> None:
    given = {k: v for k, v in {**lenet.outputs, **change}.items() if v is not None}
    line = lenet.judged(given)
    assert line.parity == "fail"
    assert said in str(line.reason)


def test_evidence_is_asked_of_quality_runs_only(lenet: Training) -> None:
    plain = {k: v for k, v in lenet.outputs.items() if "." not in k}
    assert lenet.judged(plain, role="run").parity == "pass"
    assert "is missing" in str(lenet.judged(plain).reason)


@pytest.mark.parametrize("bent", ["plan.order", "plan.rate"])
def test_another_order_or_rate_fails_by_its_losses(
    lenet: Training, tmp_path: Path, bent: str
) -> None:
    plan = {"plan.order": lenet.weights["plan.order"].copy(), "plan.rate": None}
    plan["plan.order"][1:] = plan["plan.order"][:0:-1]
    plan["plan.rate"] = lenet.weights["plan.rate"] * 1.1
    other = lenet.problem.bent(tmp_path, weights={bent: plan[bent]})
    _, found = run(TORCH, other, folds=False, seed=SEED)
    line = lenet.judged(found, role="run")
    assert line.parity == "fail"
    assert line.differences["trajectory"] > line.tolerances["trajectory"]
    assert line.differences["logits"] < 1e-6


def test_other_masks_of_dropout_are_unchecked(masked: Training) -> None:
    _, found = run(TORCH, masked.problem, seed=SEED + 1)
    line = masked.judged(found)
    assert line.parity == "unchecked"
    assert "masks of dropout are drawn by each library's own generator" in str(line.reason)
    assert not np.array_equal(found["losses"], masked.outputs["losses"])
    assert envelope(masked.reference)[0] < abs(found["losses"][0] - masked.reference["losses"][0])
