"""Position and predecessor effects are found where they were put, and only there."""

from __future__ import annotations

import numpy as np

from rmlbench_utils.judge.sequence import sequence_effects
from tests.judge.factory import make_record


def records(position: float = 0.0, predecessor: float = 0.0, blocks: int = 200):
    random = np.random.default_rng(5)
    made = []
    for block in range(blocks):
        order = ["sklearn", "own", "linfa"]
        random.shuffle(order)
        before = None
        for place, name in enumerate(order):
            after = predecessor if before == "sklearn:shipped" else 0.0
            log = 0.02 * random.standard_normal() + position * place + after
            record = make_record(2e7 * np.exp(log), contender=name, block=block, position=place)
            made.append(record.model_copy(update={"predecessor": before}))
            before = f"{name}:shipped"
    return made


def change(frame, name):
    return frame.set_index("effect").loc[name]


def test_a_position_effect_is_found() -> None:
    found = change(sequence_effects(records(position=0.03), ["sklearn"]), "position")
    assert found["low"] < 0.0305 < found["high"]
    assert found["low"] > 0.02


def test_a_predecessor_effect_is_found() -> None:
    found = change(sequence_effects(records(predecessor=0.1), ["sklearn"]), "predecessor")
    assert found["low"] > 0.08
    assert found["high"] < 0.13


def test_nothing_is_found_where_nothing_is() -> None:
    found = sequence_effects(records(), ["sklearn"])
    assert (found["low"] < 0.005).all()
    assert (found["high"] > -0.005).all()


def test_too_few_runs_give_no_row() -> None:
    assert sequence_effects([make_record()], ["sklearn"]).empty
