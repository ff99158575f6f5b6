"""How many primary verdicts of each kind every contender got."""

from __future__ import annotations

from matplotlib.axes import Axes

from rmlbench_utils.show.picture import VERDICTS, Note, Picture, canvas
from rmlbench_utils.show.view import View

BAR, LEGEND, BELOW = 0.22, 0.4, 0.3  # inches for a contender, the legend, the axis
LETTER = 0.085  # inches of a wide letter of a name


def tally(view: View) -> Picture | Note:
    """A bar a contender and tier: its primary verdicts, counted."""
    if view.primary.empty:
        return Note(f"Recording {view.name} holds nothing to compare.")
    with canvas(height(view)) as (figure, (axes,)):
        said = paint(axes, view)
    return Picture(figure, said)


def height(view: View) -> float:
    """Inches that the bars take, with the legend above and the axis under them."""
    return BAR * len(_counts(view)) + LEGEND + BELOW


def names(view: View) -> float:
    """Inches that the names left of the bars take."""
    longest = max(len(f"{contender} {tier}") for contender, tier in _counts(view))
    return 0.1 + LETTER * longest


def paint(axes: Axes, view: View) -> str:
    """Draw the bars into axes; returns what they show in words."""
    counts = _counts(view)
    said = []
    for place, ((contender, tier), found) in enumerate(counts.items()):
        start = 0
        for verdict, (colour, _) in VERDICTS.items():
            count = found.get(verdict, 0)
            if not count:
                continue
            axes.barh(place, count, left=start, color=colour, height=0.7)
            axes.text(start + count / 2, place, str(count), color="white", ha="center", va="center")
            start += count
        words = ", ".join(f"{count} {verdict}" for verdict, count in found.items())
        said.append(f"{contender} {tier}: {words}")
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_yticks(range(len(counts)), [f"{name} {tier}" for name, tier in counts])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.set_xlabel("primary verdicts, one a case", loc="left")
    _legend(axes, {verdict for found in counts.values() for verdict in found})
    return "Verdicts by contender. " + "; ".join(said) + "."


def _legend(axes: Axes, there: set[str]) -> None:
    """Names of the colours, in the order of the bars, above them."""
    for verdict, (colour, _) in VERDICTS.items():
        if verdict in there:
            axes.barh(0, 0, color=colour, label=verdict)
    axes.legend(
        frameon=False,
        ncols=3 if len(there) > 3 else len(there),
        loc="lower left",
        bbox_to_anchor=(0, 1),
        borderaxespad=0,
        handlelength=1,
        columnspacing=1,
        fontsize=8,
    )


def _counts(view: View) -> dict[tuple[str, str], dict[str, int]]:
    """Contender and tier → verdict → how many."""
    groups = view.primary.groupby(["contender", "tier"], sort=False)["verdict"]
    return {
        (str(key[0]), str(key[1])): {str(k): int(n) for k, n in group.value_counts().items()}
        for key, group in groups
    }
