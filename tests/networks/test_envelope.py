"""How far losses may stray, and where nothing can be told any more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.judge.networks.differences import ULPS, UNIT, WIDE, envelope, telling
from rmlbench_utils.judge.outputs import Tensors
from tests.networks.judged import Training


def strayed(losses: np.ndarray, apart: np.ndarray) -> Tensors:
    return {"losses": losses, "float32_losses": losses + apart}


@given(
    steps=st.integers(1, 30),
    variants=st.integers(1, 19),
    size=st.floats(0, 1),
    seed=st.integers(0, 2**31),
)
def test_it_never_narrows_and_is_never_below_its_floor(
    steps: int, variants: int, size: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    losses = random.exponential(size=steps)
    known = strayed(losses, size * random.standard_normal((variants, steps)))
    found = envelope(known)
    assert (found >= ULPS * UNIT * np.abs(losses)).all()
    assert (found >= np.abs(known["float32_losses"] - losses)).all()
    assert (np.diff(found) >= 0).all()
    told = telling(known)
    assert (found[:told] <= WIDE * losses[0]).all()
    assert told == steps or found[told] > WIDE * losses[0]


def test_without_any_stray_it_is_the_floor() -> None:
    known = strayed(np.array([2.0, 1.0, 4.0]), np.zeros((19, 3)))
    assert envelope(known) == pytest.approx(ULPS * UNIT * np.array([2.0, 2.0, 4.0]))
    assert telling(known) == 3


def wide(lenet: Training, after: int) -> Tensors:
    """The reference, had one of its trainings strayed far after so many steps."""
    losses = lenet.reference["float32_losses"].copy()
    losses[3, after] += 0.2 * lenet.reference["losses"][0]
    return {**lenet.reference, "float32_losses": losses}


def test_losses_are_looked_at_as_long_as_they_tell(lenet: Training) -> None:
    known = wide(lenet, 3)
    assert (telling(lenet.reference), telling(known)) == (4, 3)
    later, earlier = lenet.outputs["losses"].copy(), lenet.outputs["losses"].copy()
    later[3] *= 1.5
    earlier[2] *= 1.0001
    assert lenet.judged({**lenet.outputs, "losses": later}, known).parity == "pass"
    assert lenet.judged({**lenet.outputs, "losses": earlier}, known).parity == "fail"


@pytest.mark.parametrize("after", [0, 1, 2])
def test_where_too_few_steps_tell_the_run_is_unchecked(lenet: Training, after: int) -> None:
    line = lenet.judged(reference=wide(lenet, after))
    assert line.parity == "unchecked"
    said = f"after {after} steps rounding alone changes the loss by a tenth"
    assert line.reason == said
    assert line.scores == lenet.judged().scores
