"""What is measured on a file of the user's own: every algorithm that its target allows."""

from __future__ import annotations

from pathlib import Path

from rmlbench_utils.cases import cases_for_csv
from rmlbench_utils.datasets.csv import holds_classes
from rmlbench_utils.protocol.case import Case, Profile
from rmlbench_utils.protocol.errors import UsageError

DOMAINS = ("regression", "svm", "clustering")
CLASSES = ("svc", "nusvc", "linearsvc")
NUMBERS = ("svr", "nusvr", "linearsvr")


def cases(
    patterns: tuple[str, ...], data: Path, target: str | None, profile: Profile
) -> list[Case]:
    """Cases of one domain on a CSV file.

    Support vector machines learn classes or numbers, whichever the target holds; a clustering
    needs no target, and is scored against the classes of one that is given.

    Raises
    ------
    UsageError
        If the domain takes no file, or needs a target that was not given.
    """
    if len(patterns) != 1 or patterns[0] not in DOMAINS:
        raise UsageError(
            f"--data was given with {' '.join(patterns)!r}: a file of your own runs as "
            f"`rmlbench run DOMAIN --data CSV --target NAME`, DOMAIN being {' or '.join(DOMAINS)}"
        )
    (domain,), path = patterns, data.resolve()
    if target is None and domain != "clustering":
        raise UsageError(f"--target is missing: name the column that {domain} is to predict")
    if domain == "clustering":
        name = f"csv-rows:{path}" if target is None else f"csv-classes:{path}#{target}"
        return cases_for_csv(domain, name, profile)
    if domain == "svm" and holds_classes(path, str(target)):
        return cases_for_csv(domain, f"csv-classes:{path}#{target}", profile, CLASSES)
    wanted = NUMBERS if domain == "svm" else ()
    return cases_for_csv(domain, f"csv:{path}#{target}", profile, wanted)
