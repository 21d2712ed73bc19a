import numpy as np
import pytest

from embedkit.statistics.correlation import pearson, spearman
from embedkit.statistics.correlation_intervals import correlate
from embedkit.statistics.intervals import bootstrap


def normal_pairs(correlation, size, samples=400, seed=1):
    """Samples of pairs of normal numbers, (samples, 2, size)."""
    factor = np.linalg.cholesky([[1, correlation], [correlation, 1]])
    return factor @ np.random.default_rng(seed).normal(size=(samples, 2, size))


def covered(statistic, samples, true):
    ends = np.array([correlate(statistic, *sample, resamples=299).interval for sample in samples])
    return np.mean((ends[:, 0] <= true) & (ends[:, 1] >= true))


@pytest.mark.parametrize(("r", "size"), [(0.0, 10), (0.6, 10), (0.6, 65), (0.95, 30), (0.95, 65)])
def test_rank_correlations_are_covered(r, size):
    """Of normal pairs with correlation r, Spearman's is 6/pi asin(r/2)."""
    assert covered(spearman, normal_pairs(r, size), 6 / np.pi * np.arcsin(r / 2)) >= 0.92


@pytest.mark.parametrize(("r", "size"), [(0.0, 10), (0.9, 10), (0.95, 30)])
def test_correlations_are_covered(r, size):
    assert covered(pearson, normal_pairs(r, size), r) >= 0.92


def test_correlations_of_skewed_numbers_are_covered():
    """exp(s x) of normal pairs has the correlation (exp(s^2 r) - 1) / (exp(s^2) - 1)."""
    true = (np.exp(0.125) - 1) / (np.exp(0.25) - 1)
    assert covered(pearson, np.exp(0.5 * normal_pairs(0.5, 60)), true) >= 0.92


def test_an_interval_is_no_shorter_than_either_of_its_parents():
    x, y = normal_pairs(0.9, 12, samples=1)[0]
    found = correlate(pearson, x, y)
    drawn = bootstrap(pearson, x, y)
    fisher = np.tanh(np.arctanh(found.value) + 1.959964 / 3 * np.array([-1, 1]))
    assert found.value == pytest.approx(np.corrcoef(x, y)[0, 1])
    np.testing.assert_allclose(
        found.interval, (min(drawn.low, fisher[0]), max(drawn.high, fisher[1])), atol=1e-6
    )


def test_what_has_no_value_or_no_interval():
    assert correlate(pearson, [], []) == correlate(pearson, [1], [2]) == (None, None)
    assert correlate(spearman, [1, 1, 1], [1, 2, 3]) == (None, None)
    assert correlate(spearman, [1, 2, 3], [1, 3, 2]) == (0.5, None)
    assert correlate(spearman, range(9), range(9)) == (1, None)
    assert correlate(pearson, range(9), [3, 1, 4, 1, 5, 9, 2, 6, 5], resamples=0).interval is None
