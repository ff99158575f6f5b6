"""README's figure and sentence, from a recording: ``python -m rmlbench_utils.show.readme``."""

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
from rmlbench_utils.show.view import View, look

BEGIN, END = "<!-- readme:begin -->", "<!-- readme:end -->"
FIGURE = "book/readme.svg"
DEFAULT = "regression-standard"


def text(view: View) -> str:
    """The sentence of each domain and the line that says where it comes from."""
    said = "\n\n".join(f"**{domain}**: {advice(view, domain)}" for domain in view.domains)
    origin = f"{machine(view)}, {day(view)}, {commit(view)}, recording `{view.name}`"
    return f"{said}\n\n![Ratios of time with intervals, parity beside them]({FIGURE})\n\n{origin}"


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


def outdated(root: Path, view: View) -> list[str]:
    """Files that differ from what the recording says."""
    readme = (root / "README.md").read_text()
    drawn = root / FIGURE
    stale = [] if spliced(readme, text(view)) == readme else ["README.md"]
    if not drawn.exists() or drawn.read_text() != figure(view):
        stale.append(FIGURE)
    return stale


def main(arguments: list[str] | None = None) -> int:
    """Entry of the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m rmlbench_utils.show.readme")
    parser.add_argument("--recording", default=DEFAULT, help="name or path of a recording")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if out of date")
    chosen = parser.parse_args(arguments)
    root = project_root()
    try:
        view = look(chosen.recording)
        if chosen.check:
            stale = outdated(root, view)
            print("\n".join(f"{name} is out of date: run make readme" for name in stale))
            return 1 if stale else 0
        readme = root / "README.md"
        readme.write_text(spliced(readme.read_text(), text(view)))
        (root / FIGURE).write_text(figure(view))
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
