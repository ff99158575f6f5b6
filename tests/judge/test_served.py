"""A served regression model is held to its predictions; the pairs of a case that serves."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from rmlbench_utils.judge.families import ABSENT, LOADED, PRIMARY, membership, primary_column
from rmlbench_utils.judge.pairs import pairs
from rmlbench_utils.judge.parity import check
from rmlbench_utils.judge.reference import solve
from rmlbench_utils.judge.sides import MEASURES
from rmlbench_utils.protocol.case import Primary
from rmlbench_utils.protocol.record import ParityLine, Plan, PlannedCase, RunRecord
from tests.judge.factory import make_case, planned

SERVED = make_case(
    contenders=("sklearn", "linfa", "onnxruntime", "ort"),
    served=("onnxruntime", "ort"),
    primary=Primary(phase="predict"),
    params={"alpha": 1.0, "solver": "cholesky"},
)


def judged(predictions: np.ndarray, contender: str = "ort") -> ParityLine:
    rng = np.random.default_rng(0)
    x, x_test = rng.normal(size=(60, 4)), rng.normal(size=(20, 4))
    y, y_test = x.sum(axis=1), x_test.sum(axis=1)
    reference = solve(SERVED, x, y, x_test)
    exact = Ridge().fit(x, y).predict(x_test)[None, :]
    record = RunRecord.model_construct(contender=contender, tier="tuned", split=0, outputs="a" * 64)
    return check(
        SERVED,
        record,
        {"predictions": exact + predictions},
        reference,
        {"x_train": x, "y_train": y, "fold": np.zeros(60, dtype=np.int64)},
        {"y": y_test, "rotation": np.arange(20, dtype=np.int64)[None, :]},
    )


def test_predictions_alone_are_checked() -> None:
    line = judged(np.zeros((1, 20)))
    assert line.parity == "pass", line.reason
    assert set(line.tolerances) == set(line.differences) == {"predictions"}


@pytest.mark.parametrize("off", [1e-3, np.nan])
def test_wrong_predictions_fail(off: float) -> None:
    assert judged(np.full((1, 20), off)).parity == "fail"


def test_one_that_fits_must_give_its_coefficients() -> None:
    line = judged(np.zeros((1, 20)), "linfa")
    assert line.parity == "fail"
    assert "coefficients is missing" in str(line.reason)


def test_predict_is_primary_and_load_meets_only_its_like() -> None:
    one = PlannedCase(case=SERVED, contenders=[planned(name) for name in SERVED.contenders])
    plan = Plan(profile="smoke", seed=0, budget_s=1.0, cases=[one])
    found = pairs(plan)
    names = [(pair.contender.contender, pair.baseline.contender) for pair in found]
    assert ("ort", "onnxruntime") in names
    family = membership(found, np.ones((len(found), len(MEASURES)), dtype=np.bool_))
    column = primary_column(SERVED)
    assert MEASURES[column].phase == "predict"
    for pair, row, (contender, baseline) in zip(found, family, names, strict=True):
        assert (row[column] == PRIMARY) == pair.primary
        alike = SERVED.fits(contender) == SERVED.fits(baseline)
        assert (row[LOADED] != ABSENT).all() == alike


def test_the_name_says_that_it_serves() -> None:
    assert SERVED.name == "regression/ridge/diabetes/alpha=1,threads=1,serving"
    assert SERVED.name.removesuffix(",serving") == make_case().name
