"""``report.json``: everything the book concludes, for machines, with a schema."""

from __future__ import annotations

import json
from typing import Literal

from pydantic import Field

from rmlbench_utils.judge.agreement import Agreement
from rmlbench_utils.judge.columns import COLUMNS, plain
from rmlbench_utils.judge.decision import Verdict
from rmlbench_utils.judge.detectable import detectable
from rmlbench_utils.judge.effect import Effect
from rmlbench_utils.judge.fairness import Fairness
from rmlbench_utils.protocol.base import Model
from rmlbench_utils.protocol.case import Level, Profile
from rmlbench_utils.protocol.job import Tier
from rmlbench_utils.show import provenance
from rmlbench_utils.show.advice import advice, best
from rmlbench_utils.show.view import View

SCHEMA = "report.schema.json"


class Row(Model):
    """One verdict; null is what is not known, or may not be shown without parity."""

    case: str
    contender: str
    baseline: str
    tier: Tier
    phase: str
    metric: str
    unit: str
    baseline_value: float | None
    contender_value: float | None
    shape: str
    parity: Agreement
    fairness: Fairness
    differs: str
    effect: Effect
    ratio: float | None
    ci_low: float | None
    ci_high: float | None
    p_adjusted: float | None
    n_runs: int
    failures: str
    verdict: Verdict
    machine: str
    recording: str
    reason: str
    ci_low_simultaneous: float | None
    ci_high_simultaneous: float | None
    p_value: float | None
    family: Literal["primary", "secondary"]
    headline: bool
    convert_verdict: Verdict | None
    n_blocks: int
    level: Level


class Machine(Model):
    """Where a recording was made; null is what could not be told."""

    words: str
    cpu: str | None
    cores: int | None
    memory_bytes: int | None
    system: str | None


class Origin(Model):
    """A recording: when, where and from which commit it was made, and what it lacks.

    ``earlier_versions`` names workers whose sources have changed since; ``detectable_ratio`` is
    what the median primary row could tell from 1.
    """

    name: str
    profile: Profile
    created: str
    finished: str | None
    commit: str | None
    dirty: bool
    machine: Machine
    plan_sha256: str
    alpha: float
    adjust: str
    runs: int
    failed: int
    unavailable: dict[str, str]
    earlier_versions: list[str]
    detectable_ratio: float | None
    notes: list[str]


class Domain(Model):
    """The answer of a domain: its sentence, and the best Rust option if there is one."""

    domain: str
    recording: str
    sentence: str
    best: str | None


class Report(Model):
    """The whole answer: where it comes from, a sentence a domain, every verdict."""

    schema_version: Literal[1] = 1
    schema_file: str = Field(default=SCHEMA, serialization_alias="$schema")
    recordings: list[Origin]
    domains: list[Domain]
    verdicts: list[Row]


def report(views: list[View]) -> Report:
    """What these recordings say."""
    return Report(
        recordings=[_origin(view) for view in views],
        domains=[
            Domain(
                domain=domain,
                recording=view.name,
                sentence=advice(view, domain),
                best=best(view, domain),
            )
            for view in views
            for domain in view.domains
        ],
        verdicts=[Row(**row) for view in views for row in plain(view.verdicts[COLUMNS])],
    )


def text(made: Report) -> str:
    """A report as JSON; never NaN."""
    whole = made.model_dump(mode="json", by_alias=True)
    return json.dumps(whole, indent=1, allow_nan=False, ensure_ascii=False) + "\n"


def schema() -> str:
    """The JSON Schema of `report.json`, drawn from the models here."""
    drawn = Report.model_json_schema(mode="serialization")
    return json.dumps(drawn, indent=1) + "\n"


def _origin(view: View) -> Origin:
    manifest, facts = view.manifest, view.manifest.machine
    least = detectable(manifest, view.records)
    runs = [record for record in view.records if record.role == "run"]
    return Origin(
        name=view.name,
        profile=manifest.plan.profile,
        created=manifest.created,
        finished=manifest.finished,
        commit=manifest.commit,
        dirty=manifest.dirty,
        machine=Machine(
            words=provenance.machine(view),
            **{name: facts.get(name) for name in ("cpu", "cores", "memory_bytes", "system")},
        ),
        plan_sha256=manifest.plan_sha256,
        alpha=manifest.plan.alpha,
        adjust=manifest.plan.adjust,
        runs=len(runs),
        failed=sum(record.status != "ok" for record in runs),
        unavailable=manifest.unavailable,
        earlier_versions=provenance.changed(view),
        detectable_ratio=least,
        notes=view.notes,
    )
