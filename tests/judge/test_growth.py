"""Laws of growth against scipy's own fits, and by simulation against known truth."""

import numpy as np
import pytest
from scipy import optimize, stats

from rmlbench_utils.judge.bootstrap import block_draws, ends, tail
from rmlbench_utils.judge.crossover import Crossover, between, crossover
from rmlbench_utils.judge.growth import fit_law, grow

N = np.array([500.0, 2000, 10_000, 20_000, 50_000, 200_000])
BLOCKS = 10


def law(a: float, b: float, c: float, n: np.ndarray = N) -> np.ndarray:
    return a + b * n**c


def measured(random: np.random.Generator, times: np.ndarray, blocks: int = BLOCKS) -> np.ndarray:
    """Times with a spread of 6 % that the sizes of a block share and 4 to 9 % of their own."""
    shared = 0.06 * random.standard_normal((blocks, 1))
    own = np.linspace(0.04, 0.09, len(times)) * random.standard_normal((blocks, len(times)))
    return times * np.exp(shared + own)


@pytest.mark.parametrize("truth", [(6e-4, 2e-7, 1.0), (1e-5, 3e-9, 1.4), (0.5, 1e-6, 0.8)])
def test_clean_data_give_the_law_back_as_scipys_curve_fit(truth: tuple[float, ...]) -> None:
    found = fit_law(N, np.log(law(*truth)))
    reference, _ = optimize.curve_fit(
        lambda x, log_a, log_b, c: np.log(np.exp(log_a) + np.exp(log_b) * np.exp(x * c)),
        np.log(N),
        np.log(law(*truth)),
        p0=[*np.log(truth[:2]), 1.1],
    )
    assert found.c == pytest.approx(reference[2], rel=1e-4)
    assert [found.a, found.b, found.c] == pytest.approx(truth, rel=1e-3)


def test_noisy_data_are_fitted_as_well_as_by_scipys_least_squares() -> None:
    random = np.random.default_rng(3)
    logs = np.log(measured(random, law(6e-4, 2e-7, 1.0), 40))
    found = fit_law(N, logs)
    mine = ((np.log(found.at(N)) - logs) ** 2).sum(axis=1)
    for row, error in zip(logs, mine, strict=True):

        def residual(p: np.ndarray, row: np.ndarray = row) -> np.ndarray:
            return np.log(np.maximum(law(p[0] * 1e-4, np.exp(p[1]), p[2]), 1e-300)) - row

        reference = min(
            optimize.least_squares(
                residual, [start, -15.0, 1.0], bounds=([0, -60, 0], [1e6, 20, 6])
            ).cost
            * 2
            for start in (0.0, 6.0)
        )
        assert error <= reference * (1 + 1e-4) + 1e-12


@pytest.mark.parametrize(("a", "blocks"), [(6e-4, 10), (0.0, 10), (6e-4, 30)])
def test_the_exponents_interval_holds_the_truth_and_the_law_is_rarely_rejected(
    a: float, blocks: int
) -> None:
    random = np.random.default_rng(20261123)
    found = [
        grow(N, measured(random, law(a, 2e-7, 1.0), blocks), seed=i, draws=200) for i in range(120)
    ]
    held = sum(one.low <= 1.0 <= one.high for one in found)
    rejected = sum(not one.one_exponent for one in found)
    local = sum(one.local_low[-1] <= exact(a) <= one.local_high[-1] for one in found)
    assert stats.binomtest(local, len(found), 0.95).pvalue > 0.001
    # One-sided: on the bound a = 0 a bootstrap need not be exact.
    assert stats.binomtest(held, len(found), 0.95, "less").pvalue > 0.001
    assert stats.binomtest(rejected, len(found), 0.05, "greater").pvalue > 0.001


def exact(a: float) -> float:
    """The local exponent between the two largest sizes."""
    return float(np.diff(np.log(law(a, 2e-7, 1.0)))[-1] / np.diff(np.log(N))[-1])


def test_a_cache_that_overflows_is_no_power_law() -> None:
    random = np.random.default_rng(5)
    times = law(6e-4, 2e-7, 1.0) * np.where(N >= 50_000, 2.0, 1.0)
    found = [grow(N, measured(random, times), seed=i, draws=50) for i in range(50)]
    assert sum(one.one_exponent for one in found) < 15


def test_without_a_spare_size_no_exponent_may_be_printed() -> None:
    random = np.random.default_rng(5)
    found = grow(N[:3], measured(random, law(6e-4, 2e-7, 1.0, N[:3])), draws=50)
    assert not found.one_exponent
    with pytest.raises(ValueError, match="3 blocks of 2 sizes: a law needs at least 3 of each"):
        grow(N[:2], np.ones((3, 2)))


def test_the_expanded_percentile_interval_of_a_mean_is_students() -> None:
    random = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        values = random.standard_normal(BLOCKS)
        means = values[block_draws(random.random((400, BLOCKS)), BLOCKS)].mean(axis=1)
        low, high = ends(means, BLOCKS)
        held += bool(low <= 0 <= high)
    assert stats.binomtest(held, 400, 0.95).pvalue > 0.001
    assert tail(10**6) == pytest.approx(0.025, abs=1e-4)


def test_between_measured_sizes_a_power_law_is_exact_and_outside_is_refused() -> None:
    seconds = np.array([1.0, 2.0])[:, None] * N**1.3
    assert between(N, seconds, np.array([500, 700, 200_000])) == pytest.approx(
        np.array([1.0, 2.0])[:, None] * np.array([500.0, 700, 200_000]) ** 1.3
    )
    with pytest.raises(ValueError, match="not within"):
        between(N, seconds, np.array([499]))


def whole(contender: np.ndarray, baseline: np.ndarray) -> Crossover:
    """Crossover of costs that have one part."""
    return crossover(N, contender[..., None], baseline[..., None])


def test_crossover_holds_the_truth() -> None:
    random = np.random.default_rng(11)
    truth, held = 6000.0, 0
    for _ in range(300):
        baseline = measured(random, 1e-6 * N)
        contender = measured(random, 1e-6 * truth**0.2 * N**0.8)
        found = whole(contender, baseline)
        held += any(low <= truth <= high for low, high in found.sets)
    assert stats.binomtest(held, 300, 0.95).pvalue > 0.001


def test_a_crossover_without_spread_is_not_lost_between_the_sizes_looked_at() -> None:
    baseline = np.repeat([1e-6 * N], BLOCKS, axis=0)
    found = whole(np.repeat([1e-6 * 6000 * (N / 6000) ** 0.5], BLOCKS, axis=0), baseline)
    ((low, high),) = found.sets
    assert low < 6000 < high < low * 1.06
    assert found.signs == (1, -1)


def test_no_crossover_is_an_answer() -> None:
    random = np.random.default_rng(2)
    baseline = measured(random, 1e-6 * N)
    found = whole(measured(random, 0.3e-6 * N), baseline)
    assert (found.sets, found.points, found.signs) == ((), (), (-1,))
    same = whole(baseline * 1.0, measured(random, 1e-6 * N))
    assert same.sets[0] == (500.0, 200_000.0)
    crossed = whole(measured(random, 1e-6 * 6000 * (N / 6000) ** 0.5), baseline)
    assert crossed.signs == (1, -1)
    assert crossed.sets[0][0] < crossed.points[0] < crossed.sets[0][1]


def test_a_constant_part_is_not_bent_by_interpolation() -> None:
    """a + b n is no straight line in logarithms, but its parts are."""
    n = np.array([1000.0, 50_000.0, 1_000_000.0])
    random = np.random.default_rng(3)
    noise = np.exp(1e-4 * random.standard_normal((20, 3, 2)))
    parts = np.stack([np.full((20, 3), 1.0), np.repeat([2e-6 * n], 20, axis=0)], axis=-1)
    baseline = np.stack([np.full((20, 3), 0.2), np.repeat([6e-6 * n], 20, axis=0)], axis=-1)
    found = crossover(n, parts * noise, baseline)
    assert found.points == pytest.approx((0.8 / 4e-6,), rel=1e-3)


def test_a_part_that_costs_nothing_changes_nothing() -> None:
    random = np.random.default_rng(5)
    sides = [measured(random, 1e-6 * N), measured(random, 1e-6 * 6000 * (N / 6000) ** 0.5)]
    with_nothing = [np.stack([side, np.zeros_like(side)], axis=-1) for side in sides]
    assert crossover(N, *with_nothing) == whole(*sides)
