"""Cases for a file of the user's own."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.cases.expand import expand
from rmlbench_utils.cases.loader import FOLDER, read
from rmlbench_utils.cases.stanza import Stanza
from rmlbench_utils.protocol.case import Case, Profile


def case_for_csv(path: Path, target: str, profile: Profile) -> list[Case]:
    """One case for each regression algorithm on a CSV file, with default hyper-parameters.

    The dataset is named ``csv:PATH#TARGET``; the file is read later, when it is prepared.
    """
    file = read(FOLDER / "regression.toml")
    cases: list[Case] = []
    for algorithm in file.algorithms:
        stanza = Stanza(
            algorithm=algorithm,
            dataset=f"csv:{path}#{target}",
            profiles=["check", "smoke", "standard", "full"],
            splits=5,
        )
        cases += expand("regression", file, stanza, profile, f"--data {path}")
    return cases
