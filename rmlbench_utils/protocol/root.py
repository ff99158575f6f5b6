"""Where the project is, whatever the working directory."""

from __future__ import annotations

import os
from pathlib import Path

from rmlbench_utils.protocol.errors import UsageError


def project_root() -> Path:
    """The folder that holds ``_toc.yml``.

    ``RMLBENCH_HOME`` wins; else the nearest parent of the working directory, else of this
    package.

    Raises
    ------
    UsageError
        If none of them holds ``_toc.yml``.
    """
    if home := os.environ.get("RMLBENCH_HOME"):
        return Path(home).resolve()
    for start in (Path.cwd(), Path(__file__).resolve().parent):
        for folder in (start, *start.parents):
            if (folder / "_toc.yml").exists():
                return folder
    raise UsageError(
        f"no _toc.yml above {Path.cwd()}: run inside the project or set RMLBENCH_HOME to it"
    )
