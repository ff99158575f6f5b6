"""What bars a verdict, what differs, and whose effect it is, from plain JSON."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
from scipy import stats

from tests.independent.runs import Run

LIES = {"clock_mismatch", "digest_mismatch", "threads_mismatch", "bad_outputs"}
INSTRUCTIONS = ("sse", "ssse", "avx", "amx", "fma", "neon", "sve")
MIB = 1024 * 1024
Runs = dict[int, Run]


@dataclass
class Terms:
    """Parity, fairness and effect of a pair; ``bar`` is how the reason begins, if it has one."""

    parity: str
    fairness: str
    differs: list[str]
    effect: str
    failures: str
    bar: str | None


def share_between(failed: int, runs: int) -> tuple[float, float]:
    """Clopper and Pearson's 95 % limits, as quantiles of beta distributions."""
    low = stats.beta.ppf(0.025, failed, runs - failed + 1) if failed else 0.0
    high = stats.beta.ppf(0.975, failed + 1, runs - failed) if failed < runs else 1.0
    return float(low), float(high)


def lied(runs: Runs) -> bool:
    """A run said something untrue; clocks may disagree if that is rare, at most 1 %."""
    said = [run["status"] for run in runs.values() if run["status"] in LIES]
    clocks = said.count("clock_mismatch")
    if clocks == len(said) and clocks:
        return share_between(clocks, len(runs))[0] > 0.01
    return bool(said)


def parity(runs: Runs, lines: list[dict[str, Any]]) -> str:
    """Of a side: every distinct output must have been checked and have passed."""
    words = {line["parity"] for line in lines}
    if "fail" in words:
        return "fail"
    if not runs:
        return "pass" if words == {"pass"} else "unchecked"
    passed = {(line["split"], line["outputs"]) for line in lines if line["parity"] == "pass"}
    good = [run for run in runs.values() if run["status"] == "ok"]
    if good and all((run["split"], run["outputs"]) in passed for run in good):
        return "pass"
    return "unchecked"


def free(case: dict[str, Any]) -> list[tuple[str, bool, float]]:
    """Of sides that draw their own starts what must be alike, whether by its ratio, and the
    margin; nothing where the start is given."""
    allowed, params = case["tolerance"], case["params"]
    if params.get("evaluate_every"):
        ratio = ("steps_to_target", True, allowed["steps_to_target"])
        return [ratio, ("accuracy", False, allowed["accuracy"])]
    if params.get("init", "given") == "given":
        return []
    if case["algorithm"] == "kmeans":
        return [("inertia", True, allowed["objective"])]
    return [("log_likelihood", False, allowed["objective"])]


def over_seeds(name: str, ratio: bool, margin: float, runs: tuple[Runs, Runs], lines: Any) -> str:
    """Whether what the seeds of two sides reached is equivalent at 5 %."""
    sides = []
    for mine, found in zip(runs, lines, strict=True):
        reached: dict[int, list[float]] = {run["split"]: [] for run in mine.values()}
        for line in found:
            reached.setdefault(line["split"], []).append(line["scores"].get(name, np.nan))
        sides.append(np.array([np.mean(each or [np.nan]) for each in reached.values()]))
    if ratio:
        margin = np.log1p(margin)
        sides = [np.log(np.where(each > 0, each, np.nan)) for each in sides]
    if min(np.isfinite(each).sum() for each in sides) < 20 or any(np.isnan(s).any() for s in sides):
        return "unchecked"
    if np.ptp(sides[0]) == np.ptp(sides[1]) == 0:
        return "pass" if abs(sides[0][0] - sides[1][0]) <= margin else "unchecked"
    between = stats.ttest_ind(*sides, equal_var=False).confidence_interval(0.90)
    return "pass" if -margin <= between.low and between.high <= margin else "unchecked"


def failures(name: str, runs: Runs) -> str:
    failed, n = sum(run["status"] != "ok" for run in runs.values()), len(runs)
    if not failed:
        return f"{name} 0 of {n}"
    low, high = share_between(failed, n)
    return f"{name} {failed} of {n} ({100 * low:.1f} to {100 * high:.1f} %)"


def terms(
    manifest: dict[str, Any],
    case: dict[str, Any],
    pair: tuple[dict[str, Any], dict[str, Any]],
    runs: tuple[Runs, Runs],
    lines: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> Terms:
    """Everything about a pair (contender, baseline) that is not a measured number."""
    answers = [parity(mine, found) for mine, found in zip(runs, lines, strict=True)]
    if (wanted := free(case)) and "fail" not in answers:
        found = {over_seeds(*each, runs, lines) for each in wanted}
        answers = ["unchecked" if "unchecked" in found else "pass", "pass"]
    listings = [manifest["workers"].get(f"{one['worker']}:{one['tier']}", {}) for one in pair]
    facts = [listing.get("facts") for listing in listings]
    unequal, named = builds(pair, facts, manifest["machine"])
    if runs[0] and runs[1]:
        size = manifest["datasets"].get(case["dataset"]) or {}
        rows = size.get("train_rows") or size.get("rows") or 0
        more = conditions(runs, 8 * rows * (size.get("columns") or 0))
        unequal, named = unequal + more[0], named + more[1]
    both = "fail" if "fail" in answers else "unchecked" if "unchecked" in answers else "pass"
    return Terms(
        parity=both,
        fairness="unequal" if unequal else "disclosed" if named else "equal",
        differs=unequal + named,
        effect=effect(case["algorithm"], pair, facts, runs, lines),
        failures=", ".join(
            failures(one["contender"], mine) for one, mine in zip(pair, runs, strict=True)
        ),
        bar=barred(pair, runs, answers, bool(unequal)),
    )


def barred(pair: Any, runs: tuple[Runs, Runs], answers: list[str], unequal: bool) -> str | None:
    """Untruths first, then missing parity, then unequal terms."""
    names = [one["contender"] for one in pair]
    for name, mine in zip(names, runs, strict=True):
        if lied(mine):
            return f"a run of {name} cannot be believed"
    for name, mine, answer in zip(names, runs, answers, strict=True):
        if answer == "pass":
            continue
        if mine and all(run["status"] != "ok" for run in mine.values()):
            return f"every run of {name} failed"
        return f"{name} fails parity" if answer == "fail" else f"{name} is unchecked"
    return "unequal terms" if unequal else None


def builds(pair: Any, facts: list[Any], machine: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Differences between the builds: those that bar a verdict, and those that are named."""
    unequal, named = [], []
    for one, known in zip(pair, facts, strict=True):
        name = one["worker"]
        if known is None:
            named.append(f"{name} states no facts about its build")
            continue
        if known.get("debug_assertions"):
            unequal.append(f"{name} is built with debug assertions")
        if known.get("opt_level") not in (None, "3", 3):
            unequal.append(f"{name} is built at optimisation level {known['opt_level']}, not 3")
        if one["tier"] == "shipped" and known.get("target_cpu") == "native":
            unequal.append(f"{name} is built for this CPU in tier shipped, which keeps the default")
        if not known.get("interpreter"):
            if missing := absent(known, machine):
                unequal.append(f"{name} uses CPU features the machine lacks: {', '.join(missing)}")
            if known.get("opt_level") is None:
                named.append(f"{name} does not state its optimisation level")
        named += [f"{name}: {note}" for note in known.get("notes", [])]
    if None not in facts:
        stated = ("interpreter", "compiler", "blas", "blas_kernel", "allocator", "kernel_library")
        for fact in stated:
            a, b = (known.get(fact) for known in facts)
            if a != b:
                label = fact.replace("blas", "BLAS").replace("_", " ")
                named.append(f"{label}: {words(a)} / {words(b)}")
    return unequal, named


def absent(known: dict[str, Any], machine: dict[str, Any]) -> list[str]:
    def bare(name: str) -> str:
        return name.replace(".", "").replace("_", "")

    if not isinstance(machine.get("cpu_features"), list):
        return []
    there = {bare(name) for name in machine["cpu_features"]}
    lists = [known.get("cpu_features"), known.get("compiled_cpu_features")]
    used = {name for listed in lists if isinstance(listed, list) for name in listed}
    return sorted(n for n in used if n.startswith(INSTRUCTIONS) and bare(n) not in there)


def words(value: Any) -> str:
    if not value:
        return "none"
    if isinstance(value, dict) and "sha256" in value:
        return f"{value['path'].split('/')[-1]} {value['sha256'][:12]}"
    if isinstance(value, dict):
        return f"{value['implementation']} {value['version']}"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def conditions(runs: tuple[Runs, Runs], matrix: float) -> tuple[list[str], list[str]]:
    """Threads, layouts and page sizes the harness saw."""
    unequal, named = [], []
    for field, found in (("threads", unequal), ("layout", named)):
        a, b = (sorted({run[field] for run in mine.values()}) for mine in runs)
        if a != b:
            found.append(f"{field}: {', '.join(map(str, a))} / {', '.join(map(str, b))}")
    pages = [[run["huge_pages"] for run in mine.values() if run["status"] == "ok"] for mine in runs]
    pages = [[page for page in each if page is not None] for each in pages]
    if not pages[0] and not pages[1]:
        return unequal, named
    if not pages[0] or not pages[1]:
        named.append("huge pages: known of one side only")
    elif matrix >= 8_000_000:
        middle = [median(each) for each in pages]
        got = [sum(page >= 2 * MIB for page in each) / len(each) for each in pages]
        if max(middle) >= 4 * MIB and min(middle) < max(middle) / 10:
            said = " / ".join(f"{value / 1e6:.0f} MB" for value in middle)
            unequal.append(f"memory in huge pages: {said}")
        elif abs(got[0] - got[1]) > 0.25:
            said = " / ".join(f"{share:.0%}".replace("%", " %") for share in got)
            named.append(f"runs that got huge pages: {said}")
    return unequal, named


def effect(algorithm: str, pair: Any, facts: list[Any], runs: Any, lines: Any) -> str:
    """Binding, port or library."""
    a, b = (known or {} for known in facts)
    kernels = [(known.get("kernel_library") or {}).get("sha256") for known in (a, b)]
    if kernels[0] and kernels[0] == kernels[1] and a.get("program") == b.get("program") is not None:
        return "binding"
    declared = (a.get("port_of"), b.get("port_of"))
    if pair[1]["contender"] != declared[0] and pair[0]["contender"] != declared[1]:
        return "library"
    inner = [known.get("inner_kernel") for known in (a, b)]
    inner = [each.get(algorithm) if isinstance(each, dict) else each for each in inner]
    layouts = [
        {run["layout"] for run in mine.values()} or {one["layout"]}
        for mine, one in zip(runs, pair, strict=True)
    ]
    scores = [found[0]["scores"] if found else {} for found in lines]
    agree = inner[0] is not None and inner[0] == inner[1] and layouts[0] == layouts[1]
    return "port" if agree and same_steps(*scores) else "library"


def same_steps(a: dict[str, float], b: dict[str, float]) -> bool:
    if a.get("n_iter") != b.get("n_iter"):
        return False
    if a.get("n_iter") is None:
        return True
    points = {name for name in {*a, *b} if name.startswith("objective_at_")}
    near = [
        n in a and n in b and abs(a[n] - b[n]) <= 1e-6 * max(abs(a[n]), abs(b[n])) for n in points
    ]
    return bool(points) and all(near)
