"""Tables that sort, filter and export CSV in the built page, without a network."""

from __future__ import annotations

import html
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import itables
import pandas as pd

from rmlbench_utils.protocol.record import ParityLine
from rmlbench_utils.show import answers as answered
from rmlbench_utils.show.agreement import comparable, difference, mark, worst
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import MISSING, TO_BASE, known, short, word

OPTIONS: dict[str, Any] = {
    "connected": False,
    "display_logo_when_loading": False,
    "column_filters": "footer",  # filters in the header would empty the header of the CSV
    "buttons": [{"extend": "csvHtml5", "text": "CSV", "footer": False}],
    "layout": {
        "topStart": "buttons",
        "topEnd": "search",
        "bottomStart": "info",
        "bottomEnd": "paging",
    },
    "scrollX": True,
    "pageLength": 10,
    "maxBytes": 0,
    "maxRows": 0,
    "maxColumns": 0,
    "showIndex": False,
    "classes": "display compact nowrap",
    "style": "width:100%;margin:0",
}
WIDE, LONG = 24, 90  # characters of a cell from which on it is folded, and given more width


@dataclass(frozen=True)
class Table:
    """A data frame as an interactive table; ``name`` is its caption and anchor."""

    frame: pd.DataFrame
    name: str

    def _repr_html_(self) -> str:
        longest = [self.frame[name].map(lambda cell: len(str(cell))).max() for name in self.frame]
        folded = [
            {"className": name, "targets": [i for i, n in enumerate(longest) if low < n <= high]}
            for name, low, high in (("rml-wide", WIDE, LONG), ("rml-long", LONG, math.inf))
        ]
        shown = itables.to_html_datatable(
            self.frame,
            table_id="table-" + re.sub(r"\W+", "-", self.name),
            columnDefs=folded,
            **OPTIONS,
        )
        return f'<div class="rml-table" aria-label="{html.escape(self.name)}">{shown}</div>'


def start() -> None:
    """Put the table code into the page, once, ahead of all tables."""
    itables.init_notebook_mode(all_interactive=False, connected=False)


def verdicts(view: View, family: str | None = None) -> Table | Note:
    """Every verdict, a row each: ratio with 95 % interval, both values, parity, reason."""
    rows = view.verdicts
    if family is not None:
        rows = rows[rows["family"] == family]
    if rows.empty:
        return Note(f"Recording {view.name} holds nothing to compare.")
    rows = rows.sort_values("family", kind="stable")  # primary first
    table = pd.DataFrame(
        {
            "case": [short(case) for case in rows["case"]],
            "contender": rows["contender"],
            "tier": rows["tier"],
            "phase": rows["phase"],
            "metric": rows["metric"],
            "verdict": [word(r["verdict"], r["metric"]) for _, r in rows.iterrows()],
            "ratio": _column(rows, "ratio"),
            "from": _column(rows, "ci_low"),
            "to": _column(rows, "ci_high"),
            "contender's": [number(r["contender_value"], r["unit"]) for _, r in rows.iterrows()],
            "baseline's": [number(r["baseline_value"], r["unit"]) for _, r in rows.iterrows()],
            "unit": [unit(name) for name in rows["unit"]],
            "answer": [mark(view, r) for _, r in rows.iterrows()],
            "terms": rows["fairness"],
            "effect": rows["effect"],
            "runs": rows["n_runs"],
            "family": rows["family"],
            "reason": rows["reason"].fillna(""),
        }
    )
    return Table(table, f"verdicts, {view.name}")


def _column(rows: pd.DataFrame, name: str) -> list[str]:
    return [cut(r[name], 3) if comparable(r) else "" for _, r in rows.iterrows()]


def unit(name: str) -> str:
    """The unit a table shows: one for all times (ms) and one for all sizes (MB), to sort by."""
    return {"s": "ms", "B": "MB"}.get(TO_BASE.get(name, (name, 1.0))[0], name)


def number(value: float, name: str) -> str:
    """A value in the table's unit, or nothing."""
    base, factor = TO_BASE.get(name, (name, 1.0))
    scale = {"s": 1e3, "B": 1e-6}.get(base, 1.0)
    return cut(value, 4) if value is None else cut(float(value) * factor * scale, 4)


def answers(view: View) -> Table | Note:
    """One row a contender and tier: in how many cases it gives the same answer."""
    rows = where(view.judged, (not view.cases[case].served for case in view.judged["case"]))
    if rows.empty:
        return Note(f"Recording {view.name} holds nothing to compare.")
    return Table(answered.answers(view, rows), f"answers, {view.name}")


def more_answers(view: View, beside: list[View]) -> Table | Note:
    """The answers in the cases that only recordings beside this one hold."""
    frames = []
    for other in beside:
        new = (
            case not in view.cases and not other.cases[case].served for case in other.judged["case"]
        )
        rows = where(other.judged, new)
        if len(rows):
            frames.append(answered.answers(other, rows).assign(recording=other.name))
    if not frames:
        return Note(f"No recording beside {view.name} adds a case.")
    return Table(pd.concat(frames), f"answers beside {view.name}")


def parity(view: View) -> Table | Note:
    """Parity of every case, contender and tier, at its worst output."""
    keys = dict.fromkeys((line.case, line.contender, line.tier) for line in view.parity)
    if not keys:
        return Note(f"No output was checked in recording {view.name}.")
    rows = []
    for case, contender, tier in keys:
        line = worst(view, case, contender, tier)
        assert line is not None
        distinct = {
            other.outputs
            for other in view.parity
            if (other.case, other.contender, other.tier) == (case, contender, tier)
        }
        rows.append(
            {
                "case": short(case),
                "contender": contender,
                "tier": tier,
                "parity": line.parity,
                "level": line.level,
                "worst difference": cut(line.worst_difference, 2),
                "in": line.worst_output or MISSING,
                "tolerance": cut(line.tolerance, 2),
                "correlation": cut(line.correlation, 8),
                **_support(line),
                "outputs checked": len(distinct),
                "declared": view.cases[case].declared(contender, tier) or "",
                "reason": line.reason or difference(line),
            }
        )
    return Table(pd.DataFrame(rows).fillna(MISSING), "parity")


def _support(line: ParityLine) -> dict[str, str]:
    """How many support vectors are so on one side only, the contender's or the reference's.

    A machine that stops at ``tol`` holds rows beside the margin that the optimum lets go; that
    gates nothing.
    """
    apart = line.differences.get("support")
    return {} if apart is None else {"support vectors, one side only": f"{apart:.0f}"}


def notes(view: View) -> Table | Note:
    """What to know of the cases, as the case file says it."""
    said: dict[str, list[str]] = {}
    for name, case in view.cases.items():
        if case.note:
            said.setdefault(case.note, []).append(short(name))
    if not said:
        return Note(f"There is nothing to note about the cases of recording {view.name}.")
    rows = [{"note": note, "of": "; ".join(names)} for note, names in said.items()]
    return Table(pd.DataFrame(rows), "notes")


def scores(view: View, cross_validated: bool = False) -> Table | Note:
    """Scores of every case and contender, by one scorer; first split or 5 folds."""
    rows, seen = [], set()
    for line in view.parity:
        key = (line.case, line.contender, line.tier)
        chosen = {
            name.removeprefix("cv_"): value
            for name, value in line.scores.items()
            if name.startswith("cv_") == cross_validated
        }
        if key in seen or not chosen:
            continue
        seen.add(key)
        cells = {name: cut(value, 5) for name, value in chosen.items()}
        rows.append(
            {"case": short(line.case), "contender": line.contender, "tier": line.tier, **cells}
        )
    kind = "cross-validated scores" if cross_validated else "scores"
    if not rows:
        return Note(f"Recording {view.name} holds no {kind}.")
    return Table(pd.DataFrame(rows).fillna(MISSING), kind)


def contenders(view: View) -> Table | Note:
    """The facts of the fairness check: one column a worker and tier, one row a fact."""
    columns = {}
    for name, listing in view.manifest.workers.items():
        facts = {key: listing.get(key) for key in ("framework", "version", "language")}
        columns[name] = {**facts, **listing.get("facts", {})}
    if not columns:
        return Note(f"Recording {view.name} names no worker.")
    names = list(dict.fromkeys(fact for facts in columns.values() for fact in facts))
    table = {"fact": names}
    for name, facts in columns.items():
        table[name] = [_fact(facts.get(fact)) for fact in names]
    return Table(pd.DataFrame(table), "contenders")


def _fact(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {str(item)[:40]}" for key, item in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def failures(view: View) -> Table | Note:
    """Runs that did not end well, counted by case, contender, status and reason."""
    bad = Counter(
        (record.case, record.contender, record.tier, record.status, record.reason or "")
        for record in view.records
        if record.status != "ok"
    )
    if not bad:
        return Note(f"All {len(view.records)} runs of recording {view.name} ended well.")
    names = ("case", "contender", "tier", "status", "reason")
    rows = [
        {**dict(zip(names, key, strict=True)), "case": short(key[0]), "runs": count}
        for key, count in bad.most_common()
    ]
    return Table(pd.DataFrame(rows), "failures")


def unavailable(view: View) -> Table | Note:
    """What was planned and not measured, and why."""
    missing = view.manifest.unavailable
    if not missing:
        return Note(f"Recording {view.name} measured everything it planned.")
    return Table(pd.DataFrame(list(missing.items()), columns=["name", "reason"]), "unavailable")


def plain(frame: pd.DataFrame, name: str) -> Table:
    """Any data frame as a table, its numbers cut to four digits."""
    shown = frame.map(lambda cell: cut(cell, 4) if isinstance(cell, float) else cell)
    return Table(shown, name)


def cut(value: float | None, places: int) -> str:
    """A number with so many significant digits, or nothing."""
    if value is None or not known(value):
        return ""
    return f"{value:.{places}g}"
