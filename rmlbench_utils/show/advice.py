"""The 'port if ...' sentence, computed from verdicts alone."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.judge.pairs import OURS
from rmlbench_utils.judge.svm.gaps import by_gap
from rmlbench_utils.show.agreement import baseline_fails, comparable
from rmlbench_utils.show.rows import where
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import amount, called, interval, known, listed, sentence


def rust(view: View, domain: str, ours: bool = False) -> pd.DataFrame:
    """Primary rows of the Rust contenders of a domain; ``ours``: only what we wrote."""
    rows = view.primary
    keep = [
        view.cases[row["case"]].domain == domain
        and view.languages.get(row["contender"]) == "rust"
        and (row["contender"] in OURS) == ours
        for _, row in rows.iterrows()
    ]
    return rows[keep]


def best(view: View, domain: str, algorithm: str | None = None) -> str | None:
    """The Rust library with parity in the most cases; among equals the smaller median ratio.

    What we wrote ourselves is not a library; it is the answer only where no library has parity.
    With ``algorithm`` only its cases count.
    """
    for ours in (False, True):
        ranked = []
        rows = rust(view, domain, ours)
        if algorithm is not None:
            rows = rows[_algorithms(view, rows) == algorithm]
        for name, group in rows.groupby("contender", sort=False):
            passed = where(group, (comparable(row) for _, row in group.iterrows()))
            if len(passed):
                middle = float(passed["ratio"].median())
                ranked.append((-len(passed), middle if known(middle) else 0.0, str(name)))
        if ranked:
            return min(ranked)[2]
    return None


def _algorithms(view: View, rows: pd.DataFrame) -> pd.Series:
    return pd.Series([view.cases[case].algorithm for case in rows["case"]], rows.index, dtype=str)


def sorted_out(view: View, rows: pd.DataFrame) -> dict[str, list[str]]:
    """Algorithms by what their verdicts say together: faster, slower, mixed, unsure.

    ``not``: another answer; ``lost``: the baseline's own answer is wrong; ``unchecked``: no
    answer was checked; ``barred``: the same answer, but not on equal terms.
    """
    kinds = ("faster", "slower", "mixed", "unsure", "not", "lost", "unchecked", "barred")
    found: dict[str, list[str]] = {key: [] for key in kinds}
    for algorithm, group in rows.groupby(_algorithms(view, rows), sort=False):
        said = {row["verdict"] for _, row in group.iterrows() if comparable(row)}
        decided = said & {"faster", "slower", "equivalent"}
        if not said:
            key = _without(view, group)
        elif not decided:
            key = "unsure"
        elif said == {"faster"} or said == {"slower"}:
            key = said.pop()
        else:
            key = "mixed"
        found[key].append(str(algorithm))
    return found


def _without(view: View, rows: pd.DataFrame) -> str:
    """Why no row of an algorithm can be compared: as `sorted_out` calls it."""
    if (rows["parity"] == "pass").any():
        return "barred"
    if (rows["parity"] == "unchecked").all():
        return "unchecked"
    return "lost" if all(baseline_fails(view, row) for _, row in rows.iterrows()) else "not"


def advice(view: View, domain: str) -> str:
    """One sentence or two: for what to port, for what to stay, what start-up adds."""
    return port(view, domain) + _start(view, domain)


def port(view: View, domain: str) -> str:
    """One sentence: for what to port, for what to stay.

    Each algorithm is spoken of by the Rust option that is `best` for it.
    """
    chosen = best(view, domain)
    baseline = next(case.baseline for case in view.cases.values() if case.domain == domain)
    every = pd.concat([rust(view, domain, ours) for ours in (False, True)])
    if chosen is None:
        return _nobody(view, baseline, every)
    kinds = _algorithms(view, every)
    who = {kind: best(view, domain, kind) for kind in kinds.unique()}
    spoken = [
        who[kind] in (None, name) for kind, name in zip(kinds, every["contender"], strict=True)
    ]
    rows = every[spoken]
    found = sorted_out(view, rows)
    parts = []
    if found["faster"]:
        parts.append(f"port if your work is {_named(found['faster'], who, 'less time')}")
    if found["mixed"]:
        told = _named(found["mixed"], who)
        parts.append(f"for {told} it depends on the case: see the verdicts")
    if found["slower"]:
        parts.append(f"stay with {baseline} for {_named(found['slower'], who, 'more time')}")
    if found["not"]:
        parts.append(f"no Rust option gives the same answer for {_named(found['not'], {})}")
    if found["lost"]:
        parts.append(f"{baseline} itself misses the answer for {_named(found['lost'], {})}")
    if found["unchecked"]:
        parts.append(f"for {_named(found['unchecked'], {})} no answer could be checked")
    if found["barred"]:
        parts.append(f"for {_named(found['barred'], {})} nothing was measured on equal terms")
    if found["unsure"] and not parts:
        parts.append(
            f"no time difference is shown: every verdict on {chosen} is inconclusive "
            f"after {int(rows['n_runs'].max())} runs a side"
        )
    elif found["unsure"]:
        parts.append(f"nothing is shown for {_named(found['unsure'], who)}")
    if curves := _curves(view, domain):
        parts.append(f"for {curves} what is faster depends on how near the optimum you stop")
    return sentence("; ".join(parts)) + "."


def _curves(view: View, domain: str) -> str:
    """The algorithms whose answer is a curve of time against objective gap, as prose."""
    spoken = {view.cases[case].algorithm for case in view.primary["case"]}
    told = [case for case in view.cases.values() if case.domain == domain and by_gap(case)]
    names = dict.fromkeys(case.algorithm for case in told if case.algorithm not in spoken)
    return listed(names) if names else ""


def _named(algorithms: list[str], who: dict[str, str | None], what: str = "") -> str:
    """Algorithms as prose, with whom their verdict is about and what it says of them."""
    groups: dict[str | None, list[str]] = {}
    for algorithm in algorithms:
        groups.setdefault(who.get(algorithm), []).append(algorithm.replace("_", " "))
    return listed(
        listed(names) + (f" ({': '.join(filter(None, (_title(one), what)))})" if one else "")
        for one, names in groups.items()
    )


def _title(contender: str) -> str:
    return f"{contender}, written here" if contender in OURS else contender


def _nobody(view: View, baseline: str, rows: pd.DataFrame) -> str:
    """The sentence where no Rust option can be compared with the baseline."""
    key = _without(view, rows)
    if key == "lost" and len(rows):
        return f"No answer: {baseline} itself misses the reference's answer in every case."
    if key == "unchecked":
        return f"No answer: nothing that {baseline} or a Rust option computed was checked."
    if key == "barred":
        return f"No answer: no run of {baseline} and a Rust option could be compared here."
    return f"Do not port: no Rust option gave the same answer as {baseline}."


def _start(view: View, domain: str) -> str:
    """What start-up adds for short-lived processes, from the longest case's row."""
    planned, rows = _starts(view, domain)
    if rows.empty:
        return ""
    extent = "every case" if len(rows) == planned else f"{len(rows)} of {planned} cases"
    row = rows.iloc[-1]  # the least of the gains
    mine = amount(row["contender_value"], row["unit"], 2)
    theirs = amount(row["baseline_value"], row["unit"], 2)
    return (
        f" Port also if processes are short-lived: start-up takes {mine} against {theirs}, "
        f"ratio {interval(row)} or less in {extent}."
    )


def short_lived(views: list[View]) -> str:
    """One sentence on start-up for all the domains where the best Rust option starts faster."""
    pairs = [(view, domain) for view in views for domain in view.domains]
    told = {domain: _starts(view, domain) for view, domain in pairs}
    gains = {domain: rows for domain, (_, rows) in told.items() if len(rows)}
    if not gains:
        return ""
    faster = pd.concat(gains.values()).sort_values("ratio")
    planned = sum(told[domain][0] for domain in gains)
    places = f" in {listed(map(called, gains))}" if len(gains) < len(pairs) else ""
    extent = "every case" if len(faster) == planned else f"{len(faster)} of {planned} cases"
    return (
        f"Port also if processes are short-lived{places}: the best Rust option starts in "
        f"{interval(faster.iloc[-1])} of Python's time or less in {extent}."
    )


def _starts(view: View, domain: str) -> tuple[int, pd.DataFrame]:
    """How many cases tell start-up of the best Rust option; the faster ones, by their ratio."""
    rows = view.verdicts
    rows = rows[
        (rows["contender"] == best(view, domain))
        & (rows["phase"] == "startup")
        & (rows["metric"] == "wall")
        & (rows["tier"] == "shipped")
    ]
    rows = where(rows, (view.cases[case].domain == domain for case in rows["case"]))
    return len(rows), rows[rows["verdict"] == "faster"].sort_values("ratio")
