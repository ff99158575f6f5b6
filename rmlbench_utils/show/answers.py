"""Who gives the same answer, counted, with the baseline's own failures apart."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.show.agreement import aside, counts, split, worst
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import short


def answers(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """One row a contender and tier of these verdicts: in how many cases it agrees, and where not.

    Where the baseline itself fails, the contender is held against the reference alone.
    """
    return pd.DataFrame(
        _answer(view, group) for _, group in rows.groupby(["contender", "tier"], sort=False)
    )


def _answer(view: View, group: pd.DataFrame) -> dict[str, str]:
    first = group.iloc[0]
    able, lost = split(view, group)
    more = aside(lost)
    fails, unknown = (
        "; ".join(short(case) for case in able.loc[able["parity"] == parity, "case"])
        for parity in ("fail", "unchecked")
    )
    alone = [f"{short(row['case'])}: {_alone(view, row)}" for _, row in lost.iterrows()]
    return {
        "contender": first["contender"],
        "tier": first["tier"],
        "language": view.languages.get(first["contender"], "unknown"),
        "same answer": counts(view, group) + (f" ({more})" if more else ""),
        "not the same in": fails or "none",
        "unchecked in": unknown or "none",
        "where the baseline fails": "; ".join(alone) or "nowhere",
    }


def _alone(view: View, row: pd.Series) -> str:
    line = worst(view, row["case"], row["contender"], row["tier"])
    name = row["contender"]
    said = {"pass": "agrees with the reference", "fail": "fails too"}
    return f"{name} {said.get(line.parity if line else '', 'was not checked')}"
