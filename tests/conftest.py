"""What every test shares."""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("rmlbench", deadline=None, derandomize=True, max_examples=30)
settings.load_profile("rmlbench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first, so that no process is left with one when the others are done."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
