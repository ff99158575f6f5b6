"""Fairness and effect: what bars a verdict, what is named beside it, what may be called a port."""

from typing import Any

import pytest

from rmlbench_utils.judge.effect import Program, effect
from rmlbench_utils.judge.fairness import Terms, builds, runs
from rmlbench_utils.judge.sides import Side, sides
from tests.judge.factory import PYTHON_FACTS, RUST_FACTS, make_record

BIG = 80e6


def terms(changes: dict[str, Any], tier: str = "shipped", machine: Any = None) -> Terms:
    facts = ({**RUST_FACTS, **changes}, PYTHON_FACTS)
    return builds(("linfa", "sklearn"), (tier, "shipped"), facts, machine or {})


def test_the_same_build_is_equal() -> None:
    same = builds(("a", "b"), ("tuned", "tuned"), (RUST_FACTS, RUST_FACTS), {})
    assert same.fairness == "equal"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"debug_assertions": True}, "debug assertions"),
        ({"opt_level": "2"}, "optimisation level 2"),
        ({"opt_level": 0}, "optimisation level 0"),
        ({"target_cpu": "native"}, "tier shipped"),
    ],
)
def test_unequal_builds(changes: dict[str, Any], words: str) -> None:
    found = terms(changes)
    assert found.fairness == "unequal"
    assert words in found.unequal[0]


def test_native_is_what_tuned_means() -> None:
    assert terms({"target_cpu": "native"}, tier="tuned").fairness == "disclosed"


def test_a_binary_for_another_machine() -> None:
    found = terms({"cpu_features": ["avx512f"]}, machine={"cpu_features": ["avx2", "sse2"]})
    assert found.unequal == ("linfa uses CPU features the machine lacks: avx512f",)
    assert terms({}, machine={"cpu_features": ["avx2", "sse2"]}).unequal == ()


def test_features_are_compared_by_what_they_are_not_by_how_they_are_spelt() -> None:
    compiled = {"compiled_cpu_features": ["sse4.1", "avxvnni", "avx512vnni", "fxsr", "lahfsahf"]}
    here = {"cpu_features": ["sse2", "sse4_1", "avx_vnni", "avx512_vnni"]}
    assert terms(compiled, machine=here).unequal == ()
    assert "avxvnni" in terms(compiled, machine={"cpu_features": ["sse2", "sse4_1"]}).unequal[0]


def test_what_a_worker_notes_stands_beside_the_row() -> None:
    assert "linfa: the caller centres X" in terms({"notes": ["the caller centres X"]}).disclosed


def test_differences_are_named() -> None:
    found = terms({})
    assert found.fairness == "disclosed"
    assert "interpreter: none / CPython 3.11.7" in found.disclosed


def test_an_optimisation_level_nobody_states_is_named() -> None:
    assert any("does not state" in text for text in terms({"opt_level": None}).disclosed)


def test_a_worker_without_facts_is_named() -> None:
    found = builds(("linfa", "sklearn"), ("tuned", "tuned"), (None, PYTHON_FACTS), {})
    assert found.disclosed == ("linfa states no facts about its build",)


def side(**changes: Any) -> Side:
    records = [make_record(block=block, **changes) for block in range(5)]
    return next(iter(sides(records).values()))


@pytest.mark.parametrize(
    ("a", "b", "size", "fairness"),
    [
        (80_000_000, 0, BIG, "unequal"),
        (0, 80_000_000, BIG, "unequal"),
        (80_000_000, 60_000_000, BIG, "equal"),
        (0, 0, BIG, "equal"),
        (80_000_000, 0, 1e6, "equal"),
        (None, None, BIG, "equal"),
        (80_000_000, None, BIG, "disclosed"),
    ],
)
def test_huge_pages(a: int | None, b: int | None, size: float, fairness: str) -> None:
    assert runs(side(huge_pages=a), side(huge_pages=b), size).fairness == fairness


def test_other_threads_are_unequal_and_another_layout_is_named() -> None:
    assert runs(side(threads=2), side(), 0).fairness == "unequal"
    found = runs(side(layout="f"), side(), 0)
    assert (found.fairness, found.disclosed) == ("disclosed", ("layout: f / c",))


KERNEL = {"kernel_library": {"path": "lib.so", "sha256": "a" * 64}, "program": "eager"}
PORT = {"port_of": "own-python", "inner_kernel": {"lasso": "eight-lane dot"}}
OTHER = {"inner_kernel": {"lasso": "eight-lane dot"}}
SCORES = {"n_iter": 9.0, "objective_at_1": 2.0, "objective_at_9": 1.0}


def program(name: str, facts: Any, layout: str = "f", **scores: float) -> Program:
    return Program(name, facts, (layout,), {**SCORES, **scores})


def test_a_binding_is_the_same_kernel_and_the_same_program() -> None:
    same = effect("lasso", program("tch", KERNEL), program("torch", KERNEL))
    assert same.effect == "binding"
    for change in ({"program": "script"}, {"kernel_library": {"sha256": "b" * 64}}):
        other = effect("lasso", program("tch", KERNEL), program("torch", {**KERNEL, **change}))
        assert other.effect == "library"


def test_a_port_is_accepted_where_all_agrees() -> None:
    for pair in (
        (program("own", PORT), program("own-python", OTHER)),
        (program("own-python", OTHER), program("own", PORT)),
    ):
        assert effect("lasso", *pair) == ("port", "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n_iter": 10.0}, "iterations differ: 9 / 10"),
        ({"objective_at_9": 1.1}, "objectives after iteration 9 differ"),
        ({"layout": "c"}, "layouts differ: f / c"),
        ({"facts": {"inner_kernel": {"lasso": "OpenBLAS ddot"}}}, "inner kernels differ"),
        ({"facts": {}}, "inner kernel is not stated"),
        ({"objective_at_5": 1.0}, "not reported by both"),
    ],
)
def test_a_port_is_refused_with_the_reason(changes: dict[str, Any], words: str) -> None:
    other = program("own-python", **{"facts": OTHER, **changes})
    found = effect("lasso", program("own", PORT), other)
    assert found.effect == "library"
    assert words in found.reason


def test_nothing_declared_is_a_library_effect() -> None:
    assert effect("lasso", program("linfa", {}), program("sklearn", {})) == ("library", "")


def test_huge_pages_in_half_of_the_runs_are_named() -> None:
    def mixed(share: int) -> Side:
        made = [make_record(block=b, huge_pages=2**23 if b % 4 < share else 0) for b in range(20)]
        return next(iter(sides(made).values()))

    found = runs(mixed(3), mixed(4), BIG)
    assert found.fairness == "equal"  # a quarter is not named
    found = runs(mixed(2), mixed(4), BIG)
    assert found.disclosed == ("runs that got huge pages: 50 % / 100 %",)
