"""Coverage of the interval, as simulated while the book is built."""

from __future__ import annotations

import pandas as pd

from rmlbench_utils.show.picture import Picture, canvas, colours
from rmlbench_utils.show.wording import listed


def picture(coverage: pd.DataFrame) -> Picture:
    """Share of intervals that held the true ratio, against the number of blocks.

    Parameters
    ----------
    coverage
        The table of `rmlbench_utils.judge.coverage.simulate`.
    """
    names = list(coverage["distribution"].unique())
    palette = colours(names)
    nominal = float(coverage["nominal"].iloc[0])
    said = []
    with canvas(2.8) as (figure, (axis,)):
        axis.axhline(nominal, color="black", lw=0.8, ls="--")
        for shift, name in enumerate(names):
            part = coverage[coverage["distribution"] == name]
            blocks = part["blocks"] * (1 + 0.03 * (shift - 1))
            spread = [
                part["coverage"] - part["coverage_low"],
                part["coverage_high"] - part["coverage"],
            ]
            axis.errorbar(
                blocks,
                part["coverage"],
                yerr=spread,
                marker="osD^v"[shift % 5],
                ms=4,
                lw=1.2,
                capsize=2,
                color=palette[name],
                label=name,
            )
            values = listed(
                f"{share:.1%} at {n}"
                for n, share in zip(part["blocks"], part["coverage"], strict=True)
            )
            said.append(f"{name}: {values}")
        axis.set_xscale("log")
        axis.set_xticks(list(coverage["blocks"].unique()), coverage["blocks"].unique())
        axis.set_xticks([], minor=True)
        axis.yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        axis.set_xlabel("blocks", loc="left")
        axis.set_ylabel("intervals that hold the truth")
        axis.legend(frameon=False, loc="lower right", fontsize=8)
    return Picture(figure, "Coverage by blocks. " + "; ".join(said) + ".")
