"""Which rows each step takes and at which rate, and what a training begins from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.contenders.network_terms import defaults
from rmlbench_utils.datasets.network_plan import VALIDATION, rates, steps
from rmlbench_utils.protocol.errors import UsageError
from tests.networks.torch_side import ran

COUNTS = (1, 2, 3, 7, 20, 60)
RATE = 0.3
SNIPPET = """
import json, sys
import torch
from torch.optim import lr_scheduler as scheduled
asked = json.load(open(sys.argv[1]))
found = {}
for count in asked["counts"]:
    kinds = {
        "constant": lambda one: scheduled.ConstantLR(one, factor=1.0),
        "step": lambda one: scheduled.MultiStepLR(one, [-(-count // 2), -(-3 * count // 4)]),
        "cosine": lambda one: scheduled.CosineAnnealingLR(one, T_max=count, eta_min=0.0),
    }
    for name, kind in kinds.items():
        one = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=asked["rate"])
        plan, rates = kind(one), []
        for _ in range(count):
            rates.append(one.param_groups[0]["lr"])
            one.step()
            plan.step()
        found[f"{name} {count}"] = rates
print(json.dumps(found))
"""


def asked(**params: Any) -> dict[str, Any]:
    return {**defaults("lenet"), **params}


@given(
    rows=st.integers(1, 120),
    batch=st.integers(1, 40),
    count=st.integers(1, 25),
    evaluated=st.booleans(),
    seed=st.integers(0, 2**31),
)
def test_an_epoch_visits_each_row_at_most_once_and_validation_never(
    rows: int, batch: int, count: int, evaluated: bool, seed: int
) -> None:
    params = asked(batch_size=batch, steps=count, evaluate_every=int(evaluated))
    learned = rows - (rows // 4 if evaluated else 0)
    if batch > learned:
        with pytest.raises(UsageError, match=f"it must be at most {learned}, the rows to train on"):
            steps(params, rows, np.random.default_rng(seed))
        return
    order, validation = steps(params, rows, np.random.default_rng(seed))
    assert order.shape == (count, batch)
    assert order.dtype == validation.dtype == np.int64
    assert len(validation) == rows - learned
    assert not np.isin(order, validation).any()
    assert set(order.ravel()) | set(validation) <= set(range(rows))
    each = learned // batch
    for begin in range(0, count, each):
        epoch = order[begin : begin + each].ravel()
        assert len(set(epoch)) == len(epoch)


def test_a_batch_that_is_too_large_is_one_sentence() -> None:
    with pytest.raises(UsageError) as caught:
        steps(asked(batch_size=9), 8, np.random.default_rng(0))
    assert str(caught.value) == ("batch_size is 9: it must be at most 8, the rows to train on")


def test_an_epoch_of_whole_batches_visits_every_row_in_a_fresh_order() -> None:
    order, _ = steps(asked(batch_size=4, steps=6), 12, np.random.default_rng(2))
    first, second = order[:3].ravel(), order[3:].ravel()
    assert sorted(first) == sorted(second) == list(range(12))
    assert first.tolist() != second.tolist()


def test_validation_takes_a_quarter_but_no_more_than_it_needs() -> None:
    params = asked(batch_size=4, steps=2, evaluate_every=1)
    for rows in (8, 1000, 5000):
        _, validation = steps(params, rows, np.random.default_rng(0))
        assert len(validation) == min(VALIDATION, rows // 4)
        assert (np.diff(validation) > 0).all()


@pytest.fixture(scope="module")
def torchs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[float]]:
    """The rates that torch's schedulers give."""
    path: Path = tmp_path_factory.mktemp("rates") / "asked.json"
    path.write_text(json.dumps({"counts": COUNTS, "rate": RATE}))
    return json.loads(ran(SNIPPET, path))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("schedule", ["constant", "step", "cosine"])
def test_rates_are_those_of_torchs_schedulers(
    torchs: dict[str, list[float]], schedule: str, count: int
) -> None:
    found = rates(asked(schedule=schedule, steps=count, learning_rate=RATE))
    assert found.dtype == np.float64
    assert found == pytest.approx(torchs[f"{schedule} {count}"], rel=1e-9)
