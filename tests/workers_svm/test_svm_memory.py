"""``cache_size`` is kept to: kernel rows take the memory that the case gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from rmlbench_utils.protocol.events import PhaseEnd
from tests.workers_svm.drive import Data, talk

ROWS = 4000  # all kernel rows take 64 MB in float32
MIB = 2**20


def peak(worker: str, cache_size: float, folder: Path) -> int:
    """Bytes at the peak of a fit whose classes no machine can tell apart."""
    random = np.random.default_rng(0)
    x = random.standard_normal((ROWS, 20))
    given = Data(x, random.integers(0, 2, ROWS).astype(np.float64), x[:10])
    params = {"cache_size": cache_size}
    once = {"fit": {"warmup": 0, "samples": 1, "batch": 1}}
    events, code = talk(worker, folder, given, algorithm="svc", params=params, repeat=once)
    assert code == 0, events[-1]
    (fit,) = [e for e in events if isinstance(e, PhaseEnd) and e.phase == "fit"]
    if fit.peak_rss is None:
        pytest.skip("this system does not tell the peak of a phase")
    return fit.peak_rss


@pytest.mark.parametrize(("worker", "most"), [("own", 1.5), ("own-port", 1.5), ("libsvm", 2.5)])
def test_a_small_cache_is_small(worker: str, most: float, tmp_path: Path) -> None:
    """``most``: of the bytes given; libsvm-rs lengthens a row by ``Vec::resize``, up to twice."""
    small, large = (peak(worker, size, tmp_path) for size in (4.0, 200.0))
    assert large - small > 0.5 * ROWS * ROWS * 4
    assert peak(worker, 16.0, tmp_path) - small < most * 12 * MIB
