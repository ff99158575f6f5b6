"""Sphinx extension: when the book is built, write the summary into it.

Pages link to ``summary/``, so it is there however the book was built.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from rmlbench_utils.show.readme import DEFAULT
from rmlbench_utils.show.summary import FOLDER, write
from rmlbench_utils.show.view import collect

SETTING = "rmlbench_recording"


def setup(app: Sphinx) -> dict[str, Any]:
    """What sphinx calls."""
    app.add_config_value(SETTING, DEFAULT, "", str)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _write(app: Sphinx, failure: Exception | None) -> None:
    if failure is None and app.builder.format == "html":
        write(collect(app.config[SETTING]), Path(app.outdir) / FOLDER)
