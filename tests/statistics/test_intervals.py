import numpy as np
import pytest
from scipy.stats import binomtest

from embedkit import InputError
from embedkit.statistics import intervals
from embedkit.statistics.correlation import spearman
from embedkit.statistics.intervals import Interval, bootstrap, wilson


def mean(column):
    return column.mean(axis=-1)


@pytest.mark.parametrize(("successes", "total"), [(0, 1), (1, 1), (0, 20), (20, 20), (7, 10), (812, 8869)])
@pytest.mark.parametrize("confidence", [0.5, 0.95, 0.999])
def test_wilson_is_scipys(successes, total, confidence):
    expected = binomtest(successes, total).proportion_ci(confidence, method="wilson")
    np.testing.assert_allclose(wilson(successes, total, confidence), expected, atol=1e-12)


def test_the_ends_of_wilson_are_the_shares_z_standard_errors_away():
    for end in wilson(30, 80):
        assert abs(30 / 80 - end) == pytest.approx(1.959964 * np.sqrt(end * (1 - end) / 80))


def test_nothing_is_known_of_nothing():
    assert wilson(0, 0) is None
    assert bootstrap(mean, []) is None
    assert bootstrap(mean, [3.0]) is None


@pytest.mark.parametrize("call", [lambda: wilson(3, 2), lambda: wilson(-1, 2), lambda: wilson(1, 2, 95)])
def test_counts_and_confidences_that_cannot_be(call):
    with pytest.raises(InputError):
        call()


def test_no_resample_asked_for():
    with pytest.raises(InputError, match="at least 1 resample"):
        bootstrap(mean, [1, 2], resamples=0)


@pytest.mark.parametrize(("share", "total"), [(0.05, 60), (0.6, 60), (0.9, 200)])
def test_wilson_covers_the_true_share(share, total):
    successes = np.random.default_rng(3).binomial(total, share, size=2000)
    ends = np.array([wilson(int(s), total) for s in successes])
    covered = np.mean((ends[:, 0] <= share) & (share <= ends[:, 1]))
    assert covered == pytest.approx(0.95, abs=0.025)


def test_bootstrap_covers_a_true_mean():
    generator = np.random.default_rng(4)
    ends = np.array([bootstrap(mean, generator.exponential(size=80), resamples=400) for _ in range(400)])
    covered = np.mean((ends[:, 0] <= 1) & (ends[:, 1] >= 1))
    assert covered == pytest.approx(0.95, abs=0.035)


def test_bootstrap_covers_a_true_rank_correlation():
    """Of a normal pair with correlation r, Spearman's is 6/pi asin(r/2)."""
    generator, r = np.random.default_rng(5), 0.6
    true = 6 / np.pi * np.arcsin(r / 2)
    samples = generator.multivariate_normal([0, 0], [[1, r], [r, 1]], size=(400, 50))
    ends = np.array([bootstrap(spearman, *sample.T, resamples=400) for sample in samples])
    covered = np.mean((ends[:, 0] <= true) & (true <= ends[:, 1]))
    assert covered == pytest.approx(0.95, abs=0.035)


def test_bootstrap_of_one_seed_is_one_interval(monkeypatch):
    values = np.random.default_rng(6).normal(size=50)
    assert bootstrap(mean, values, seed=1) == bootstrap(mean, values, seed=1)
    assert bootstrap(mean, values, seed=1) != bootstrap(mean, values, seed=2)
    whole = bootstrap(mean, values, resamples=99)
    monkeypatch.setattr(intervals, "ENTRIES", 500)
    assert np.allclose(bootstrap(mean, values, resamples=99), whole)


def test_columns_are_drawn_together():
    values = np.arange(30.0)
    together = bootstrap(lambda x, y: (y - x).mean(axis=-1) + x[..., 0] / 1e9, values, values + 7)
    assert together == pytest.approx((7, 7), abs=1e-6)


def test_items_that_are_all_alike_have_no_interval():
    assert bootstrap(mean, np.ones(3)) is None


def test_resamples_without_a_value_are_left_out():
    def share_of_varied(column):
        return np.where(column.min(axis=-1) < column.max(axis=-1), column[..., 0], np.nan)

    assert bootstrap(share_of_varied, [1, 2, 3]) == Interval(1, 3)
    assert bootstrap(share_of_varied, [2, 2, 2]) is None
