"""Scores of predictions, and the one number a run gives."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmlbench_utils.judge.metrics import cross_validated, score, sparsity
from rmlbench_utils.judge.samples import calls, first_call, latency_quantile, steady_mean
from rmlbench_utils.judge.sides import MEASURES, values
from rmlbench_utils.protocol.record import Latency, PhaseTime, Samples
from tests.judge.factory import failed, make_record


def test_scores_of_scikit_learns_guide() -> None:
    # scikit-learn user guide, 3.4.6 "Regression metrics": the example in every subsection.
    found = score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8])
    expected = {
        "mse": 0.375,
        "mae": 0.5,
        "r2": 0.948608137,
        "explained_variance": 0.957173447,
        "rmse": 0.612372436,
        "mape": 0.327380952,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_moments_of_the_residuals() -> None:
    # NIST/SEMATECH e-Handbook 1.3.5.11: an exponential sample is skewed by 2, kurtosis 6.
    residual = np.random.default_rng(0).exponential(size=400_000)
    found = score(residual, np.zeros_like(residual))
    assert found["residual_sd"] == pytest.approx(1, abs=0.02)
    assert found["residual_skewness"] == pytest.approx(2, abs=0.1)
    assert found["residual_kurtosis"] == pytest.approx(6, abs=0.7)


def test_undefined_scores_are_left_out() -> None:
    assert not {"r2", "residual_sd", "residual_skewness"} & set(score([1.0], [2.0]))
    assert "residual_skewness" not in score([1, 2, 3], [2, 3, 4])


def test_shapes_must_agree() -> None:
    with pytest.raises(ValueError, match=r"\(2,\)"):
        score([1, 2, 3], [1, 2])


def test_sparsity() -> None:
    assert sparsity([0.0, -0.0, 1.0, 2.0]) == {"nonzero": 2.0, "sparsity": 0.5}


def test_cross_validation_is_by_fold() -> None:
    found = cross_validated([0, 0, 0, 0], [1, 1, 3, 3], [0, 0, 1, 1])
    assert found["cv_rmse_mean"] == 2
    assert found["cv_rmse_sd"] == pytest.approx(math.sqrt(2))


@pytest.mark.parametrize(
    ("samples", "mean"),
    [
        (Samples(warmup=2, batch=1, ns=[90, 80, 10, 20], rest_count=0, rest_ns=0), 15),
        (Samples(warmup=2, batch=1, ns=[90, 80, 10, 20], rest_count=2, rest_ns=60), 22.5),
        (Samples(warmup=0, batch=10, ns=[40, 400], rest_count=0, rest_ns=0), 40),
        (Samples(warmup=1, batch=10, ns=[99, 400], rest_count=1, rest_ns=200), 30),
        (Samples(warmup=2, batch=1, ns=[90, 80], rest_count=4, rest_ns=40), 10),
        (Samples(warmup=2, batch=1, ns=[90, 80], rest_count=0, rest_ns=0), math.nan),
        (Samples(warmup=70, batch=1, ns=[1] * 64, rest_count=30, rest_ns=30), math.nan),
    ],
)
def test_steady_state_leaves_the_warm_up_out(samples: Samples, mean: float) -> None:
    assert steady_mean(samples) == pytest.approx(mean, nan_ok=True)


def test_the_first_sample_is_one_call_whatever_the_batch() -> None:
    batched = Samples(warmup=0, batch=2, ns=[7], rest_count=3, rest_ns=9)
    assert first_call(batched) == 7
    assert calls(batched) == 1 + 3 * 2


@given(st.lists(st.floats(10, 1e9), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_quantile_from_bins_is_within_a_bin(times: list[float], share: float) -> None:
    bins: dict[int, int] = {}
    for time in times:
        k = math.floor(math.log(time) / math.log(1.01))
        bins[k] = bins.get(k, 0) + 1
    found = latency_quantile(Latency(batch=1, bins=list(bins.items())), share)
    if len(times) < {0.5: 1, 0.95: 20, 0.99: 100}[share]:
        assert math.isnan(found)  # no call lies above it
        return
    expected = float(np.quantile(times, share, method="inverted_cdf"))
    assert found == pytest.approx(expected, rel=0.011)


def test_a_batch_hides_its_slowest_call() -> None:
    latency = Latency(batch=2, bins=[(10, 5)])
    assert math.isnan(latency_quantile(latency, 0.99))
    assert latency_quantile(latency, 0.5) == pytest.approx(1.01**10.5)


def measured(**changes: object) -> dict[tuple[str, str], float]:
    found = values(make_record(2e7, **changes))
    return {(m.phase, m.metric): v for m, v in zip(MEASURES, found, strict=True)}


def test_what_a_run_measured() -> None:
    found = measured()
    assert found["fit", "wall"] == 2e7
    assert found["fit", "first_call"] == 4e7
    assert found["fit", "cpu"] == pytest.approx(9 * 2e7 / 7)
    assert found["startup", "wall"] == 1e8
    assert math.isnan(found["startup", "cpu"])
    assert math.isnan(found["predict", "wall"])


def test_conversion_costs_nothing_only_in_c_order() -> None:
    assert measured()["convert+fit", "wall"] == 2e7
    assert math.isnan(measured(layout="f")["convert+fit", "wall"])
    convert = Samples(warmup=1, batch=1, ns=[9, 5], rest_count=0, rest_ns=0)
    base = make_record(2e7)
    found = measured(
        layout="f",
        samples={**base.samples, "convert": convert},
        phases={
            **base.phases,
            "convert": PhaseTime(wall_ns=14, cpu_ns=14, peak_rss=None, harness_ns=14),
        },
    )
    assert found["fit", "convert"] == 5
    assert found["convert+fit", "wall"] == 2e7 + 5


def test_a_failed_run_measured_nothing() -> None:
    assert all(math.isnan(value) for value in values(failed(make_record())))
