"""Parity: honest answers pass, everything else fails with its reason."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Lasso, Ridge

from rmlbench_utils.judge.outputs import convergence, unrotated
from rmlbench_utils.judge.parity import CAP, check, relative_difference, tolerances
from rmlbench_utils.judge.solution import Reference
from rmlbench_utils.protocol.record import ParityLine
from tests.judge.factory import make_case, make_record

M, WINDOWS = 12, 4


class Problem:
    """Data, a scikit-learn solution as the reference, and outputs that repeat it."""

    def __init__(self, model: Any, nonzero: bool = False) -> None:
        random = np.random.default_rng(1)
        x = random.normal(size=(40, 5))
        y = x @ np.array([3.0, -2.0, 0.0, 0.0, 1.0]) + 7 + 0.1 * random.normal(size=40)
        self.train = {"x_train": x, "y_train": y, "fold": np.arange(40) % 5}
        x_test = random.normal(size=(M, 5))
        model.fit(x, y)
        shuffled = random.permutation(M)
        rotation = np.stack([np.roll(shuffled, -3 * k) for k in range(WINDOWS)])
        self.truth = {"y": model.predict(x_test) + 0.1, "rotation": rotation}
        residual = y - model.predict(x)
        self.reference = Reference(
            predictions=model.predict(x_test),
            coefficients=model.coef_,
            intercept=np.array([model.intercept_]),
            objective=float(residual @ residual + model.alpha * model.coef_ @ model.coef_)
            if isinstance(model, Ridge)
            else float(residual @ residual / 80 + model.alpha * np.abs(model.coef_).sum()),
            condition=100.0,
            rank=5,
            recipe="scikit-learn",
            sha256="f" * 64,
            nonzero=model.coef_ != 0 if nonzero else None,
        )
        self.outputs: dict[str, Any] = {
            "predictions": self.reference.predictions[rotation],
            "coefficients": model.coef_.copy(),
            "intercept": np.array([model.intercept_]),
        }

    def check(self, case: Any = None, **outputs: Any) -> ParityLine:
        given_ = {k: v for k, v in {**self.outputs, **outputs}.items() if v is not None}
        return check(
            case or make_case(), make_record(), given_, self.reference, self.train, self.truth
        )


@pytest.fixture
def ridge() -> Problem:
    return Problem(Ridge(alpha=1.0))


@pytest.fixture
def lasso() -> Problem:
    return Problem(Lasso(alpha=0.1, tol=1e-12), nonzero=True)


LASSO = make_case(algorithm="lasso", params={"alpha": 0.1})


def test_the_reference_itself_passes(ridge: Problem) -> None:
    line = ridge.check()
    assert (line.parity, line.reason, line.worst_difference) == ("pass", None, 0.0)
    assert line.correlation == pytest.approx(1.0)
    assert line.scores["mae"] == pytest.approx(0.1)
    assert line.scores["objective_gap"] < 1e-12
    assert line.scores["nonzero"] == 5


@pytest.mark.parametrize(
    ("outputs", "words"),
    [
        ({"predictions": None}, "predictions is missing"),
        ({"predictions": np.zeros((WINDOWS, M - 1))}, "has shape [4, 11], it must be [4, 12]"),
        ({"coefficients": np.zeros(5, np.float32)}, "coefficients is float32"),
        ({"intercept": np.array([np.nan])}, "intercept has 1 of 1 values that are not finite"),
        ({"predictions": np.full((WINDOWS, M), np.inf)}, "48 of 48 values that are not finite"),
        ({"coefficients": np.zeros((5, 1))}, "has shape [5, 1]"),
        ({"cv_predictions": np.zeros(3)}, "cv_predictions has shape [3], it must be [40]"),
    ],
)
def test_malformed_outputs_fail(ridge: Problem, outputs: dict[str, Any], words: str) -> None:
    line = ridge.check(**outputs)
    assert line.parity == "fail"
    assert words in str(line.reason)


def test_predicting_the_mean_fails_with_the_difference(ridge: Problem) -> None:
    mean = np.full((WINDOWS, M), ridge.train["y_train"].mean())
    line = ridge.check(predictions=mean)
    assert (line.parity, line.worst_output) == ("fail", "predictions")
    assert line.worst_difference is not None
    assert line.worst_difference > 0.1
    assert "allowed is 1e-06" in str(line.reason)


def test_one_wrong_window_is_enough(ridge: Problem) -> None:
    predictions = ridge.outputs["predictions"].copy()
    predictions[3, 5] += 1e-3
    assert ridge.check(predictions=predictions).parity == "fail"


def test_answers_in_test_row_order_are_wrong_answers(ridge: Problem) -> None:
    assert ridge.check(predictions=np.tile(ridge.reference.predictions, (4, 1))).parity == "fail"


def test_single_precision_fails(ridge: Problem) -> None:
    single = ridge.outputs["coefficients"].astype(np.float32).astype(np.float64)
    line = ridge.check(coefficients=single)
    assert (line.parity, line.worst_output) == ("fail", "coefficients")


def test_shrunk_answers_correlate_and_fail(ridge: Problem) -> None:
    line = ridge.check(predictions=ridge.outputs["predictions"] / 2)
    assert line.correlation == pytest.approx(1.0)
    assert line.parity == "fail"


def test_a_lie_about_the_intercept_fails(ridge: Problem) -> None:
    assert ridge.check(intercept=ridge.outputs["intercept"] + 1e-3).worst_output == "intercept"


def test_lasso_needs_the_same_zeros(lasso: Problem) -> None:
    assert lasso.check(LASSO).parity == "pass"
    coefficients = lasso.outputs["coefficients"].copy()
    coefficients[np.flatnonzero(coefficients == 0)[0]] = 1e-300
    line = lasso.check(LASSO, coefficients=coefficients)
    assert (line.parity, line.worst_output) == ("fail", "nonzero")
    assert "1 coefficients are zero on one side only" in str(line.reason)


def test_a_known_failure_is_named(ridge: Problem) -> None:
    case = make_case(known={"linfa": "it centres nothing"})
    line = ridge.check(case, coefficients=np.zeros(5))
    assert "known: it centres nothing" in str(line.reason)


def test_condition_number_scales_the_coefficients_up_to_the_cap(ridge: Problem) -> None:
    case = make_case(condition_scaled=True)
    assert tolerances(case, ridge.reference)["coefficients"] == pytest.approx(1e-6)
    assert tolerances(case, ridge.reference)["predictions"] == 1e-6
    for condition in (1e10, np.inf):
        extreme = Reference(**{**vars(ridge.reference), "condition": condition})
        assert tolerances(case, extreme)["coefficients"] == CAP
    assert tolerances(make_case(), ridge.reference)["coefficients"] == 1e-8


def test_same_quality_is_the_objective_alone(ridge: Problem) -> None:
    case = make_case(level="same quality", tolerance={"objective": 1e-6, "predictions": 1e-9})
    near = ridge.outputs["coefficients"] * (1 + 1e-6)
    line = ridge.check(case, coefficients=near)
    assert (line.parity, line.worst_output) == ("pass", "objective")
    assert line.differences["coefficients"] > 1e-7
    far = ridge.check(case, coefficients=ridge.outputs["coefficients"] * 1.1)
    assert (far.parity, far.worst_output) == ("fail", "objective")


def test_same_quality_without_a_tolerance_is_unchecked(ridge: Problem) -> None:
    line = ridge.check(make_case(level="same quality", tolerance={"predictions": 1.0}))
    assert line.parity == "unchecked"


def test_every_number_survives_json(ridge: Problem) -> None:
    line = ridge.check(coefficients=np.full(5, 1e300), predictions=np.full((WINDOWS, M), 1e308))
    assert line.parity == "fail"
    assert ParityLine.model_validate_json(line.line()) == line


def test_cross_validation_is_scored_by_the_harness(ridge: Problem) -> None:
    line = ridge.check(cv_predictions=ridge.train["y_train"] + 0.5)
    assert line.scores["cv_rmse_mean"] == pytest.approx(0.5)
    assert line.scores["cv_rmse_sd"] == pytest.approx(0.0, abs=1e-12)


def test_an_all_zero_reference_is_compared_absolutely() -> None:
    assert relative_difference(np.array([1e-9]), np.zeros(1)) == 1e-9


@given(st.permutations(range(7)), st.integers(1, 5))
def test_unrotating_undoes_the_rotation(order: list[int], windows: int) -> None:
    rotation = np.stack([np.roll(order, k) for k in range(windows)])
    answers = np.arange(7.0) ** 2
    assert (unrotated(answers[rotation], rotation) == answers).all()


def test_the_curve_is_thinned_to_powers_of_two() -> None:
    found = convergence({"n_iter": np.array([6]), "objective": np.arange(6.0)})
    assert found == {
        "n_iter": 6.0,
        "objective_at_1": 0.0,
        "objective_at_2": 1.0,
        "objective_at_4": 3.0,
        "objective_at_6": 5.0,
    }
