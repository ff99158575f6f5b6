"""own-port goes scikit-learn's way: the same objective after each iteration told, on both sides."""

from dataclasses import replace

import numpy as np
import pytest

from rmlbench_utils.judge.outputs import traced
from tests.workers_svm.drive import data, outputs

KERNELS = ("rbf", "linear", "poly", "sigmoid")
CASES = [
    *(("svc", name, kernel) for name in ("iris", "breast_cancer") for kernel in KERNELS),
    *(("nusvc", "wine", kernel) for kernel in KERNELS),
    *((name, "diabetes", kernel) for name in ("svr", "nusvr") for kernel in KERNELS),
]


def run(worker, folder, algorithm, name, **params):
    given = data(name)
    given = replace(given, fold=np.arange(len(given.y)) % 3)
    folder.mkdir()
    told = {"algorithm": algorithm, "params": params, "folds": True}
    return outputs(worker, folder, given, **told)


@pytest.mark.parametrize(("algorithm", "name", "kernel"), CASES)
def test_the_objective_falls_as_scikit_learns(algorithm, name, kernel, tmp_path):
    both = [
        run(worker, tmp_path / worker, algorithm, name, kernel=kernel)
        for worker in ("sklearn", "own-port")
    ]
    np.testing.assert_array_equal(both[0]["n_iter"], both[1]["n_iter"])
    steps = both[0]["trace_steps"]
    assert steps.tolist() == [2**k for k in range(11) if 2**k < both[0]["n_iter"].max()]
    assert len(steps) >= 5
    np.testing.assert_array_equal(both[1]["trace_steps"], steps)
    mine, theirs = both[1]["trace_objective"], both[0]["trace_objective"]
    np.testing.assert_allclose(mine, theirs, rtol=1e-6)
    assert traced(both[0]).keys() == {f"objective_at_{step}" for step in steps}
    if algorithm in ("svc", "svr"):  # of the nu forms the scale moves with the margin
        assert (np.diff(theirs) < 0).all()


@pytest.mark.parametrize("worker", ["sklearn", "own-port"])
def test_nothing_is_told_where_probabilities_are_fitted_too(worker, tmp_path):
    found = run(worker, tmp_path / worker, "svc", "iris", probability=True)
    assert "probabilities" in found
    assert "trace_steps" not in found


def test_own_goes_its_own_way(tmp_path):
    assert "trace_steps" not in run("own", tmp_path / "own", "svc", "iris")
