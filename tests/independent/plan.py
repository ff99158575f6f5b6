"""What a plan compares, from plain JSON."""

from __future__ import annotations

from typing import Any


def case_name(case: dict[str, Any]) -> str:
    """``domain/algorithm/dataset/param=value,...,threads=N``, and what else is not as usual."""
    named = {name: case["params"][name] for name in case["named"]} | {"threads": case["threads"]}
    shown = [f"{k}={v:g}" if isinstance(v, float) else f"{k}={v}" for k, v in named.items()]
    shown += [] if case["huge_pages"] else ["huge_pages=off"]
    shown += ["serving"] if case.get("served") else []
    return "/".join([case["domain"], case["algorithm"], case["dataset"], ",".join(shown)])


def comparisons(planned: dict[str, Any]) -> list[tuple[Any, Any, list[str], bool]]:
    """Contender, baseline, the tiers the comparison stands for, and whether it is primary."""
    by_name: dict[str, dict[str, Any]] = {}
    for one in planned["contenders"]:
        by_name.setdefault(one["contender"], {})[one["tier"]] = one
    tiers = [t for t in ("shipped", "tuned") if any(t in one for one in by_name.values())]
    base = planned["case"]["baseline"]
    wanted = [(name, base, True) for name in by_name if name != base and base in by_name]
    for rust, python in (("own", "own-python"), ("ort", "onnxruntime")):
        if {rust, python} <= set(by_name) and base != python:
            wanted.append((rust, python, False))
    found: list[tuple[Any, Any, list[str], bool]] = []
    for name, other, primary in wanted:
        distinct: dict[tuple[str, str], list[str]] = {}
        for tier in tiers:
            # Only a side that was measured as shipped alone stands for both.
            mine, theirs = (
                "shipped" if list(by_name[each]) == ["shipped"] else tier for each in (name, other)
            )
            if mine not in by_name[name] or theirs not in by_name[other]:
                continue
            distinct.setdefault((mine, theirs), []).append(tier)
        for (mine, theirs), shown in distinct.items():
            found.append((by_name[name][mine], by_name[other][theirs], shown, primary))
    return found
