"""The form of the break-even page: it answers at once, and again for what a reader enters."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.break_even import (
    Outcome,
    Question,
    outcomes,
    refusal,
    tier_of,
    turning,
    verdict,
)
from rmlbench_utils.show.costs import Payload, payload
from rmlbench_utils.show.picture import Note
from rmlbench_utils.show.provenance import provenance
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount

SCRIPT = "book/static/break-even.js"
LAYOUTS = {"once": "once", "every": "for every fit"}
FIELDS = (("rows", "Training rows"), ("fits", "Fits"), ("predictions", "Predictions"))


@dataclass(frozen=True)
class Form:
    """The form, the answer to its first question, and everything a browser needs for others."""

    shipped: Payload = field(repr=False)
    asked: Question
    origins: tuple[str, ...]

    def _repr_html_(self) -> str:
        data = json.dumps(self.shipped, separators=(",", ":")).replace("</", "<\\/")
        script = (project_root() / SCRIPT).read_text(encoding="utf-8")
        origin = "<br>".join(html.escape(one) for one in self.origins)
        return (
            f'<div class="rml-break-even">{self._inputs()}'
            f'<div class="rml-answer" aria-live="polite">{answer(self.shipped, self.asked)}</div>'
            f'<p class="rml-origin">{origin}</p>'
            f'<script type="application/json">{data}</script></div><script>{script}</script>'
        )

    def _inputs(self) -> str:
        names = {
            str(place): f"{one['name']} · {one['recording']}"
            for place, one in enumerate(self.shipped["workloads"])
        }
        workload = self.shipped["workloads"][self.asked.workload]
        tiers = {name: name for name in workload["tiers"]}
        chosen = {"rows": self.asked.rows, "fits": self.asked.fits}
        chosen["predictions"] = self.asked.predictions
        numbers = "".join(
            f'<label>{label} <input name="{name}" type="number" inputmode="numeric" min="0" '
            f'step="1" value="{chosen[name]}"></label>'
            for name, label in FIELDS
        )
        return (
            '<form autocomplete="off">'
            f"<label>Workload {_select('workload', names, str(self.asked.workload))}</label>"
            f"<label>Tier {_select('tier', tiers, self.asked.tier)}</label>"
            f"{numbers}<label>Layout built {_select('layout', LAYOUTS, self.asked.layout)}</label>"
            "</form>"
        )


def _select(name: str, options: dict[str, str], chosen: str) -> str:
    """A list to choose from: value → text."""
    inside = "".join(
        f'<option value="{html.escape(value)}"{" selected" if value == chosen else ""}>'
        f"{html.escape(text)}</option>"
        for value, text in options.items()
    )
    return f'<select name="{name}">{inside}</select>'


def form(views: Sequence[View], fits: int, predictions: int) -> Form | Note:
    """The page's form on these recordings, opened at the first workload's middle size."""
    shipped = payload(views)
    if not shipped["workloads"]:
        names = ", ".join(view.name for view in views)
        return Note(f"Recording {names} holds nothing that may be compared: no parity, no verdict.")
    tier, told = next(iter(shipped["workloads"][0]["tiers"].items()))
    rows = [size["rows"] for size in told["sizes"] if size["spent"]]
    asked = Question(0, tier, rows[len(rows) // 2], fits, predictions)
    return Form(shipped, asked, tuple(provenance(view) for view in views))


def answer(shipped: Payload, asked: Question) -> str:
    """The answer as HTML: a sentence, bars, and a sentence or two for every contender."""
    sizes = tier_of(shipped, asked)["sizes"]
    hint = "Measured at " + ", ".join(f"{size['rows']:,}" for size in sizes) + " rows."
    hint += " " + _batch(sizes)
    if why := refusal(shipped, asked):
        return f'<p class="rml-refused">{html.escape(why)}</p><p class="rml-how">{hint}</p>'
    found = outcomes(shipped, asked)
    if not found:
        return f'<p class="rml-refused">nobody was measured there</p><p class="rml-how">{hint}</p>'
    told = [
        f"{html.escape(verdict(shipped, asked, one))} {html.escape(turning(shipped, asked, one))}"
        for one in found
    ]
    rest = "".join(f"<p>{text}</p>" for text in told[1:])
    return (
        f'<p class="rml-advice">{told[0]}</p>{_bars(shipped, asked, found)}{rest}'
        f'<p class="rml-how">{hint}</p>'
    )


def _batch(sizes: list[Payload]) -> str:
    shares = sorted({size["rows"] / size["batch"] for size in sizes})
    said = f"{shares[0]:.1f}" if shares[-1] - shares[0] < 0.1 else "a few"
    return f"A prediction is one call for as many rows as the training rows / {said}."


def _bars(shipped: Payload, asked: Question, found: list[Outcome]) -> str:
    base = tier_of(shipped, asked)["baseline"]
    rows = [(one.contender, one.parts) for one in found]
    rows = sorted([*rows, (base, found[0].against)], key=lambda row: float(row[1].sum()))
    longest = max(float(parts.sum()) for _, parts in rows)
    legend = "".join(
        f'<span><i style="background:{colour}"></i>{name}</span>'
        for name, colour in shipped["parts"]
    )
    bars = "".join(_bar(shipped, name, parts, longest) for name, parts in rows)
    return f'<div class="rml-legend">{legend}</div><div class="rml-bars">{bars}</div>'


def _bar(shipped: Payload, name: str, parts: np.ndarray, longest: float) -> str:
    named = [(float(value), *one) for value, one in zip(parts, shipped["parts"], strict=True)]
    pieces = "".join(
        f'<i style="width:{100 * value / longest:.2f}%;background:{colour}"></i>'
        for value, _, colour in named
    )
    spent = ", ".join(f"{part} {amount(value, 's')}" for value, part, _ in named if value > 0)
    said = f"{html.escape(name)}: {amount(float(parts.sum()), 's')} <small>{spent}</small>"
    return f'<div class="rml-bar"><span>{said}</span><div>{pieces}</div></div>'
