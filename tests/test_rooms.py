"""A room imports only rooms to its left; the timed workers import nothing heavy."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rmlbench_utils.protocol.root import project_root

ROOMS = (
    "protocol",
    "cases",
    "datasets",
    "contenders",
    "worker",
    "store",
    "judge",
    "measure",
    "show",
)
PACKAGE = project_root() / "rmlbench_utils"


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return {name for name in found if name.startswith("rmlbench_utils.")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_to_its_left(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    if room == "contenders":
        allowed.add("worker")  # the faults a contender raises are the worker's
    for path in (PACKAGE / room).rglob("*.py"):
        for name in imported(path):
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"


def test_the_worker_imports_only_itself_and_contenders() -> None:
    for path in (PACKAGE / "worker").glob("*.py"):
        for name in imported(path):
            assert name.split(".")[1] in ("worker", "contenders"), f"{path.name} imports {name}"


def test_no_two_test_files_have_one_name() -> None:
    """pytest imports them by name: the second would not run."""
    names = [path.name for path in (project_root() / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
