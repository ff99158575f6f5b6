"""What an executed notebook shows."""

from __future__ import annotations

from pathlib import Path

import nbformat


def shown(path: Path) -> str:
    """All HTML among the outputs of a notebook."""
    return "\n".join(
        str(output.data.get("text/html", ""))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    )
