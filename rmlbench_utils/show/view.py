"""A recording with its verdicts, as every figure, table and page sees it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from rmlbench_utils.contenders.remarks import about, remarks
from rmlbench_utils.judge.svm.gaps import by_gap
from rmlbench_utils.judge.verdict import machine_name, verdict_table
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import Manifest, ParityLine, RunRecord
from rmlbench_utils.protocol.root import project_root
from rmlbench_utils.show.rows import where
from rmlbench_utils.store.recording import Recording


@dataclass(frozen=True)
class View:
    """What pages are made of. ``verdicts`` has the columns of ``rmlbench verdicts``.

    ``whole`` is the recording's, where this is one domain of it.
    """

    name: str
    manifest: Manifest
    records: list[RunRecord]
    parity: list[ParityLine]
    verdicts: pd.DataFrame
    notes: list[str]
    whole: View | None = None

    def __repr__(self) -> str:
        """Its name: notebooks keep the repr of what a cell ends with beside what it shows."""
        return f"View({self.name!r})"

    @cached_property
    def cases(self) -> dict[str, Case]:
        """Case name → case, in the order of the plan."""
        return {planned.case.name: planned.case for planned in self.manifest.plan.cases}

    @cached_property
    def domains(self) -> list[str]:
        """The domains of the plan, in its order."""
        return list(dict.fromkeys(case.domain for case in self.cases.values()))

    @cached_property
    def primary(self) -> pd.DataFrame:
        """The rows the verdicts are about: one per case, contender and tier.

        Of the cases that train to one end. Those that serve a trained model are another question
        (`serving`), and fits of linear machines are points of a curve (``show/gaps.py``), where
        equal tolerances are not equal answers; both stand in here only where a recording has no
        others.
        """
        rows, cases = self.judged, self.cases
        plain = where(rows, (not (cases[c].served or by_gap(cases[c])) for c in rows["case"]))
        return rows if plain.empty else plain

    @cached_property
    def serving(self) -> pd.DataFrame:
        """The primary rows of the cases that serve a trained model."""
        rows = self.judged
        return where(rows, (bool(self.cases[case].served) for case in rows["case"]))

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The primary rows of all cases."""
        return self.verdicts[self.verdicts["family"] == "primary"]

    def of(
        self,
        algorithm: str | None = None,
        contender: str | None = None,
        tier: str | None = None,
        serving: bool = False,
        parallel: bool = False,
    ) -> pd.DataFrame:
        """The primary rows, or those that serve, of an algorithm, contender and tier if given, and
        of several threads if wanted."""
        rows = self.serving if serving else self.primary
        for column, wanted in (("contender", contender), ("tier", tier)):
            rows = rows if wanted is None else rows[rows[column] == wanted]
        cases = [self.cases[case] for case in rows["case"]]
        return where(
            rows,
            (algorithm in (None, one.algorithm) and one.threads > parallel for one in cases),
        )

    @cached_property
    def languages(self) -> dict[str, str]:
        """Contender → language of the worker that ran it."""
        spoken = {}
        for planned in self.manifest.plan.cases:
            for one in planned.contenders:
                listing = self.manifest.workers.get(f"{one.worker}:{one.tier}", {})
                spoken[one.contender] = listing.get("language", "unknown")
        return spoken


def look(recording: Recording | str | Path, domain: str | None = None) -> View:
    """Open a recording (a name, a path, or one already open) and judge it; show one domain of it
    alone if that is named: verdicts are those of the whole recording."""
    if not isinstance(recording, Recording):
        recording = Recording.open(recording)
    verdicts = verdict_table(recording.manifest, recording.records, recording.parity)
    view = View(
        name=recording.name,
        manifest=recording.manifest,
        records=list(recording.records),
        parity=_of_cases(recording),
        verdicts=_remarked(verdicts, recording.manifest.created),
        notes=list(recording.notes),
    )
    return view if domain is None or view.domains == [domain] else narrowed(view, domain)


def narrowed(view: View, domain: str) -> View:
    """One domain of a recording; its null case stays."""
    plan = view.manifest.plan
    cases = [planned for planned in plan.cases if planned.case.domain == domain]
    missing = view.manifest.unavailable
    update = {
        "plan": plan.model_copy(update={"cases": cases}),
        "unavailable": {k: v for k, v in missing.items() if k.split("/")[0] in (k, domain)},
    }
    kept = {planned.case.name for planned in cases}
    null = {plan.null.case.name} if plan.null else set()
    return View(
        name=view.name,
        manifest=view.manifest.model_copy(update=update),
        records=[run for run in view.records if run.case in kept | null],
        parity=[line for line in view.parity if line.case in kept],
        verdicts=where(view.verdicts, (case in kept for case in view.verdicts["case"])),
        notes=view.notes,
        whole=view,
    )


def _of_cases(recording: Recording) -> list[ParityLine]:
    """The parity lines of the plan's cases; its null case is no workload."""
    planned = {one.case.name for one in recording.manifest.plan.cases}
    return [line for line in recording.parity if line.case in planned]


def _remarked(verdicts: pd.DataFrame, created: str) -> pd.DataFrame:
    """The table with what is disputed or fixed on main added to the rows' reasons."""
    known = remarks()
    added = [
        "; ".join([str(row["reason"]), *about(known, row["contender"], row["case"], created)])
        for _, row in verdicts.iterrows()
    ]
    return verdicts.assign(reason=added)


def collect(recording: str | Path) -> list[View]:
    """The named recording first, then the committed recordings of the domains it lacks.

    Of several recordings of a domain the one called standard is taken; where none is, that with
    the most contenders over its cases.
    """
    views = [look(recording)]
    seen = set(views[0].domains)
    for place, manifest in sorted(_committed(), key=lambda one: _rank(one[1])):
        domains = _domains(manifest)
        if not domains & seen:
            views.append(look(place))
            seen |= domains
    return views


def companions(view: View) -> list[View]:
    """The other committed recordings of a domain of this one, by name."""
    return [
        look(place)
        for place, manifest in _committed()
        if manifest.name != view.name and _domains(manifest) & set(view.domains)
    ]


def serves(views: list[View]) -> View:
    """The first recording that serves trained models; the first of all where none does."""
    return next((one for one in views if len(one.serving)), views[0])


def holds(
    views: list[View],
    algorithm: str | None = None,
    contender: str | None = None,
    tier: str | None = None,
    parallel: bool = False,
) -> View:
    """The first recording if it has such primary rows (`View.of`), else the newest that has.

    One in which somebody is comparable comes first; the first of all where none has such rows.
    """
    rows = [(one, one.of(algorithm, contender, tier, parallel=parallel)) for one in views]
    held = [(one, found) for one, found in rows if len(found)]
    if not held or held[0][0] is views[0]:
        return views[0]
    comparable = [one for one, found in held if (found["verdict"] != "not comparable").any()]
    return max(comparable or [one for one, _ in held], key=lambda one: one.manifest.created)


def _rank(manifest: Manifest) -> tuple[bool, int]:
    return not manifest.name.endswith("-standard"), -_breadth(manifest)


def twin(view: View) -> View | None:
    """The first other committed recording of the same commit, profile, cases and machine."""
    for place, manifest in _committed():
        if manifest.name != view.name and _alike(manifest, view.manifest):
            return look(place)
    return None


def _alike(one: Manifest, other: Manifest) -> bool:
    if one.commit is None or one.commit != other.commit:
        return False
    names = [{planned.case.name for planned in made.plan.cases} for made in (one, other)]
    same = names[0] == names[1] and one.plan.profile == other.plan.profile
    return same and machine_name(one) == machine_name(other)


def _committed() -> list[tuple[Path, Manifest]]:
    """Committed recordings of workloads, by name: a calibration is none."""
    folder = project_root() / "book" / "recordings"
    found = [
        (place.parent, Manifest.model_validate_json(place.read_bytes()))
        for place in sorted(folder.glob("*/manifest.json"))
    ]
    return [(place, made) for place, made in found if made.plan.profile != "calibration"]


def _breadth(manifest: Manifest) -> int:
    return sum(len(planned.contenders) for planned in manifest.plan.cases)


def _domains(manifest: Manifest) -> set[str]:
    return {planned.case.domain for planned in manifest.plan.cases}
