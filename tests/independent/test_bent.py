"""Recordings bent by hand, so that rules no committed recording needs are computed twice too."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rmlbench_utils.protocol.root import project_root
from tests.independent.compare import SMALL, Rows, differing, judged, keyed, written
from tests.independent.plan import case_name
from tests.independent.runs import load
from tests.independent.table import table

Whole = tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]
FOLDER = project_root() / "book" / "recordings" / SMALL
NAMES = ("same-a", "same-b", "same-c", "same-d")
CASE = "regression/linear/synthetic_linear_20000x50/threads=1"


def runs_of(whole: Whole, contender: str = "own") -> list[dict[str, Any]]:
    """The timed runs of a contender in one case, in order of blocks."""
    found = [
        run
        for run in whole[1]
        if (run["role"], run["case"], run["contender"]) == ("run", CASE, contender)
    ]
    return sorted(found, key=lambda run: run["block"])


def fail(whole: Whole, status: str, contender: str = "own", count: int = 2) -> None:
    for run in runs_of(whole, contender)[:count]:
        run.update(status=status, reason="bent", phases={}, samples={}, latency=None, outputs=None)


def facts(whole: Whole, **changes: Any) -> None:
    """Change facts of both workers."""
    for listing in whole[0]["workers"].values():
        listing["facts"].update(changes)


def constant(whole: Whole, factor: int) -> None:
    """Every fit of one case takes exactly as long."""
    for contender, ns in (("own", factor * 10_000_000), ("sklearn", 1_000_000_000)):
        for run in runs_of(whole, contender):
            samples = run["samples"]["fit"]
            samples.update(ns=[ns * samples["batch"]] * len(samples["ns"]), warmup=1, rest_count=0)
            samples.update(rest_ns=0)


def port(whole: Whole, steps: float) -> None:
    facts(whole, inner_kernel={"linear": "gemm"})
    whole[0]["workers"]["own:shipped"]["facts"]["port_of"] = "sklearn"
    for line in whole[2]:
        own = line["contender"] == "own"
        line["scores"] |= {"n_iter": steps if own else 7.0, "objective_at_3": 1.5}


def plan(whole: Whole, **changes: Any) -> None:
    """Change the plan, hash included."""
    whole[0]["plan"].update(changes)
    text = json.dumps(whole[0]["plan"], sort_keys=True, separators=(",", ":"))
    whole[0]["plan_sha256"] = hashlib.sha256(text.encode()).hexdigest()


def unchecked(whole: Whole) -> None:
    for line in whole[2]:
        if line["contender"] == "own" and line["case"] == CASE:
            line["parity"] = "unchecked"


def few(whole: Whole) -> None:
    whole[1][:] = [run for run in whole[1] if run["block"] < 7]


def same_place(whole: Whole) -> None:
    for run in whole[1]:
        run["position"] = int(run["contender"] == "own")


def pages(whole: Whole, share: float, size: int) -> None:
    for i, run in enumerate(runs_of(whole)):
        run["huge_pages"] = size if i < share * 60 else 0
    for run in runs_of(whole, "sklearn"):
        run["huge_pages"] = size


def batched(whole: Whole) -> None:
    for run in runs_of(whole):
        run["latency"]["batch"] = 5
        run["samples"]["fit"]["batch"] = 3
        run["samples"]["fit"]["rest_count"] = 4
        run["samples"]["fit"]["rest_ns"] = 10**9


def null(whole: Whole, slower: float) -> None:
    """A null case of four names, made of the baseline's own runs; one is ``slower``."""
    first = next(one for one in whole[0]["plan"]["cases"] if case_name(one["case"]) == CASE)
    case = copy.deepcopy(first["case"])
    case.update(dataset="diabetes", baseline=NAMES[0], contenders=list(NAMES), known={})
    template = next(one for one in first["contenders"] if one["contender"] == "sklearn")
    made = [{**template, "contender": name} for name in NAMES]
    for run in runs_of(whole, "sklearn"):
        for place, name in enumerate(NAMES):
            shift = 1 + 0.01 * ((7 * run["block"] + 3 * place) % 11) / 11
            shift *= slower if name == NAMES[-1] else 1
            other = copy.deepcopy(run)
            other.update(case=case_name(case), contender=name, position=place)
            ns = other["samples"]["fit"]["ns"]
            other["samples"]["fit"]["ns"] = [round(each * shift) for each in ns]
            whole[1].append(other)
    plan(whole, null={"case": case, "contenders": made})


def lacking(whole: Whole) -> None:
    null(whole, 1.05)
    whole[1][:] = [run for run in whole[1] if run["contender"] != NAMES[1]]


BENDS: dict[str, Callable[[Whole], object]] = {
    "time-outs of the contender": lambda w: fail(w, "timeout"),
    "time-outs of the baseline": lambda w: fail(w, "timeout", "sklearn"),
    "many time-outs": lambda w: fail(w, "timeout", count=25),
    "every run failed": lambda w: fail(w, "signal", count=99),
    "clocks off more than rarely": lambda w: fail(w, "clock_mismatch", count=9),
    "clocks off once": lambda w: fail(w, "clock_mismatch", count=1),
    "a wrong digest": lambda w: fail(w, "digest_mismatch", count=1),
    "an output never checked": lambda w: runs_of(w)[3].update(outputs="f" * 64),
    "parity unchecked": lambda w: unchecked(w),
    "other threads": lambda w: [run.update(threads=2) for run in runs_of(w)],
    "another layout in some runs": lambda w: [run.update(layout="c") for run in runs_of(w)[:9]],
    "a debug build": lambda w: w[0]["workers"]["own:shipped"]["facts"].update(opt_level="1"),
    "features the machine lacks": lambda w: w[0]["machine"].update(cpu_features=["sse2"]),
    "no facts": lambda w: w[0]["workers"].pop("own:shipped"),
    "one kernel, one program": lambda w: facts(w, kernel_library={"sha256": "1"}, program="a"),
    "a port": lambda w: port(w, 7.0),
    "a port of other steps": lambda w: port(w, 8.0),
    "times that do not vary": lambda w: constant(w, 50),
    "times that do not vary, equal": lambda w: constant(w, 100),
    "7 blocks": few,
    "a null case that stands": lambda w: null(w, 1.0),
    "a null case that fails": lambda w: null(w, 1.05),
    "a null case that lacks a name": lambda w: lacking(w),
    "always the same position": same_place,
    "huge pages of one side": lambda w: pages(w, 0.0, 2**23),
    "huge pages in some runs": lambda w: pages(w, 0.6, 2**23),
    "batches": batched,
    "profile check": lambda w: plan(w, profile="check"),
    "Bonferroni": lambda w: plan(w, adjust="bonferroni"),
    "false discovery rate": lambda w: plan(w, adjust="fdr"),
    "a wide margin": lambda w: (
        [one["case"].update(margin=0.9) for one in w[0]["plan"]["cases"]],
        plan(w),
    ),
}


REFUSED = {
    "a port of other steps",
    "a null case that stands",
    "a null case that lacks a name",
}  # leaves the table as it was


@pytest.fixture(scope="module")
def straight() -> Rows:
    return keyed(table(FOLDER))


@pytest.mark.parametrize("name", BENDS)
def test_a_bent_recording_is_judged_alike(name: str, straight: Rows, tmp_path: Path) -> None:
    whole = load(FOLDER)
    BENDS[name](whole)
    bent = written(tmp_path / SMALL, *whole)
    ours = judged(bent)
    assert (differing(ours, straight) == []) == (name in REFUSED)
    assert differing(ours, keyed(table(bent))) == []
