"""What torch's worker writes has the shapes and the order of the protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.networks.problems import BATCH, CLASSES, STEPS, TORCH, WORDS, Problem, problem, run

KINDS = {  # what is learned → network, answer to a row
    "images": ("simple_cnn", (CLASSES,)),
    "numbers": ("bidirectional_lstm", (CLASSES,)),
    "series": ("attention_lstm", (1,)),
    "texts": ("stacked_lstm", (CLASSES,)),
    "words": ("gru", (6, WORDS)),
}
Made = tuple[Problem, list[dict[str, Any]], dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Made]:
    """The worker's answer to a kind of problem, asked once."""
    known: dict[str, Made] = {}

    def of(kind: str) -> Made:
        if kind not in known:
            widths = {} if kind == "images" else {"hidden_size": 6, "embedding_size": 5}
            folder = tmp_path_factory.mktemp(kind)
            asked = problem(folder, KINDS[kind][0], kind, evaluate_every=2, **widths)
            known[kind] = (asked, *run(TORCH, asked))
        return known[kind]

    return of


@pytest.mark.parametrize("kind", KINDS)
def test_outputs_have_the_shapes_of_the_protocol(made: Callable[[str], Made], kind: str) -> None:
    asked, _, found = made(kind)
    answer = KINDS[kind][1]
    weights = {k: v for k, v in asked.tensors["weights"].items() if not k.startswith("plan.")}
    wanted = {
        "initial_logits": (BATCH, *answer),
        "losses": (STEPS,),
        "logits": (2, 2, *answer),
        "evaluations": (STEPS // 2, 3, *answer),
        **{f"first.{name}": (value.size,) for name, value in weights.items()},
        **{f"gradient.{name}": (value.size,) for name, value in weights.items()},
    }
    assert {name: value.shape for name, value in found.items()} == wanted
    assert {value.dtype for value in found.values()} == {np.dtype(np.float32)}
    assert all(np.isfinite(value).all() for value in found.values())


def test_events_come_in_order_and_threads_are_told(made: Callable[[str], Made]) -> None:
    _, events, _ = made("images")
    shown = [event["event"] + ":" + event.get("phase", "") for event in events]
    ends = ("phase_begin", "phase_end")
    fit = [f"{kind}:fit" for kind in (*ends, "sample")]
    predict = [f"{kind}:predict" for kind in (*ends, "sample")]
    load = [f"{kind}:load" for kind in ends]
    wanted = ["ready:", *load, *fit, *load, "inputs_wanted:", *load, *predict, "result:"]
    assert shown == wanted
    assert events[0]["threads"] == 1
    (steps,) = (e for e in events if e["event"] == "sample" and e["phase"] == "fit")
    assert len(steps["ns"]) == STEPS


def test_the_last_evaluation_is_of_what_was_learned(made: Callable[[str], Made]) -> None:
    _, _, found = made("images")
    assert not np.array_equal(found["evaluations"][0], found["evaluations"][1])
    assert not np.array_equal(found["evaluations"][1][:2], found["logits"][0])


def test_a_process_of_its_own_says_the_same(made: Callable[[str], Made]) -> None:
    asked, events, found = made("words")
    others, again = run(["env", *TORCH], asked)
    assert [event["event"] for event in others] == [event["event"] for event in events]
    assert found.keys() == again.keys()
    assert all(np.array_equal(found[name], again[name]) for name in found)
