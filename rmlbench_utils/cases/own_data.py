"""Cases for a file of the user's own."""

from __future__ import annotations

from collections.abc import Sequence

from rmlbench_utils.cases.expand import expand
from rmlbench_utils.cases.loader import FOLDER, read
from rmlbench_utils.cases.stanza import CaseFile, Stanza
from rmlbench_utils.protocol.case import Case, Profile


def cases_for_csv(
    domain: str, dataset: str, profile: Profile, algorithms: Sequence[str] = ()
) -> list[Case]:
    """One case for each algorithm of a domain on a dataset, with default hyper-parameters.

    Parameters
    ----------
    dataset
        A name as ``datasets/csv.py`` reads it; the file is read later, when it is prepared.
    algorithms
        Those wanted; by default all of the domain.
    """
    file = read(FOLDER / f"{domain}.toml")
    cases: list[Case] = []
    for algorithm in algorithms or file.algorithms:
        stanza = Stanza(
            algorithm=algorithm,
            dataset=dataset,
            profiles=["check", "smoke", "standard", "full"],
            contenders=_contenders(file, algorithm),
            splits=5,
        )
        cases += expand(domain, file, stanza, profile, f"--data {dataset}")
    return cases


def _contenders(file: CaseFile, algorithm: str) -> list[str]:
    """Everyone who has the algorithm in its default form: the contenders of all its stanzas whose
    words (kernel, linkage, init) are the defaults, in their order."""
    default = file.algorithms[algorithm].params
    stanzas = [
        stanza
        for stanza in file.case
        if stanza.algorithm == algorithm
        and all(v == default[k] for k, v in stanza.params.items() if isinstance(v, str))
    ]
    named = (name for one in stanzas for name in one.contenders or file.defaults.contenders)
    return list(dict.fromkeys(named))
