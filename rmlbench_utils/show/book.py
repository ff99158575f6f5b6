"""Build the book from one recording: ``python -m rmlbench_utils.show.book --recording NAME``."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import yaml

from rmlbench_utils.cases import domains
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording, find

COPIED = ("_toc.yml", "METHODOLOGY.md", "BIAS.md")


def chapters(root: Path) -> list[str]:
    """The pages of ``_toc.yml``, without ending, in its order."""
    toc = yaml.safe_load((root / "_toc.yml").read_text())
    parts = toc.get("parts", [toc])
    return [toc["root"], *(one["file"] for part in parts for one in part.get("chapters", []))]


def build(recording: str, out: Path) -> Path:
    """Execute the notebooks on a recording and build the book from them.

    Parameters
    ----------
    recording
        Name or path of a recording.
    out
        Folder to put the book in.

    Returns
    -------
    pathlib.Path
        The root page of the book.
    """
    root = project_root()
    place = find(recording)  # says at once if it is none
    if Path(recording).exists():
        recording = str(place)  # a path must hold from the kernel's folder
    source = out / "_build" / "source"
    shutil.rmtree(source, ignore_errors=True)
    copy_prose(root, source, recording)
    os.environ["RMLBENCH_HOME"] = str(root)  # the copy holds a _toc.yml too
    first, *rest = chapters(root)
    for page in [*rest, first]:  # the root page reads what the others have measured
        if (root / f"{page}.ipynb").exists():
            execute(root / f"{page}.ipynb", source / f"{page}.ipynb", recording)
    return render(source, out)


def copy_prose(root: Path, source: Path, recording: str) -> None:
    """Copy pages, style and configuration, with execution off; the summary is of ``recording``."""
    source.mkdir(parents=True)
    for name in COPIED:
        shutil.copy(root / name, source / name)
    for folder in ("book", "notebooks"):
        shutil.copytree(
            root / folder,
            source / folder,
            ignore=shutil.ignore_patterns("recordings", "*.ipynb", ".ipynb_checkpoints"),
        )
    config = yaml.safe_load((root / "_config.yml").read_text())
    config["execute"]["execute_notebooks"] = "off"
    config["sphinx"]["config"]["rmlbench_recording"] = recording
    (source / "_config.yml").write_text(yaml.safe_dump(config))


def execute(notebook: Path, output: Path, recording: str) -> None:
    """Run one notebook through papermill; an error in it ends the build.

    The page of a domain of which the recording has nothing reads that domain's own.
    """
    known = papermill.inspect_notebook(notebook)
    wanted = {"profile": "none"}
    if not lacks(recording, notebook.stem):
        wanted["recording"] = recording
    print(f"{notebook.name}: recording {wanted.get('recording', 'of its own')}", file=sys.stderr)
    executed = papermill.execute_notebook(
        notebook,
        output,
        parameters={name: value for name, value in wanted.items() if name in known},
        cwd=notebook.parent,
        kernel_name="python3",
        progress_bar=False,
        request_save_on_cell_execute=False,
    )
    hide_injected(executed)
    nbformat.write(executed, output)


def lacks(recording: str, page: str) -> bool:
    """Whether the page is a domain's, and the recording holds no case of that domain."""
    if page not in domains():
        return False
    plan = Recording.open(recording).manifest.plan
    return all(planned.case.domain != page for planned in plan.cases)


def hide_injected(book: nbformat.NotebookNode) -> None:
    """Give the cell papermill added the tags of the parameters it stands for."""
    tagged = {tag: cell for cell in book.cells for tag in cell.metadata.get("tags", [])}
    if "injected-parameters" in tagged:
        tagged["injected-parameters"].metadata.tags += [
            tag for tag in tagged["parameters"].metadata.tags if tag != "parameters"
        ]


def render(source: Path, out: Path) -> Path:
    """Run jupyter-book on executed notebooks; warnings are errors."""
    start = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    options = ["build", str(source), "--path-output", str(out), "-n", "-W", "--keep-going"]
    done = subprocess.run([*start, *options], check=False)
    if done.returncode:
        raise UsageError(f"jupyter-book ended with exit code {done.returncode}: see its messages")
    return out / "_build" / "html" / "index.html"


def main(arguments: list[str] | None = None) -> int:
    """Entry of the command; returns its exit code."""
    parser = argparse.ArgumentParser(prog="python -m rmlbench_utils.show.book", description=__doc__)
    parser.add_argument("--recording", required=True, help="name or path of a recording")
    parser.add_argument("--out", type=Path, help="folder for the book; default: the project")
    chosen = parser.parse_args(arguments)
    try:
        page = build(chosen.recording, (chosen.out or project_root()).resolve())
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
