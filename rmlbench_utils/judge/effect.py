"""Whose effect is a ratio? Of a binding, of a port, or of a library: derived from facts."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

Effect = Literal["binding", "port", "library"]
Facts = dict[str, Any]
AGREES = 1e-6  # relative difference of the objective after the same iteration
OBJECTIVE = "objective_at_"


class Origin(NamedTuple):
    """``effect`` and, where something else was claimed, why it was not accepted."""

    effect: Effect
    reason: str


class Program(NamedTuple):
    """What is known of one side: name, facts, the layouts it ran in, its parity scores."""

    name: str
    facts: Facts | None
    layouts: tuple[str, ...]
    scores: dict[str, float]


def effect(algorithm: str, contender: Program, baseline: Program) -> Origin:
    """Binding, port or library.

    A binding: the same kernel library by digest, and the same ``program`` in the facts of both
    workers. A port: one side declares ``port_of`` the other in its facts; accepted only if the
    iteration counts, the objective after each compared iteration, the layout and the inner
    kernel (``inner_kernel``, by algorithm) agree. Anything else is an effect of the library.
    """
    if _binding(contender.facts, baseline.facts):
        return Origin("binding", "")
    if not (_declares(contender, baseline) or _declares(baseline, contender)):
        return Origin("library", "")
    refused = _port_refused(algorithm, contender, baseline)
    if refused:
        return Origin("library", f"declared a port, but {refused}")
    return Origin("port", "")


def _binding(a: Facts | None, b: Facts | None) -> bool:
    if a is None or b is None:
        return False
    kernels = [(facts.get("kernel_library") or {}).get("sha256") for facts in (a, b)]
    programs = [facts.get("program") for facts in (a, b)]
    return (
        None not in kernels
        and None not in programs
        and kernels[0] == kernels[1]
        and programs[0] == programs[1]
    )


def _declares(side: Program, other: Program) -> bool:
    return bool(side.facts) and (side.facts or {}).get("port_of") == other.name


def _port_refused(algorithm: str, a: Program, b: Program) -> str | None:
    steps = a.scores.get("n_iter"), b.scores.get("n_iter")
    if steps[0] != steps[1]:
        return f"iterations differ: {_count(steps[0])} / {_count(steps[1])}"
    if steps[0] is not None:
        refused = _objective_refused(a.scores, b.scores)
        if refused:
            return refused
    if a.layouts != b.layouts:
        return f"layouts differ: {', '.join(a.layouts)} / {', '.join(b.layouts)}"
    kernels = [_kernel(side.facts, algorithm) for side in (a, b)]
    if None in kernels:
        return "the inner kernel is not stated by both sides"
    if kernels[0] != kernels[1]:
        return f"inner kernels differ: {kernels[0]} / {kernels[1]}"
    return None


def _objective_refused(a: dict[str, float], b: dict[str, float]) -> str | None:
    points = [sorted(key for key in side if key.startswith(OBJECTIVE)) for side in (a, b)]
    if not points[0] or points[0] != points[1]:
        return "the objective after each iteration is not reported by both sides"
    for key in points[0]:
        if abs(a[key] - b[key]) > AGREES * max(abs(a[key]), abs(b[key])):
            step = key.removeprefix(OBJECTIVE)
            return f"objectives after iteration {step} differ: {a[key]:.9g} / {b[key]:.9g}"
    return None


def _kernel(facts: Facts | None, algorithm: str) -> str | None:
    kernels = (facts or {}).get("inner_kernel")
    if isinstance(kernels, dict):
        kernels = kernels.get(algorithm)
    return None if kernels is None else str(kernels)


def _count(value: float | None) -> str:
    return "not reported" if value is None else f"{value:.0f}"
