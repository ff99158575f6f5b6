"""What every test shares."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rmlbench", deadline=None, derandomize=True)
settings.load_profile("rmlbench")
