"""Judge a synthetic recording and pick the row of interest."""

import pandas as pd

from rmlbench_utils.judge.verdict import verdict_table
from tests.judge.factory import Synthetic, make_manifest


def judge(synthetic: Synthetic, **changes: object) -> pd.DataFrame:
    given_ = {"records": synthetic.records(), "parity": synthetic.lines(), **changes}
    return verdict_table(synthetic.manifest, **given_)


def fit_row(table: pd.DataFrame, contender: str = "linfa", **where: str) -> pd.Series:
    rows = table[
        (table["contender"] == contender) & (table["phase"] == "fit") & (table["metric"] == "wall")
    ]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def two(ratio: float, **changes: object) -> Synthetic:
    return Synthetic(make_manifest(), times={"linfa": 2e7 * ratio}, **changes)
