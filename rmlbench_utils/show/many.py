"""Many recordings: what changed over them, and what they say together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rmlbench_utils.judge.combine import ROW, combine
from rmlbench_utils.judge.report import trends
from rmlbench_utils.show.picture import BLUE, GREY, Note, Picture, canvas
from rmlbench_utils.show.tables import Table
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import listed, short


def together(views: list[View]) -> pd.DataFrame:
    """Primary rows of all recordings, by random effects, those in most recordings first."""
    table = combine([view.verdicts for view in views])
    return table.sort_values("recordings", ascending=False, kind="stable")


def combined(table: pd.DataFrame) -> Table | Note:
    """The table of `together`, machines apart."""
    if table.empty:
        return Note("No recording has a verdict to combine.")
    shown = pd.DataFrame(
        {
            "case": [short(case) for case in table["case"]],
            "contender": table["contender"],
            "tier": table["tier"],
            "recordings": table["recordings"],
            "ratio": [f"{value:.3g}" for value in table["ratio"]],
            "95 % interval": [
                f"{low:.3g} to {high:.3g}"
                for low, high in zip(table["ci_low"], table["ci_high"], strict=True)
            ],
            "sd between": [
                "" if np.isnan(value) else f"{value:.1%}" for value in table["between_sd"]
            ],
            "verdicts": table["verdicts"],
            "machine": table["machine"],
        }
    )
    return Table(shown, "combined")


def apart(views: list[View]) -> Picture | Note:
    """How far each recording's ratio lies from the mean of its row, rows in several recordings."""
    rows = [
        view.primary.loc[view.primary["ratio"] > 0, [*ROW, "machine", "ratio"]].assign(place=place)
        for place, view in enumerate(views)
    ]
    all_rows = pd.concat(rows, ignore_index=True)
    logs = pd.Series(np.log(all_rows["ratio"].astype(float)), all_rows.index)
    grouped = logs.groupby([all_rows[name] for name in [*ROW, "machine"]])
    gap = logs - grouped.transform("mean")
    several = grouped.transform("size") > 1
    if not several.any():
        return Note("No row stands in two recordings of one machine yet.")
    kept = all_rows[several].assign(gap=np.exp(gap[several]))
    places = sorted(kept["place"].unique())
    with canvas(1.0 + 0.45 * len(places)) as (figure, (axis,)):
        axis.axvline(1, color="black", lw=0.8, ls="--")
        for line, place in enumerate(places):
            mine = kept.loc[kept["place"] == place, "gap"]
            axis.plot(mine, [line] * len(mine), "|", color=BLUE, ms=12, alpha=0.7)
            axis.plot(mine.median(), line, "D", color=GREY, ms=5)
        names = [f"{views[p].name}\n{views[p].manifest.created[:10]}" for p in places]
        axis.set_yticks(range(len(places)), names)
        axis.invert_yaxis()
        axis.set_xlabel("ratio relative to the mean of its row\ndiamond: median", loc="left")
    said = [
        f"{views[p].name} median {kept.loc[kept['place'] == p, 'gap'].median():.3f}" for p in places
    ]
    return Picture(figure, f"Ratios by recording, relative to the mean of a row. {listed(said)}.")


def changed(views: list[View]) -> Table | Note:
    """What `rmlbench trends` says of these recordings."""
    table = trends([(view.manifest, view.verdicts) for view in views])
    if table.empty:
        return Note("No recording has a verdict to follow.")
    judged = table[table["p"].notna()]
    if judged.empty:
        most = int(table["recordings"].max())
        return Note(
            f"No change can be judged yet: the longest series has {most} recordings of one "
            f"machine, and {table['said'].iloc[0].rpartition(' ')[2]} are needed."
        )
    shown = pd.DataFrame(
        {
            "case": [short(case) for case in judged["case"]],
            "contender": judged["contender"],
            "tier": judged["tier"],
            "recordings": judged["recordings"],
            "said": judged["said"],
            "from": judged["at"],
            "change": [f"{value:.3g}" for value in judged["change"]],
            "p": [f"{value:.2g}" for value in judged["p"]],
            "could explain it": ["; ".join(lines) for lines in judged["explanations"]],
        }
    )
    return Table(shown, "trends")
