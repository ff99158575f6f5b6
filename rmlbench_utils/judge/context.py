"""What holds for a whole pair before any number is read: parity, fairness, effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rmlbench_utils.judge import free_seeds
from rmlbench_utils.judge.agreement import Agreement, Answer, answer, worse
from rmlbench_utils.judge.effect import Effect, Program, effect
from rmlbench_utils.judge.failures import told, untrue
from rmlbench_utils.judge.fairness import Facts, Fairness, Terms, builds, runs
from rmlbench_utils.judge.pairs import Pair
from rmlbench_utils.judge.sides import Side, SideKey
from rmlbench_utils.judge.svm.gaps import by_gap
from rmlbench_utils.protocol.record import Manifest, ParityLine, PlannedContender


@dataclass(frozen=True)
class Context:
    """``barred`` says why the pair gets no verdict, None where it may; ``note`` ends a reason."""

    parity: Agreement
    fairness: Fairness
    differs: str
    effect: Effect
    failures: str
    barred: str | None
    note: str
    sides: tuple[Side | None, Side | None]


def context(
    pair: Pair,
    manifest: Manifest,
    sides: dict[SideKey, Side],
    lines: dict[SideKey, list[ParityLine]],
    built: dict[tuple[str, str], Terms],
) -> Context:
    """Judge a pair as a whole; ``built`` keeps what was found for two workers before."""
    planned = (pair.contender, pair.baseline)
    both = (sides.get(pair.keys[0]), sides.get(pair.keys[1]))
    checked = [lines.get(key, []) for key in pair.keys]
    if pair.planned.case.free_seeds:
        answers = free_seeds.answers(pair.planned.case, both, checked)
    else:
        answers = [answer(side, own) for side, own in zip(both, checked, strict=True)]
    facts = [_facts(manifest, one) for one in planned]
    ids = (f"{planned[0].worker}:{planned[0].tier}", f"{planned[1].worker}:{planned[1].tier}")
    if ids not in built:
        built[ids] = builds(
            (planned[0].worker, planned[1].worker),
            (planned[0].tier, planned[1].tier),
            (facts[0], facts[1]),
            manifest.machine,
        )
    terms = built[ids] + runs(*both, matrix_bytes(manifest, pair.planned.case.dataset))
    programs = [
        Program(one.contender, known, _layouts(side, one), found.scores)
        for one, known, side, found in zip(planned, facts, both, answers, strict=True)
    ]
    origin = effect(pair.planned.case.algorithm, programs[0], programs[1])
    return Context(
        parity=worse(answers[0].parity, answers[1].parity),
        fairness=terms.fairness,
        differs="; ".join(terms.unequal + terms.disclosed),
        effect=origin.effect,
        failures=_failures(pair, both),
        barred=_barred(pair, both, answers, terms),
        note=_note(pair, origin.reason),
        sides=both,
    )


def _barred(
    pair: Pair, sides: tuple[Side | None, Side | None], answers: list[Answer], terms: Terms
) -> str | None:
    names = (pair.contender.contender, pair.baseline.contender)
    for name, side in zip(names, sides, strict=True):
        said = untrue(side)
        if said:
            return f"a run of {name} cannot be believed: {said}"
    for name, side, found in zip(names, sides, answers, strict=True):
        if found.parity == "pass":
            continue
        if side is not None and not side.ok.any():
            return f"every run of {name} failed: {_last(side)}"
        word = "fails parity" if found.parity == "fail" else "is unchecked"
        known = pair.planned.case.declared(name, pair.contender.tier)
        text = f"{name} {word}: {found.reason}"
        return f"{text} ({known})" if known and known not in text else text
    return f"unequal terms: {'; '.join(terms.unequal)}" if terms.unequal else None


def _last(side: Side) -> str:
    record = side.records[-1]
    return f"{record.status.replace('_', ' ')}, {record.reason or 'no reason given'}"


def _note(pair: Pair, refused: str) -> str:
    case = pair.planned.case
    level = "same quality, not the same answer" if case.level != "same answer" else ""
    curve = "at one tol, not at one distance from the optimum: a point of a curve"
    return "; ".join(text for text in (level, curve if by_gap(case) else "", refused) if text)


def _failures(pair: Pair, sides: tuple[Side | None, Side | None]) -> str:
    names = (pair.contender.contender, pair.baseline.contender)
    return ", ".join(f"{name} {told(side)}" for name, side in zip(names, sides, strict=True))


def _facts(manifest: Manifest, one: PlannedContender) -> Facts | None:
    listing: Any = manifest.workers.get(f"{one.worker}:{one.tier}")
    facts = listing.get("facts") if isinstance(listing, dict) else getattr(listing, "facts", None)
    return facts if isinstance(facts, dict) else None


def _layouts(side: Side | None, one: PlannedContender) -> tuple[str, ...]:
    if side is None:
        return (one.layout,)
    return tuple(sorted({record.layout for record in side.records}))


def matrix_bytes(manifest: Manifest, dataset: str) -> float:
    """Size of a dataset's training matrix in float64, 0 where the manifest does not know it."""
    known = manifest.datasets.get(dataset) or {}
    rows = known.get("train_rows") or known.get("rows") or 0
    return 8.0 * float(rows) * float(known.get("columns") or 0)
