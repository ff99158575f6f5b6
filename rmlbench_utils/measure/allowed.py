"""What a case may ask of its data, refused in one sentence before anything is built."""

from __future__ import annotations

from rmlbench_utils.contenders import clustering_terms, network_terms, sklearn_svm
from rmlbench_utils.datasets import Prepared
from rmlbench_utils.judge.svm.machines import CLASSIFIERS
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.errors import UsageError
from rmlbench_utils.worker.channel import Fault
from rmlbench_utils.worker.frameworks import load


def check(case: Case, data: Prepared) -> None:
    """Refuse hyper-parameters out of range, and a target of one class for a classifier.

    Raises
    ------
    UsageError
        With the case, the value and what is allowed.
    """
    try:
        if case.domain == "svm":
            sklearn_svm.ALGORITHMS[case.algorithm](**case.params)
        elif case.domain == "clustering":
            starts = load("sklearn", case.algorithm).ALGORITHMS[case.algorithm].STARTS
            clustering_terms.check(case.params, data.train_rows, starts)
        elif case.network:
            network_terms.check(case.params)
            network_terms.check_shape(case.algorithm, tuple(data.shape), data.every_step)
    except Fault as fault:
        said = f"{fault.parameter} is {fault.value!r}: {fault.allowed}"
        raise UsageError(f"{case.name}: {said}") from fault
    if case.algorithm in CLASSIFIERS and len(data.classes) < 2:
        only = ", ".join(map(repr, data.classes))
        raise UsageError(f"{case.name}: the target holds only {only}: give one with two classes")
