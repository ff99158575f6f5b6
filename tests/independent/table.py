"""The whole verdict table of a recording, by statsmodels and SciPy, row by row.

Nothing of rmlbench is imported: this is the judge's independent check.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

from tests.independent.fits import NAN, Fit, different, inside, regress
from tests.independent.nulls import void
from tests.independent.plan import case_name, comparisons
from tests.independent.runs import Key, Measure, Run, load, numbers, timed, unit
from tests.independent.terms import Terms, terms

Row = dict[str, Any]


def table(folder: Path) -> list[Row]:
    """All rows of the verdict table of the recording in ``folder``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return Judge(*load(folder)).rows()


class Judge:
    """One recording; ``entries`` hold a comparison and a measure each."""

    def __init__(self, manifest: Any, runs: list[Run], parity: list[Any]) -> None:
        self.manifest, self.plan = manifest, manifest["plan"]
        self.alpha: float = self.plan["alpha"]
        self.runs = timed(runs)
        self.void = void(self.plan, self.runs)
        self.numbers = {
            (*key, block): numbers(run)
            for key, mine in self.runs.items()
            for block, run in mine.items()
        }
        self.lines: dict[Key, list[Any]] = {}
        for line in parity:
            self.lines.setdefault((line["case"], line["contender"], line["tier"]), []).append(line)

    def rows(self) -> list[Row]:
        """Measure everything, adjust the families, then call the verdicts."""
        entries = []
        for planned in self.plan["cases"]:
            for pair in comparisons(planned):
                entries += self.entries(planned["case"], *pair)
        for family in ("primary", "beside", "secondary"):
            self.adjust([e for e in entries if e["kind"] == family], family)
        for entry in entries:
            entry["verdict"] = self.verdict(entry)
        converted = {
            id(e["group"]): e["verdict"]
            for e in entries
            if e["phase"] == "convert+fit" and e["there"]
        }
        return [self.row(e, tier, converted) for e in entries for tier in e["tiers"] if e["shown"]]

    def entries(self, case: Any, a: Any, b: Any, tiers: list[str], primary: bool) -> list[Row]:
        name = case_name(case)
        keys: list[Key] = [(name, one["contender"], one["tier"]) for one in (a, b)]
        runs = (self.runs.get(keys[0], {}), self.runs.get(keys[1], {}))
        lines = (self.lines.get(keys[0], []), self.lines.get(keys[1], []))
        known = terms(self.manifest, case, (a, b), runs, lines)
        if self.void and known.bar is None:
            known.bar = "the recording is void"
        blocks = sorted(set(runs[0]) & set(runs[1]))
        values = [[self.numbers[(*key, block)] for block in blocks] for key in keys]
        places = [float(runs[0][k]["position"] - runs[1][k]["position"]) for k in blocks]
        first = (case["primary"]["phase"], case["primary"]["metric"])
        measures = {m for x, y in zip(*values, strict=True) for m in x.keys() & y.keys()}
        if primary:
            measures |= {first, ("convert+fit", "wall")} if first[0] == "fit" else {first}
        if len({one["contender"] in case.get("served", ()) for one in (a, b)}) == 2:
            # one side loads a model, the other its training data
            measures = {measure for measure in measures if measure[0] != "load"}
        group: list[Row] = []
        for measure in measures:
            kind = "secondary"
            if primary and measure == first:
                kind = "primary"
            elif primary and first[0] == "fit" and measure == ("convert+fit", "wall"):
                kind = "beside"
            entry = self.measured(measure, values, places, known.bar is not None)
            whole = {"case": name, "planned": case, "sides": (a, b), "runs": runs, "terms": known}
            group.append({**entry, **whole, "kind": kind, "tiers": tiers, "blocks": len(blocks)})
        for entry in group:
            entry["group"] = group
            entry["shown"] = entry["there"] or entry["kind"] == "primary"
        return group

    def measured(self, measure: Measure, values: Any, places: list[float], barred: bool) -> Row:
        """Log ratios of the blocks in which both sides have a positive value."""
        both = [
            (a[measure], b[measure], x)
            for a, b, x in zip(*values, places, strict=True)
            if a.get(measure, 0) > 0 and b.get(measure, 0) > 0
        ]
        entry = {"phase": measure[0], "metric": measure[1], "there": bool(both)}
        if barred or not both:
            return {**entry, "fit": Fit(), "mine": NAN, "theirs": NAN, "p": NAN}
        mine, theirs, x = (list(each) for each in zip(*both, strict=True))
        logs = np.log(np.array(mine)) - np.log(np.array(theirs))
        fit = regress(list(logs), x)
        means = {"mine": float(stats.gmean(mine)), "theirs": float(stats.gmean(theirs))}
        return {**entry, "fit": fit, **means, "p": NAN}

    def adjust(self, entries: list[Row], family: str) -> None:
        """p-values of a family: Holm as planned, or Benjamini and Hochberg for what is beside."""
        for entry in entries:
            entry["p"] = different(entry["fit"], entry["planned"]["margin"])
        if family == "secondary":
            for entry in entries:
                entry.update(p_adjusted=NAN, together=(NAN, NAN))
            entries = [entry for entry in entries if not np.isnan(entry["p"])]
        if not entries:
            return
        how = "fdr" if family == "secondary" else self.plan["adjust"]
        method = {"holm": "holm", "bonferroni": "bonferroni", "fdr": "fdr_bh"}[how]
        raw = [1.0 if np.isnan(entry["p"]) else entry["p"] for entry in entries]
        adjusted = multipletests(raw, alpha=self.alpha, method=method)[1]
        rejected = sum(p < self.alpha for p in adjusted)
        level = self.alpha / len(entries) * (max(rejected, 1) if how == "fdr" else 1)
        for entry, p in zip(entries, adjusted, strict=True):
            low, high = entry["fit"].between(level)
            if p < self.alpha and entry["fit"].estimate < 0:
                high = min(high, 0.0)
            if p < self.alpha and entry["fit"].estimate > 0:
                low = max(low, 0.0)
            entry["p_adjusted"] = NAN if np.isnan(entry["p"]) else float(p)
            entry["together"] = (low, high)

    def verdict(self, entry: Row) -> str:
        """The rules in their order."""
        if entry["terms"].bar is not None:
            return "not comparable"
        fit: Fit = entry["fit"]
        if fit.pairs < 10 or self.plan["profile"] == "check":
            return "inconclusive"
        if inside(fit, entry["planned"]["margin"]) < self.alpha:
            called = "equivalent"
        elif entry["p_adjusted"] < self.alpha:
            called = "faster" if fit.estimate < 0 else "slower"
        else:
            return "inconclusive"
        failed = [any(r["status"] != "ok" for r in mine.values()) for mine in entry["runs"]]
        if not any(failed):
            return called
        favours = {"faster": failed[0], "slower": failed[1], "equivalent": True}
        if favours[called] or not self.survives(entry, called):
            return "inconclusive"
        return called

    def survives(self, entry: Row, called: str) -> bool:
        """The direction with every time-out counted as long as the limit."""
        measure = (entry["phase"], entry["metric"])
        mine, theirs = entry["runs"]
        late = [{k for k, r in side.items() if r["status"] == "timeout"} for side in (mine, theirs)]
        if unit(measure) != "ns":
            return not (late[0] or late[1])
        limit = entry["planned"]["limit_s"] * 1e9
        logs, places = [], []
        for block in sorted(set(mine) & set(theirs)):
            runs = (mine[block], theirs[block])
            pair = [
                limit if run["status"] == "timeout" else numbers(run).get(measure, 0)
                for run in runs
            ]
            if min(pair) > 0:
                logs.append(float(np.log(pair[0]) - np.log(pair[1])))
                places.append(float(runs[0]["position"] - runs[1]["position"]))
        low, high = regress(logs, places).between(self.alpha)
        return high < 0 if called == "faster" else low > 0

    def row(self, entry: Row, tier: str, converted: dict[int, str]) -> Row:
        """A row as `rmlbench verdicts` names its fields."""
        known: Terms = entry["terms"]
        fit: Fit = entry["fit"]
        names = [one["contender"] for one in entry["sides"]]
        measure = (entry["phase"], entry["metric"])
        plain, together = np.exp(fit.between(self.alpha)), np.exp(entry["together"])
        size = self.manifest["datasets"].get(entry["planned"]["dataset"]) or {}
        libraries = not set(names) & {"own", "own-port", "own-python"}
        long = unit(measure) == "ns" and entry["theirs"] >= 10e6
        primary = entry["kind"] == "primary"
        machine = self.manifest["machine"]
        return {
            "case": entry["case"],
            "contender": names[0],
            "baseline": names[1],
            "tier": tier,
            "phase": entry["phase"],
            "metric": entry["metric"],
            "unit": unit(measure),
            "baseline_value": entry["theirs"],
            "contender_value": entry["mine"],
            "shape": f"{size.get('train_rows', size['rows'])} x {size['columns']}" if size else "",
            "parity": known.parity,
            "fairness": known.fairness,
            "differs": "; ".join(known.differs),
            "effect": known.effect,
            "ratio": float(np.exp(fit.estimate)),
            "ci_low": float(plain[0]),
            "ci_high": float(plain[1]),
            "p_adjusted": entry["p_adjusted"],
            "n_runs": fit.pairs,
            "failures": known.failures,
            "verdict": entry["verdict"],
            "machine": machine.get("class") or machine.get("cpu"),
            "recording": self.manifest["name"],
            "ci_low_simultaneous": float(together[0]),
            "ci_high_simultaneous": float(together[1]),
            "p_value": entry["p"],
            "family": "primary" if primary else "secondary",
            "headline": primary and libraries and long and entry["verdict"] != "not comparable",
            "convert_verdict": converted.get(id(entry["group"]))
            if measure == ("fit", "wall")
            else None,
            "n_blocks": entry["blocks"],
            "level": entry["planned"]["level"],
            "bar": known.bar,
        }
