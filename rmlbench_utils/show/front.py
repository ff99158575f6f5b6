"""The root page: one row a domain, and a sentence that says when to port."""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from rmlbench_utils.show import provenance
from rmlbench_utils.show.advice import advice, best, port, short_lived
from rmlbench_utils.show.agreement import aside, comparable, counts, split
from rmlbench_utils.show.repeat import flipped
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.view import View, twin
from rmlbench_utils.show.wording import (
    MISSING,
    amount,
    called,
    interval,
    known,
    sentence,
    word,
)

LINKS = (
    ("Should I port?", "../book/decide.html"),
    ("All verdicts", "#all-verdicts"),
    ("Reproduce this", "../book/reproduce.html"),
)
HEADERS = (
    "Workload",
    "Same answer?",
    "Time, shipped",
    "Time, tuned",
    "Memory",
    "Start-up",
    "Best Rust option",
)
HOW = (
    "Ratio = Rust / Python with its 95 % interval, then both values; below 1 is less. Each cell "
    "is the smallest and the largest over the headline cases (a library against a library, at "
    "least 10 ms of Python time; over all cases where there is none), of the best Rust option; "
    "nothing is averaged over cases. Memory is the peak while fitting, start-up the time until "
    "the library can be called, both shipped."
)
UNCOVERED = (
    "Not covered: tree ensembles, boosting, logistic regression, PCA, k-NN, data preparation, "
    "distributed training; more than one machine; energy where the machine cannot measure it."
)


@dataclass(frozen=True)
class Front:
    """The first screen, as HTML."""

    views: list[View]

    def _repr_html_(self) -> str:
        pairs = [(view, domain) for view in self.views for domain in view.domains]
        said = "".join(
            f'<p class="rml-advice"><b>{html.escape(sentence(called(domain)))}.</b> '
            f"{html.escape(port(view, domain))}</p>"
            for view, domain in pairs
        )
        if also := short_lived(self.views):
            said += f'<p class="rml-advice">{html.escape(also)}</p>'
        rows = "".join(_domain(view, domain) for view, domain in pairs)
        head = "".join(f"<th>{name}</th>" for name in HEADERS)
        links = " · ".join(f'<a href="{target}">{name}</a>' for name, target in LINKS)
        origin = "<br>".join(html.escape(provenance.provenance(view)) for view in self.views)
        return (
            f'<div class="rml-front">{said}'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f'<p class="rml-links">{links}</p>{self._repeated()}<p class="rml-how">{HOW}</p>'
            f'<p class="rml-not">{UNCOVERED}</p><p class="rml-origin">{origin}</p></div>'
        )

    def _repeated(self) -> str:
        """What share of the verdicts flips when a commit is recorded again."""
        said = [flipped(view, twin(view)) for view in self.views]
        return "".join(f'<p class="rml-repeat">{html.escape(text)}</p>' for text in said if text)


@dataclass(frozen=True)
class Opening:
    """What a domain's page opens with: its sentence, and where the recording comes from."""

    view: View
    domain: str
    beside: tuple[View, ...] = ()

    def _repr_html_(self) -> str:
        said = html.escape(advice(self.view, self.domain))
        origin = "<br>".join(
            html.escape(provenance.provenance(view)) for view in (self.view, *self.beside)
        )
        return (
            f'<div class="rml-opening"><p class="rml-advice">{said}</p>'
            f'<p class="rml-origin">{origin}</p></div>'
        )


def opening(view: View, domain: str, beside: Iterable[View] = ()) -> Opening:
    """The answer of one domain and its provenance; that of recordings shown beside it too."""
    return Opening(view, domain, tuple(beside))


def front(views: list[View]) -> Front:
    """The first screen for these recordings, a row a domain each."""
    return Front(views)


def _domain(view: View, domain: str) -> str:
    """The table row of a domain; its sentence stands above the table."""
    chosen = best(view, domain)
    rows = in_domain(view, view.primary, domain)
    if chosen is None:
        cells = [_same(view, rows), *[MISSING] * 4, "none can be compared"]
    else:
        mine = view.verdicts[view.verdicts["contender"] == chosen]
        mine = mine[mine["case"].isin(rows["case"])]  # what `view.primary` leaves out, too
        baselines = [view.cases[case].baseline for case in mine["case"]]
        mine = mine[mine["baseline"] == baselines]
        cells = [
            _same(view, rows),
            spread(mine, "shipped", *_primary(rows)),
            spread(mine, "tuned", *_primary(rows)),
            spread(mine, "shipped", "fit", "peak_rss"),
            spread(mine, "shipped", "startup", "wall"),
            f"<b>{html.escape(chosen)}</b>",
        ]
    filled = "".join(
        f'<td data-label="{label}">{cell}</td>'
        for label, cell in zip(
            HEADERS, [f"<b>{html.escape(called(domain))}</b>", *cells], strict=True
        )
    )
    return f"<tr>{filled}</tr>"


def in_domain(view: View, rows: pd.DataFrame, domain: str) -> pd.DataFrame:
    """The rows whose case is of this domain."""
    return where(rows, (view.cases[case].domain == domain for case in rows["case"]))


def _primary(rows: pd.DataFrame) -> tuple[str, str]:
    return str(rows["phase"].iloc[0]), str(rows["metric"].iloc[0])


def _same(view: View, rows: pd.DataFrame) -> str:
    """For the Rust contenders: in how many cases, shipped, the answer is the same.

    Cases whose baseline fails are counted apart.
    """
    rows = rows[rows["tier"] == "shipped"]
    rows = where(rows, (view.languages.get(name) == "rust" for name in rows["contender"]))
    alike: dict[str, list[str]] = {}
    for name, group in rows.groupby("contender", sort=False):
        alike.setdefault(counts(view, group), []).append(str(name))
    said = "".join(
        f"<div>{html.escape(', '.join(names))} {count}</div>" for count, names in alike.items()
    )
    more = aside(split(view, rows)[1])
    return said + (f"<small>{html.escape(more)}</small>" if more else "")


def spread(rows: pd.DataFrame, tier: str, phase: str, metric: str) -> str:
    """Smallest and largest ratio over the headline cases (all cases if none is one)."""
    rows = rows[rows["tier"] == tier]
    heads = set(rows.loc[rows["headline"].astype(bool), "case"])
    rows = rows[(rows["phase"] == phase) & (rows["metric"] == metric)]
    rows = where(rows, (comparable(row) and known(row["ratio"]) for _, row in rows.iterrows()))
    if heads:
        rows = rows[rows["case"].isin(heads)]
    rows = rows.sort_values("ratio")
    if rows.empty:
        return MISSING
    ends = [rows.iloc[0], rows.iloc[-1]]
    if len({interval(row) for row in ends}) == 1:
        ends = ends[:1]
    return "".join(f"<div>{_end(row)}</div>" for row in ends)


def _end(row: pd.Series) -> str:
    mine, theirs = (
        amount(row[name], row["unit"], 2) for name in ("contender_value", "baseline_value")
    )
    return (
        f"<b>{interval(row)}</b> {word(row['verdict'], row['metric'])}<small>{mine} / {theirs}, "
        f"{html.escape(place(row['case']))}</small>"
    )


def place(case: str) -> str:
    """Algorithm, data and threads of a case: what a cell has room for."""
    _, algorithm, dataset, rest = case.split("/", 3)
    threads = rest.rpartition("threads=")[2]
    many = "" if threads == "1" else f", {threads} threads"
    data = dataset.removeprefix("synthetic_linear_").removeprefix("synthetic_").replace("_", " ")
    return f"{algorithm.replace('_', ' ')}, {data}{many}"
