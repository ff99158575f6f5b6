"""Other tools' rules, on times whose difference is known."""

import numpy as np
import pytest

from rmlbench_utils.judge.rivals import asv, criterion, welch

RANDOM = np.random.default_rng(5)


def times(mean: float, n: int = 100, spread: float = 0.01) -> np.ndarray:
    return mean * (1 + spread * RANDOM.standard_normal(n))


@pytest.mark.parametrize("rule", [welch, asv, criterion])
def test_a_fifth_more_is_found_by_every_rule(rule) -> None:
    assert rule(times(1.0), times(1.2))


@pytest.mark.parametrize("rule", [asv, criterion])
def test_a_difference_below_the_tools_threshold_is_not_called_one(rule) -> None:
    assert not rule(times(1.0, spread=0.001), times(1.005, spread=0.001))


def test_welch_agrees_with_its_published_example() -> None:
    # Welch (1947) as worked in Wikipedia, "Welch's t-test", example 1: p = 0.021
    a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4]
    assert welch(a, b, alpha=0.022)
    assert not welch(a, b, alpha=0.020)


def test_criterion_calls_equal_samples_different_about_as_often_as_it_says() -> None:
    called = sum(criterion(times(1.0, 30, 0.1), times(1.0, 30, 0.1), k) for k in range(100))
    assert called <= 12
