"""A recording's plan, run again here."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.measure import session
from rmlbench_utils.measure.fixed import work_of
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.store.recording import Recording


def reproduce(original: Recording, out: Path | None = None) -> Recording:
    """Run the plan of a recording again, or go on with that."""
    place = out or project_root() / "recordings" / f"{original.name}-again"
    return session.measured(work_of(original.manifest.plan, original.name), place)
