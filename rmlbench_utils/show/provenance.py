"""Where a recording comes from: commit, machine, date, and what has changed since."""

from __future__ import annotations

from datetime import datetime

from rmlbench_utils.contenders.registry import libraries
from rmlbench_utils.judge.detectable import detectable
from rmlbench_utils.judge.statistics import detectable_words
from rmlbench_utils.measure.build import source_digest
from rmlbench_utils.show.view import View
from rmlbench_utils.show.wording import listed


def machine(view: View) -> str:
    """Processor, cores and memory in a few words; what is unknown is left out."""
    facts = view.manifest.machine
    words = [str(facts.get("cpu") or "unnamed processor")]
    if facts.get("cores"):
        words.append(f"{facts['cores']}{' virtual' if facts.get('virtualised') else ''} cores")
    if facts.get("memory_bytes"):
        words.append(f"{facts['memory_bytes'] / 2**30:.0f} GiB")
    return ", ".join(words)


def day(view: View) -> str:
    """The day the recording was made, ``2026-11-23``."""
    return datetime.fromisoformat(view.manifest.created).date().isoformat()


def commit(view: View) -> str:
    """The first ten digits of the commit, and whether the tree differed from it."""
    if view.manifest.commit is None:
        return "no commit"
    return f"commit {view.manifest.commit[:10]}" + (" + changes" if view.manifest.dirty else "")


def changed(view: View) -> list[str]:
    """Contenders whose worker's sources are not those it was measured with."""
    here = libraries()
    return [
        name
        for name, digest in view.manifest.sources.items()
        if name in here and digest != source_digest(here[name])
    ]


def provenance(view: View) -> str:
    """One line: recording, machine, date, commit, and whose sources have changed since."""
    parts = [
        f"Recording {view.name} ({view.manifest.plan.profile})",
        machine(view),
        day(view),
        commit(view),
    ]
    if workers := changed(view):
        parts.append(f"measured with an earlier version of: {listed(workers)}")
    whole = view.whole or view  # verdicts are corrected for all of its rows
    if least := detectable(whole.manifest, whole.records):
        parts.append(f"the median row could tell a ratio of {detectable_words(least)} from 1")
    if view.manifest.finished is None:
        parts.append("not finished")
    parts += view.notes
    return " · ".join(parts)
