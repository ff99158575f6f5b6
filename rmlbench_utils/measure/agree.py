"""Parity of every distinct output of a recording, against the reference solution."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from safetensors.numpy import load_file

from rmlbench_utils.judge.domains import Files, answer
from rmlbench_utils.judge.exact import NotVerified
from rmlbench_utils.judge.line import line
from rmlbench_utils.measure.stage import Stage
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.record import ParityLine, RunRecord


class Agreement:
    """Checks outputs against references, each solved once."""

    def __init__(self, stage: Stage, outputs: Path) -> None:
        self._stage, self._outputs = stage, outputs
        self.references: dict[str, dict[str, object]] = {}
        self._unsolved: dict[tuple[str, int, str], str] = {}

    def lines(
        self, cases: Iterable[Case], records: Iterable[RunRecord], report: Callable[[str], None]
    ) -> list[ParityLine]:
        """One line for each distinct output digest a case and contender produced."""
        by_name = {case.name: case for case in cases}
        found: dict[tuple[str, str, str, int, str], ParityLine] = {}
        for record in records:
            if record.outputs is None:
                continue
            key = (record.case, record.contender, record.tier, record.split, record.outputs)
            if key not in found:
                report(f"parity {record.case} {record.contender} {record.tier}")
                found[key] = self._line(by_name[record.case], record)
        return list(found.values())

    def _line(self, case: Case, record: RunRecord) -> ParityLine:
        key = (case.name, record.split, record.contender if case.free_seeds else "")
        if key in self._unsolved:
            return line(case, record, "", {}, unknown=self._unsolved[key])
        try:
            found = answer(case, self._files(case, record), self._stage.cache)
        except NotVerified as error:  # nothing to hold it against: no parity, and so no verdict
            self._unsolved[key] = f"there is no reference: {error}"
            return self._line(case, record)
        if found.facts:
            self.references.setdefault(case.name, {})[str(record.split)] = found.facts
        assert record.outputs is not None
        return found.check(record, load_file(self._outputs / f"{record.outputs}.safetensors"))

    def _files(self, case: Case, record: RunRecord) -> Files:
        """What the outputs of a run are held against."""
        data = self._stage.data(case.dataset, record.split)
        train = self._stage.train(case, record.split, record.contender)
        weights = self._stage.weights(case, record.split, record.contender)
        reference = self._stage.reference(case, record.split, record.contender)
        return Files(
            load_file(train.path),
            load_file(data.truth.path),
            load_file(weights.path) if weights else {},
            load_file(reference.path) if reference else {},
            reference.sha256 if reference else "",
        )
