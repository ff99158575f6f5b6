"""Other tools' rules, on times whose difference is known."""

import numpy as np
import pytest

from rmlbench_utils.judge.rivals import asv, criterion, welch


def times(mean: float, n: int = 100, spread: float = 0.01, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng([seed, round(1e4 * mean)])
    return mean * (1 + spread * random.standard_normal(n))


@pytest.mark.parametrize("rule", [welch, asv, criterion])
def test_a_fifth_more_is_found_by_every_rule(rule) -> None:
    assert rule(times(1.0), times(1.2))


@pytest.mark.parametrize(("rule", "below", "above"), [(asv, 1.09, 1.11), (criterion, 1.009, 1.011)])
def test_a_tools_threshold_is_where_its_documents_say(rule, below: float, above: float) -> None:
    assert not rule(times(1.0, spread=1e-4), times(below, spread=1e-4))
    assert rule(times(1.0, spread=1e-4), times(above, spread=1e-4))


def test_welch_agrees_with_its_published_example() -> None:
    # Welch (1947) as worked in Wikipedia, "Welch's t-test", example 1: p = 0.021
    a = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4]
    b = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4]
    assert welch(a, b, alpha=0.022)
    assert not welch(a, b, alpha=0.020)


def test_criterion_calls_equal_samples_different_about_as_often_as_it_says() -> None:
    pairs = [(times(1.0, 30, 0.1, k), times(1.0, 30, 0.1, k + 100)) for k in range(100)]
    called = sum(criterion(a, b, k) for k, (a, b) in enumerate(pairs))
    assert called <= 12
