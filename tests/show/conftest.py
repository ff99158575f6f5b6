"""A recording of known content, judged once for all tests here."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic import write

from rmlbench_utils.show.view import View, look


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording on disk."""
    return write(tmp_path_factory.mktemp("recordings") / "synthetic")


@pytest.fixture(scope="session")
def view(folder: Path) -> View:
    """The same, judged."""
    return look(folder)
