"""What a run needs: prepared data, commands, environments, equal resources."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from rmlbench_utils.contenders.exported import model_file
from rmlbench_utils.contenders.registry import Library
from rmlbench_utils.datasets import Prepared, prepare
from rmlbench_utils.datasets.network_plan import Start
from rmlbench_utils.datasets.start import start_file
from rmlbench_utils.judge.clustering.reference import STARTED
from rmlbench_utils.measure import build, networks
from rmlbench_utils.measure.conversation import Task
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.job import FileRef, Job, Repeat, Tier
from rmlbench_utils.protocol.record import PlannedContender

MEMORY_SHARE = 0.7


@dataclass
class Stage:
    """Libraries by contender, and the data prepared so far.

    ``cache`` keeps prepared data, ``seed`` fixes splits and orders.
    """

    libraries: dict[str, Library]
    cache: Path
    seed: int
    _prepared: dict[tuple[str, int], Prepared] = field(default_factory=dict)
    _starts: dict[tuple[str, int], FileRef] = field(default_factory=dict)
    _models: dict[tuple[str, int], FileRef] = field(default_factory=dict)
    _served: dict[tuple[str, int], networks.Exported] = field(default_factory=dict)
    _begun: dict[tuple[str, int, str], Start] = field(default_factory=dict)
    _references: dict[tuple[str, int], FileRef] = field(default_factory=dict)
    _commands: dict[tuple[str, Tier], tuple[list[str], dict[str, str]]] = field(
        default_factory=dict
    )

    def data(self, dataset: str, split: int) -> Prepared:
        """A dataset's split, prepared once."""
        key = (dataset, split)
        if key not in self._prepared:
            self._prepared[key] = prepare(dataset, split, self.seed, 5, self.cache)
        return self._prepared[key]

    def begun(self, case: Case, split: int, contender: str) -> Start:
        """Rows and weights that a network's training begins from."""
        key = (case.name, split, contender if case.free_seeds else "")
        if key not in self._begun:
            data = self.data(case.dataset, split)
            seed = self.seed + split
            self._begun[key] = networks.start_of(case, data, seed, contender, self.cache)
        return self._begun[key]

    def reference(self, case: Case, split: int, contender: str) -> FileRef | None:
        """The training that a network's is held against, or what one that is served says; None
        where seeds are free, and of what is no network."""
        if not case.network or case.free_seeds:
            return None
        if not case.fits(contender):
            return self._exported(case, split).answers
        key = (case.name, split)
        if key not in self._references:
            begun = self.begun(case, split, case.baseline)
            seed = self.seed + split
            inputs = self.data(case.dataset, split).inputs
            self._references[key] = networks.reference_of(case, begun, inputs, seed, self.cache)
        return self._references[key]

    def train(self, case: Case, split: int, contender: str) -> FileRef:
        """The rows a contender learns from."""
        if case.network:
            return self.begun(case, split, contender).train
        return self.data(case.dataset, split).train

    def weights(self, case: Case, split: int, contender: str) -> FileRef | None:
        """What a contender begins from, where its algorithm begins somewhere."""
        if case.network:
            return self.begun(case, split, contender).weights
        if case.domain != "clustering" or case.algorithm not in STARTED:
            return None
        key = (case.dataset, split)
        if key not in self._starts:
            self._starts[key] = start_file(self.data(*key), self.cache)
        return self._starts[key]

    def model(self, case: Case, split: int) -> FileRef:
        """The baseline's exported model, which the case's served contenders predict from."""
        if case.network:
            return self._exported(case, split).model
        key = (case.name, split)
        if key not in self._models:
            self._models[key] = model_file(case, self.data(case.dataset, split), self.cache)
        return self._models[key]

    def _exported(self, case: Case, split: int) -> networks.Exported:
        key = (case.name, split)
        if key not in self._served:
            begun = self.begun(case, split, case.baseline)
            inputs = self.data(case.dataset, split).inputs
            seed = self.seed + split
            self._served[key] = networks.exported_of(case, begun, inputs, seed, self.cache)
        return self._served[key]

    def task(
        self,
        case: Case,
        planned: PlannedContender,
        split: int,
        outputs: Path,
        repeat: dict[str, Repeat],
        folds: bool = False,
    ) -> Task:
        """The job of one run, with command, environment and limits."""
        data = self.data(case.dataset, split)
        command, environment = self._command(planned.contender, planned.tier)
        job = Job(
            protocol=1,
            case=case.name,
            contender=planned.contender,
            tier=planned.tier,
            algorithm=case.algorithm,
            params=case.params,
            layout=planned.layout,
            threads=case.threads,
            seed=self.seed + split,
            train=self.train(case, split, planned.contender),
            weights=self.weights(case, split, planned.contender)
            if case.fits(planned.contender)
            else self.model(case, split),
            outputs=str(outputs),
            repeat=repeat,
            folds=folds,
        )
        return Task(
            job=job,
            inputs=data.inputs,
            command=command,
            environment={**environment, **equal_terms(case.threads, _huge(case))},
            cpus=cpus(case.threads),
            limit_s=case.limit_s,
            memory_limit=int(MEMORY_SHARE * psutil.virtual_memory().total),
        )

    def _command(self, contender: str, tier: Tier) -> tuple[list[str], dict[str, str]]:
        key = (contender, tier)
        if key not in self._commands:
            library = self.libraries[contender]
            inherited = {k: os.environ[k] for k in ("PATH", "HOME", "LANG") if k in os.environ}
            environment = {**inherited, **build.environment(library, tier)}
            self._commands[key] = (build.command(library, tier), environment)
        return self._commands[key]


def _huge(case: Case) -> bool:
    """Whether large allocations ask for huge pages: libtorch does not unless it is told to, and
    what is compared with it does as it does."""
    return case.huge_pages and not case.network


def equal_terms(threads: int, huge_pages: bool = True) -> dict[str, str]:
    """What the harness sets for every worker alike.

    NumPy asks for huge pages for what is large, unless told not to by its own variable; our
    Rust workers read the same variable and do the same.
    """
    number = str(threads)
    names = ("OMP", "OPENBLAS", "MKL", "RAYON", "CANDLE", "NUMEXPR")
    return {
        **{f"{name}_NUM_THREADS": number for name in names},
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "NUMPY_MADVISE_HUGEPAGE": str(int(huge_pages)),
    }


def cpus(threads: int) -> list[int]:
    """The CPUs of a run: the last ones, so that one thread leaves the first to the harness."""
    available = sorted(os.sched_getaffinity(0))
    return available[-min(threads, len(available)) :]
