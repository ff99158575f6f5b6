"""The two pages of the summary: the answer, and how far to trust it."""

from __future__ import annotations

import textwrap
from collections import Counter

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from rmlbench_utils.judge.detectable import detectable
from rmlbench_utils.show import forest, provenance, tally
from rmlbench_utils.show.advice import advice
from rmlbench_utils.show.answers import answers
from rmlbench_utils.show.sheet import LINE, TITLE, Sheet, sheet, tall
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import called, listed, sentence, short

HEAD = 0.4  # inches of a heading
REASON = 230  # characters of a reason that stand on the page; verdicts.csv has all of it
CSV, REPORT = "see verdicts.csv", "see report.json"


def pages(views: list[View]) -> list[Figure]:
    """Both pages; counted verdicts stand on the first that has room for them."""
    with sheet() as page:
        _answer(page, views)
        left = [view for view in views if not _tally(page, view)]
        page.footer(f"page 1 of 2 · {_origin(views)}")
        first = page.figure
    with sheet() as page:
        _trust(page, views)
        for view in left:
            _tally(page, view)
        page.footer(f"page 2 of 2 · {_origin(views)}")
    return [first, page.figure]


def _answer(page: Sheet, views: list[View]) -> None:
    """What was compared and where, a sentence a domain, the headline ratios."""
    page.text("Rust against Python for machine learning", TITLE, bold=True)
    page.skip(0.05)
    page.items([_compared(view) for view in views], 1.5, REPORT)
    page.items([provenance.provenance(view) for view in views], 1.0, REPORT, grey=True)
    page.heading("The answer")
    said = [
        f"{sentence(called(domain))}{_of(view, views)}: {advice(view, domain)}"
        for view in views
        for domain in view.domains
    ]
    page.items(said, 0.55 * page.room, REPORT)
    page.heading("The ratios")
    page.text(
        "The primary metric of each headline case (a library against a library, a baseline of "
        "10 ms or more; all cases where there is none), as shipped, with both values. No ratio "
        "stands where the answer is not the same."
    )
    page.skip(0.05)
    _ratios(page, views)


def _trust(page: Sheet, views: list[View]) -> None:
    """Who gives the same answer, what has no verdict and why, how sure, how to repeat."""
    page.text("How far to trust it", TITLE, bold=True)
    page.heading("Who gives the same answer")
    page.items([one for view in views for one in _answers(view, views)], 1.6, CSV)
    page.heading("Not comparable, and why")
    below = [
        ("Not measured, and runs that failed", [o for v in views for o in _missing(v)], 1.0),
        ("How sure", [_sure(view) for view in views], 1.6),
        ("How to reproduce it", [_again(view) for view in views], 1.2),
    ]
    kept = sum(HEAD + min(tall(said), most) for _, said, most in below)
    barred = [one for view in views for one in _barred(view)]
    page.items(barred or ["Every primary row can be compared."], page.room - kept, CSV)
    for name, said, most in below:
        page.heading(name)
        page.items(said, most, REPORT)


def _tally(page: Sheet, view: View) -> bool:
    """Draw the counted verdicts of a recording if there is room; False if there is none."""
    if view.primary.empty:
        return True
    if tally.height(view) + HEAD > page.room:
        return False
    page.heading(f"The verdicts of {view.name}")
    page.skip(tally.LEGEND)
    axes = page.axes(tally.height(view) - tally.LEGEND, tally.BELOW, tally.names(view))
    tally.paint(axes, view)
    return True


def ratios(view: View) -> pd.DataFrame:
    """The rows of the picture: headline cases as shipped, or all cases where there is none."""
    rows = view.of(tier="shipped")
    heads = forest.headlines(rows)
    return heads if len(heads) else rows


def _ratios(page: Sheet, views: list[View]) -> None:
    """As many cases of each recording as fit its share of the room, and how many more there are."""
    left = []
    for i, view in enumerate(views):
        rows, name = ratios(view), LINE if len(views) > 1 else 0.0
        share = (page.room - 2 * LINE) / (len(views) - i)
        shown = _fitting(rows, share - name)
        if len(shown):
            if name:
                page.text(f"Recording {view.name}", bold=True)
            forest.paint(page.axes(forest.height(shown), forest.AXIS), view, shown)
        if more := rows["case"].nunique() - shown["case"].nunique():
            left.append(f"{more} of {view.name}")
    if left:
        page.items([f"Not drawn, for want of room: {listed(left)}; {CSV}."], page.room, CSV)


def _fitting(rows: pd.DataFrame, room: float) -> pd.DataFrame:
    cases = list(dict.fromkeys(rows["case"]))
    while cases and forest.height(rows[rows["case"].isin(cases)]) > room:
        cases.pop()
    return rows[rows["case"].isin(cases)]


def _compared(view: View) -> str:
    """Who was compared with whom, in which versions, on how many cases."""
    baselines = dict.fromkeys(case.baseline for case in view.cases.values())
    others = dict.fromkeys(view.primary["contender"])
    cases = f"{len(view.cases)} case{'s' if len(view.cases) > 1 else ''}"
    return (
        f"{sentence(listed(map(called, view.domains)))}, {cases}: "
        f"{listed(_named(view, name) for name in others)} against "
        f"{listed(_named(view, name) for name in baselines)}."
    )


def _named(view: View, contender: str) -> str:
    """``linfa 0.8.1 (rust)``, of the first worker that runs the contender."""
    planned = [one for case in view.manifest.plan.cases for one in case.contenders]
    one = next(one for one in planned if one.contender == contender)
    listing = view.manifest.workers.get(f"{one.worker}:{one.tier}", {})
    version = f" {listing['version']}" if listing.get("version") else ""
    return f"{contender}{version} ({view.languages[contender]})"


def _origin(views: list[View]) -> str:
    more = f" and {len(views) - 1} more" if len(views) > 1 else ""
    return f"{views[0].name}, {provenance.day(views[0])}, {provenance.commit(views[0])}{more}"


def _of(view: View, views: list[View]) -> str:
    """The recording's name in brackets, where there are several."""
    return f" ({view.name})" if len(views) > 1 else ""


def _answers(view: View, views: list[View]) -> list[str]:
    """A line a contender; its tiers together where they agree in as many cases."""
    if view.primary.empty:
        return []
    found: dict[tuple[str, str], list[str]] = {}
    for _, row in answers(view, view.primary).iterrows():
        found.setdefault((row["contender"], row["same answer"]), []).append(row["tier"])
    return [
        f"{name}, {listed(tiers)}{_of(view, views)}: {said}"
        for (name, said), tiers in found.items()
    ]


def _barred(view: View) -> list[str]:
    """A line a case and reason, with the contenders and tiers it holds for."""
    rows = view.primary[view.primary["verdict"] == "not comparable"]
    lines = []
    for (case, reason), group in rows.groupby(["case", "reason"], sort=False):
        who = listed(dict.fromkeys(group["contender"]))
        tiers = listed(dict.fromkeys(group["tier"]))
        why = textwrap.shorten(str(reason), REASON, placeholder=" …")
        lines.append(f"{short(str(case))}, {who}, {tiers}: {why}")
    return lines


def _missing(view: View) -> list[str]:
    lines = [f"{name}: {why}" for name, why in view.manifest.unavailable.items()]
    runs = [record for record in view.records if record.role == "run"]
    failed = Counter(
        (record.contender, record.status.replace("_", " "))
        for record in runs
        if record.status != "ok"
    )
    said = [f"{count} of {name} ({status})" for (name, status), count in failed.items()]
    total = f"{view.name}: {sum(failed.values())} of {len(runs)} runs failed"
    return [*lines, f"{total}: {listed(said)}." if said else f"{total}."]


def _sure(view: View) -> str:
    """How much was measured, how it is judged, how quiet the machine was."""
    plan, rows = view.manifest.plan, view.primary
    runs = [record for record in view.records if record.role == "run"]
    margins = sorted({100 * case.margin for case in view.cases.values()})
    terms = rows["fairness"].value_counts()
    least = detectable(view.manifest, view.records)
    parts = [
        f"{view.name}: {_span(rows['n_blocks'][rows['n_blocks'] > 0])} blocks a case and "
        f"{len(runs)} runs, each a fresh process",
        f"Student's t on the blocks' log ratios decides, at {100 * plan.alpha:g} %, "
        f"{plan.adjust.capitalize()} over the primary rows, margin "
        f"{listed(f'{margin:g} %' for margin in margins)}",
        f"terms are {listed(f'{name} in {count}' for name, count in terms.items())} primary rows",
    ]
    if least:
        parts.append(f"the median row could tell a ratio of {least:.2f} from 1")
    for name in ("steal", "foreign"):
        shares = [getattr(run, name) for run in runs if getattr(run, name) is not None]
        if shares:
            word = "stolen" if name == "steal" else "used by others"
            parts.append(f"{100 * np.mean(shares):.2g} % of the machine's time was {word}")
    return "; ".join(parts) + "."


def _span(values: pd.Series) -> str:
    if values.empty:
        return "no"
    low, high = int(values.min()), int(values.max())
    return str(low) if low == high else f"{low} to {high}"


def _again(view: View) -> str:
    manifest = view.manifest
    where = f"at commit {manifest.commit}" if manifest.commit else "at a commit that was not noted"
    where += ", with changes that were not committed" if manifest.dirty else ""
    return (
        f"{view.name}: {where}, `rmlbench reproduce {view.name}` runs its plan again and holds "
        f"each row against it. The {len(view.cases)} cases, the seed and the stopping rule are "
        f"the plan in manifest.json, hash {manifest.plan_sha256[:12]}."
    )
