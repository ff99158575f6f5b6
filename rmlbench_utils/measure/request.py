"""What a user asks to be measured, resolved to cases, libraries and a place."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from rmlbench_utils.cases import domains, load_cases, select
from rmlbench_utils.contenders.registry import Library, libraries
from rmlbench_utils.measure import own_data
from rmlbench_utils.measure.settings import OFFERED
from rmlbench_utils.protocol.case import Case, Profile
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.protocol.root import project_root


@dataclass(frozen=True)
class Request:
    """What to measure; ``patterns`` are domains or globs on case names."""

    patterns: tuple[str, ...]
    profile: Profile = "standard"
    contenders: tuple[str, ...] = ()
    threads: int | None = None
    data: Path | None = None
    target: str | None = None
    workers: Path | None = None
    out: Path | None = None
    seed: int = 0
    budget_s: float | None = None
    tiers: tuple[Tier, ...] = ("shipped", "tuned")
    min_blocks: int | None = None

    def checked(self) -> Request:
        """The same request, or a `UsageError` in one sentence."""
        if self.profile not in OFFERED:
            raise UsageError(f"profile is {self.profile!r}: choose from {', '.join(OFFERED)}")
        cores = len(os.sched_getaffinity(0))
        if self.threads is not None and not 1 <= self.threads <= cores:
            raise UsageError(
                f"threads is {self.threads}: give a number from 1 to {cores}, the cores here"
            )
        if self.budget_s is not None and self.budget_s <= 0:
            raise UsageError(f"budget_s is {self.budget_s:g}: give seconds greater than 0")
        if self.seed < 0:
            raise UsageError(f"seed is {self.seed}: give a whole number of at least 0")
        if self.data is None and self.target is not None:
            raise UsageError(f"--target is {self.target!r} without --data: give the file too")
        return self

    def libraries(self) -> dict[str, Library]:
        """All libraries, the user's own workers among them."""
        return libraries(self.workers)

    def cases(self) -> list[Case]:
        """The cases asked for, with the contenders and threads asked for."""
        known = self.libraries()
        for name in self.contenders:
            if name not in known:
                raise UsageError(f"no contender is {name!r}: nearest are {nearest(name, known)}")
        extra = tuple(name for name in known if known[name].kind == "command")
        found = [self._narrowed(case, extra) for case in self._selected()]
        unique = {case.name: case for case in found}
        return list(unique.values())

    def name(self) -> str:
        """What the recording is called where no place is given."""
        if self.data is not None:
            return f"{self.patterns[0]}-{_slug(self.data.stem)}-{self.profile}"
        shown = "-".join(_slug(pattern) for pattern in self.patterns)
        return f"{shown[:60]}-{self.profile}"

    def place(self) -> Path:
        """The folder of the recording."""
        return self.out or project_root() / "recordings" / self.name()

    def _selected(self) -> list[Case]:
        if self.data is not None:
            return own_data.cases(self.patterns, self.data, self.target, self.profile)
        profile: Profile = self.profile
        pool = [case for domain in domains() for case in load_cases(domain, profile)]
        everything = [case for domain in domains() for case in load_cases(domain, "full")]
        pool += [case for case in everything if case.name not in {c.name for c in pool}]
        named = [p for p in self.patterns if p not in domains()]
        chosen = [c for d in self.patterns if d in domains() for c in load_cases(d, profile)]
        return chosen + (select(pool, named) if named else [])

    def _narrowed(self, case: Case, extra: tuple[str, ...]) -> Case:
        names = tuple(dict.fromkeys((*case.contenders, *extra)))
        if self.contenders:
            wanted = (case.baseline, *self.contenders)
            names = tuple(name for name in names if name in wanted)
        update: dict[str, object] = {"contenders": names}
        if self.threads is not None:
            update["threads"] = self.threads
        if self.min_blocks is not None:
            update |= {"min_blocks": self.min_blocks}
            update |= {"max_blocks": max(self.min_blocks, case.max_blocks)}
        return case.model_copy(update=update)


def narrowed(request: Request, **changes: object) -> Request:
    """A copy of a request with some fields changed, checked."""
    return replace(request, **changes).checked()  # type: ignore[arg-type]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "all"
