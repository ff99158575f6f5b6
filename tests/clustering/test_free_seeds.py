"""Cases whose sides draw their own starts: a run shows little, all seeds together decide."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

from rmlbench_utils.judge import free_seeds
from rmlbench_utils.judge.agreement import Answer
from rmlbench_utils.judge.sides import sides
from rmlbench_utils.protocol.record import ParityLine
from tests.clustering.clustering_cases import case_of, standardised
from tests.clustering.clustering_cases import problem as problem_of
from tests.judge.factory import make_record

SEEDS = 20


def case(algorithm: str = "kmeans") -> Any:
    init = "k-means++" if algorithm == "kmeans" else "kmeans"
    return case_of(algorithm, init=init, level="same quality", tolerance={"objective": 0.05})


@cache
def problem(algorithm: str) -> Any:
    return problem_of(case(algorithm), *standardised("wine"))


def fitted(algorithm: str, seed: int) -> dict[str, np.ndarray]:
    """Outputs of scikit-learn itself, without a worker of ours."""
    asked = problem(algorithm)
    model: Any
    if algorithm == "kmeans":
        model = KMeans(3, n_init=1, random_state=seed).fit(asked.x)
        told = {"labels": model.labels_, "centres": model.cluster_centers_}
    else:
        model = GaussianMixture(3, random_state=seed)
        told = {"labels": model.fit_predict(asked.x), "weights": model.weights_}
        told |= {"means": model.means_, "covariances": model.covariances_}
    answers = np.stack([model.predict(asked.x_test[rows]) for rows in asked.rotation])
    return {
        **told,
        "labels": told["labels"].astype(np.int64),
        "predictions": answers.astype(np.float64),
    }


def checked(algorithm: str, seed: int, contender: str = "linfa", **bent: Any) -> ParityLine:
    line: ParityLine = problem(algorithm).check({**fitted(algorithm, seed), **bent})
    update = {"split": seed, "contender": contender, "outputs": f"{contender}{seed}"}
    return line.model_copy(update=update)


def pair(contender: list[ParityLine], baseline: list[ParityLine], failed: int = 0) -> list[Answer]:
    both = [contender, baseline]
    runs = [
        make_record(contender=line.contender, split=line.split, block=line.split).model_copy(
            update={"outputs": line.outputs}
        )
        for lines in both
        for line in lines
    ]
    runs += [
        make_record(contender=contender[0].contender, split=100 + i, block=100 + i, status="error")
        for i in range(failed)
    ]
    found = {key[1]: side for key, side in sides(runs).items()}
    asked = (found[contender[0].contender], found[baseline[0].contender])
    return free_seeds.answers(problem("kmeans").case, asked, both)


@pytest.mark.parametrize("algorithm", ["kmeans", "gaussian_mixture"])
def test_one_run_is_unchecked_whatever_it_reached_and_scored(algorithm: str) -> None:
    line = checked(algorithm, 0)
    assert line.parity == "unchecked"
    assert "seeds are free" in str(line.reason)
    (objective,) = free_seeds.objectives(problem(algorithm).case)
    assert np.isfinite(line.scores[objective.name])


def test_the_objectives_are_scikit_learns() -> None:
    x = problem("kmeans").x
    model = KMeans(3, n_init=1, random_state=1).fit(x)
    assert checked("kmeans", 1).scores["inertia"] == pytest.approx(model.inertia_, rel=1e-3)
    mixture = GaussianMixture(3, random_state=1).fit(x)
    found = checked("gaussian_mixture", 1).scores["log_likelihood"]
    assert found == pytest.approx(mixture.score(x), rel=1e-9)


@pytest.mark.parametrize("algorithm", ["kmeans", "gaussian_mixture"])
@pytest.mark.parametrize("name", ["labels", "predictions"])
def test_outputs_that_contradict_each_other_fail(algorithm: str, name: str) -> None:
    values = fitted(algorithm, 0)[name].copy()
    values.flat[3] = (values.flat[3] + 1) % 3
    line = checked(algorithm, 0, **{name: values})
    assert line.parity == "fail"
    assert f"{name} contradict the model: 1 of" in str(line.reason)


def test_centres_that_are_not_the_labels_fail() -> None:
    centres = fitted("kmeans", 0)["centres"][::-1]
    assert checked("kmeans", 0, centres=centres.copy()).parity == "fail"


def test_twenty_seeds_of_one_library_pass() -> None:
    contender = [checked("kmeans", seed) for seed in range(SEEDS)]
    baseline = [checked("kmeans", seed, "sklearn") for seed in range(SEEDS)]
    assert [found.parity for found in pair(contender, baseline)] == ["pass", "pass"]


def test_nineteen_seeds_or_one_failed_run_are_unchecked() -> None:
    lines = [checked("kmeans", seed) for seed in range(SEEDS)]
    baseline = [checked("kmeans", seed, "sklearn") for seed in range(SEEDS)]
    few, _ = pair(lines[:-1], baseline)
    assert (few.parity, few.reason[:9]) == ("unchecked", "19 and 20")
    lost, _ = pair(lines, baseline, failed=1)
    assert lost.parity == "unchecked"
    assert "none may be missing" in lost.reason


def test_worse_optima_are_not_equivalent() -> None:
    baseline = [checked("kmeans", seed, "sklearn") for seed in range(SEEDS)]
    worse = [
        line.model_copy(
            update={"contender": "linfa", "scores": {"inertia": 1.1 * line.scores["inertia"]}}
        )
        for line in baseline
    ]
    found, base = pair(worse, baseline)
    assert (found.parity, base.parity) == ("unchecked", "pass")
    assert "the ratio of the outcomes is 1.1" in found.reason


def test_an_output_that_contradicts_itself_fails_the_pair() -> None:
    lines = [checked("kmeans", seed) for seed in range(SEEDS)]
    labels = (fitted("kmeans", 3)["labels"] + 1) % 3
    lines[3] = checked("kmeans", 3, labels=labels)
    baseline = [checked("kmeans", seed, "sklearn") for seed in range(SEEDS)]
    assert pair(lines, baseline)[0].parity == "fail"
