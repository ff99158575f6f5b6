"""From a stanza to cases: grids, threads, and what the defaults fill in."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import get_args

from rmlbench_utils.cases.stanza import Algorithm, CaseFile, Stanza, Threads
from rmlbench_utils.protocol.case import Case, Primary, Profile
from rmlbench_utils.protocol.errors import UsageError, nearest
from rmlbench_utils.protocol.job import Scalar, Tier

_KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def all_cores() -> int:
    """The logical cores this process may use: what ``threads = ["all"]`` means."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def expand(
    domain: str, file: CaseFile, stanza: Stanza, profile: Profile, origin: str
) -> Iterator[Case]:
    """The cases one stanza makes at a profile, none if the profile is not among its own.

    Raises
    ------
    UsageError
        If the stanza names an algorithm, hyper-parameter or contender there is not.
    """
    algorithm = _checked(file, stanza, origin)
    if profile == "none" or profile not in stanza.profiles:
        return
    for dataset, named in _points(stanza, profile):
        for threads in _threads(stanza.threads or file.defaults.threads):
            yield _case(domain, file, stanza, algorithm, profile, dataset, named, threads)


def _points(stanza: Stanza, profile: Profile) -> Iterator[tuple[str, dict[str, Scalar]]]:
    """Every (dataset, named hyper-parameters) of the stanza's grid."""
    grid = stanza.grid.get(profile, {})
    for values in itertools.product(*grid.values()):
        point = dict(zip(grid, values, strict=True))
        dataset = str(point.pop("dataset", stanza.dataset))
        yield dataset, {**stanza.params, **point}


def _threads(wanted: list[Threads]) -> list[int]:
    counts = [all_cores() if count == "all" else count for count in wanted]
    return list(dict.fromkeys(counts))


def _case(
    domain: str,
    file: CaseFile,
    stanza: Stanza,
    algorithm: Algorithm,
    profile: Profile,
    dataset: str,
    named: dict[str, Scalar],
    threads: int,
) -> Case:
    defaults = file.defaults
    contenders = (*(stanza.contenders or defaults.contenders), *stanza.served)
    known = algorithm.known if stanza.known is None else stanza.known
    blocks = (stanza.min_blocks or defaults.min_blocks, stanza.max_blocks or defaults.max_blocks)
    low, high = defaults.blocks.get(profile, blocks)
    given = stanza.model_dump(
        include={"level", "tolerance", "tolerance_reason", "condition_scaled", "splits"},
        exclude_none=True,
    )
    shared = algorithm.model_dump(exclude={"params", "either", "known"})
    if stanza.served:
        shared["primary"] = Primary(phase="predict")
    return Case(
        **{**shared, **given},
        domain=domain,
        algorithm=stanza.algorithm,
        dataset=dataset,
        params={**algorithm.params, **named},
        named=tuple(named),
        threads=threads,
        baseline=defaults.baseline,
        contenders=contenders,
        known={key: why for key, why in known.items() if key.split()[0] in contenders},
        min_blocks=low,
        max_blocks=high,
        limit_s=stanza.limit_s or defaults.limit_s,
        huge_pages=stanza.huge_pages,
        served=tuple(stanza.served),
        target=stanza.target,
        note=stanza.note,
    )


def _checked(file: CaseFile, stanza: Stanza, origin: str) -> Algorithm:
    """The stanza's algorithm, once every name in the stanza is known to exist."""
    if stanza.algorithm not in file.algorithms:
        raise UsageError(
            f"{origin}: algorithm is {stanza.algorithm!r}, which has no [algorithms] entry: "
            f"nearest are {nearest(stanza.algorithm, file.algorithms)}"
        )
    algorithm = file.algorithms[stanza.algorithm]
    for key, value in stanza.params.items():
        _check_param(algorithm, f"params.{key}", key, value, origin)
    for profile, grid in stanza.grid.items():
        for key, values in grid.items():
            for value in values:
                if key != "dataset":
                    _check_param(algorithm, f"grid.{profile}.{key}", key, value, origin)
        if profile not in stanza.profiles:
            raise UsageError(f"{origin}: key grid.{profile} is not among profiles: add it there")
    _check_contenders(file, stanza, origin)
    return algorithm


def _check_param(algorithm: Algorithm, label: str, key: str, value: Scalar, origin: str) -> None:
    if key not in algorithm.params:
        raise UsageError(
            f"{origin}: key {label} is no hyper-parameter: nearest are "
            f"{nearest(key, algorithm.params)}"
        )
    default = algorithm.params[key]
    kinds: tuple[type, ...] = (type(default),)
    said = _KINDS[type(default)]
    if isinstance(default, float):
        kinds = (int, float)
    if key in algorithm.either:
        kinds, said = (int, float, str), "a text or a number"
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        raise UsageError(
            f"{origin}: key {label} is {value!r}: give {said} (the default is {default!r})"
        )


def _check_contenders(file: CaseFile, stanza: Stanza, origin: str) -> None:
    fitting = stanza.contenders or file.defaults.contenders
    for contender in stanza.served:
        if contender in fitting:
            raise UsageError(
                f"{origin}: key served holds {contender!r}, which is among contenders too: "
                "one that is served a model does not fit, take it out of one"
            )
    contenders = [*fitting, *stanza.served]
    if file.defaults.baseline not in fitting:
        raise UsageError(
            f"{origin}: key contenders lacks the baseline {file.defaults.baseline!r}: add it"
        )
    either = [*contenders, *(f"{one} {tier}" for one in contenders for tier in get_args(Tier))]
    for key in stanza.known or {}:
        if key not in either:
            raise UsageError(
                f"{origin}: key known.{key} is no contender of the case, nor one and a tier: "
                f"nearest are {nearest(key, either)}"
            )
