"""libsvm-rs against scikit-learn on every case of the full grid but the longest: same labels,
same support."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from rmlbench_utils.cases import load_cases
from rmlbench_utils.datasets import prepare
from rmlbench_utils.protocol.case import Case
from rmlbench_utils.protocol.root import project_root
from tests.workers_svm import reference
from tests.workers_svm.drive import Data, outputs

NEAR_TIE = 1e-6  # a decision nearer to 0 than this may go either way
LONGEST = "synthetic_classification_32000x20"  # half a minute, and no other problem than half of it
NAMES = ("svc", "nusvc", "svr", "nusvr")
CASES = {
    case.name: case
    for case in load_cases("svm", "full")
    if case.algorithm in NAMES
    and "libsvm" in case.contenders
    and not case.served
    and case.dataset != LONGEST
}
MACHINES = {name: case for name, case in CASES.items() if not case.params.get("probability")}
CLASSES = [name for name, case in MACHINES.items() if case.algorithm in ("svc", "nusvc")]
NUMBERS = [name for name, case in MACHINES.items() if case.algorithm in ("svr", "nusvr")]


@cache
def data(dataset: str) -> Data:
    """Split 0 as recordings have it."""
    prepared = prepare(dataset, 0, 0, 5, project_root() / ".cache" / "data")
    train, truth = load_file(prepared.train.path), load_file(prepared.truth.path)
    return Data(train["x_train"], train["y_train"], truth["x_test"])


def both(case: Case, folder: Path) -> tuple[dict[str, np.ndarray], object, Data]:
    given = data(case.dataset)
    params = {k: v for k, v in case.params.items() if k != "probability"}
    found = outputs("libsvm", folder, given, algorithm=case.algorithm, params=params)
    return found, reference.fitted(case.algorithm, given, **params), given


@pytest.mark.parametrize("name", CLASSES)
def test_labels_and_support_are_scikit_learns(name: str, tmp_path: Path) -> None:
    found, model, given = both(MACHINES[name], tmp_path)
    decided = (np.abs(reference.decision(model, given.rows)) > NEAR_TIE).all(axis=1)
    assert decided.mean() > 0.9
    labels = model.predict(given.rows)
    np.testing.assert_array_equal(found["predictions"][0][decided], labels[decided])
    np.testing.assert_array_equal(np.sort(found["support"]), np.sort(model.support_))


@pytest.mark.parametrize("name", NUMBERS)
def test_numbers_and_support_are_scikit_learns(name: str, tmp_path: Path) -> None:
    found, model, given = both(MACHINES[name], tmp_path)
    expected = model.predict(given.rows)
    np.testing.assert_allclose(
        found["predictions"][0], expected, rtol=0, atol=1e-6 * np.abs(expected).max()
    )
    np.testing.assert_array_equal(np.sort(found["support"]), np.sort(model.support_))
