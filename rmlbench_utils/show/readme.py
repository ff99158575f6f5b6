"""README's figures and sentences, from recordings: ``python -m rmlbench_utils.show.readme``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.advice import advice
from rmlbench_utils.show.forest import forest
from rmlbench_utils.show.picture import Picture
from rmlbench_utils.show.provenance import commit, day, machine
from rmlbench_utils.show.view import View, collect
from rmlbench_utils.show.wording import called, listed

BEGIN, END = "<!-- readme:begin -->", "<!-- readme:end -->"
DEFAULT = "regression-standard"


def text(views: list[View]) -> str:
    """The sentence of each domain; then each recording's figure, and where it comes from."""
    said = [
        f"**{called(domain)}**: {advice(view, domain)}" for view in views for domain in view.domains
    ]
    for view in views:
        origin = f"{machine(view)}, {day(view)}, {commit(view)}, recording `{view.name}`"
        names = listed(map(called, view.domains))
        alt = f"{names}: ratios of time with intervals, parity beside them"
        said += [f"![{alt}]({place(view)})", origin]
    return "\n\n".join(said)


def place(view: View) -> str:
    """Where the figure of a recording is, from the project's root."""
    return f"book/readme-{'-'.join(view.domains)}.svg"


def figure(view: View) -> str:
    """The headline cases, shipped, as SVG."""
    drawn = forest(view, tier="shipped", headline=True)
    if not isinstance(drawn, Picture):
        drawn = forest(view, tier="shipped")
    if not isinstance(drawn, Picture):
        raise UsageError(f"recording {view.name} holds nothing to draw: give --recording another")
    return drawn.svg()


def spliced(readme: str, middle: str) -> str:
    """The README with what stands between its two markers replaced."""
    if BEGIN not in readme or END not in readme:
        raise UsageError(f"README.md lacks {BEGIN} or {END}: put both where the answer belongs")
    before, rest = readme.split(BEGIN, 1)
    return f"{before}{BEGIN}\n{middle}\n{END}{rest.split(END, 1)[1]}"


def outdated(root: Path, views: list[View]) -> list[str]:
    """Files that differ from what the recordings say."""
    readme = (root / "README.md").read_text()
    stale = [] if spliced(readme, text(views)) == readme else ["README.md"]
    for view in views:
        drawn = root / place(view)
        if not drawn.exists() or drawn.read_text() != figure(view):
            stale.append(place(view))
    return stale


def main(arguments: list[str] | None = None) -> int:
    """Entry of the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m rmlbench_utils.show.readme")
    parser.add_argument("--recording", default=DEFAULT, help="name or path of a recording")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    chosen = parser.parse_args(arguments)
    root = project_root()
    try:
        views = collect(chosen.recording)
        if chosen.check:
            stale = outdated(root, views)
            print("\n".join(f"{name} is out of date: run make readme" for name in stale))
            return 1 if stale else 0
        readme = root / "README.md"
        readme.write_text(spliced(readme.read_text(), text(views)))
        for view in views:
            (root / place(view)).write_text(figure(view))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
