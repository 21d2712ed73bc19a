import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from embedkit import InputError
from embedkit.statistics.correlation import spearman
from embedkit.statistics.significance import holm, mcnemar, paired_bootstrap

P_VALUES = st.lists(st.none() | st.floats(0, 1), max_size=8)


def gain(a, b):
    return a.mean(axis=-1) - b.mean(axis=-1)


def correlation_gain(a, b, gold):
    return spearman(a, gold) - spearman(b, gold)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_binomial_test(only_a, only_b):
    expected = stats.binomtest(only_a, only_a + only_b).pvalue if only_a + only_b else 1
    assert mcnemar(only_a, only_b) == pytest.approx(expected, rel=1e-9)


def test_mcnemar_of_large_numbers():
    assert mcnemar(9100, 8900) == pytest.approx(stats.binomtest(9100, 18_000).pvalue, rel=1e-6)
    assert mcnemar(0, 10_000) == 0.0  # 2 ** -9999 is below every float


def test_mcnemar_by_hand():
    assert mcnemar(0, 5) == 2 / 32
    assert mcnemar(4, 1) == 2 * (1 + 5) / 32
    assert mcnemar(3, 3) == 1


def test_bootstrap_of_a_sure_difference():
    found, p = paired_bootstrap(gain, np.ones(50), np.zeros(50), resamples=99)
    assert found == (1.0, None)
    assert p == 2 / 100


def test_bootstrap_of_no_difference():
    assert paired_bootstrap(gain, [1, 0, 1], [1, 0, 1]) == ((0.0, None), 1.0)


def test_bootstrap_is_as_wide_as_theory_says():
    generator = np.random.default_rng(1)
    a = generator.normal(size=2000)
    b = a + generator.normal(0.02, 0.5, size=2000)  # the pairs take away what both share
    found, p = paired_bootstrap(gain, a, b, resamples=4000)
    test = stats.ttest_rel(a, b)
    np.testing.assert_allclose(found.interval, test.confidence_interval(), atol=0.003)
    assert p == pytest.approx(test.pvalue, abs=0.03)


@pytest.mark.parametrize("noises", [(0.3, 0.3), (0.3, 0.8), (1.5, 1)])
def test_the_interval_of_a_difference_of_rank_correlations_covers_it(noises):
    """Of the correlations 1 / sqrt(1 + s^2) of normal numbers with noise s, Spearman's are 6/pi asin(r/2)."""
    generator = np.random.default_rng(7)
    r = 1 / np.sqrt(1 + np.square(noises))
    true = -np.diff(6 / np.pi * np.arcsin(r / 2))[0]
    held = 0
    for _ in range(250):
        gold = generator.normal(size=30)
        a, b = (gold + noise * generator.normal(size=30) for noise in noises)
        low, high = paired_bootstrap(correlation_gain, a, b, gold, resamples=299)[0].interval
        held += low <= true <= high
    assert held >= 0.92 * 250


def test_the_interval_holds_zero_just_if_the_p_value_says_so():
    generator = np.random.default_rng(2)
    for _ in range(50):
        a, b = generator.normal([[0.4], [0]], 1, (2, 40))
        found, p = paired_bootstrap(gain, a, b, resamples=1999)
        low, high = found.interval
        assert (low <= 0 <= high) == (p > 0.05) or 0.045 < p < 0.055


@pytest.mark.parametrize("kind", ["accuracy", "spearman"])
def test_p_values_are_uniform_where_nothing_differs(kind):
    generator = np.random.default_rng(3)
    p_values = []
    for seed in range(300):
        if kind == "accuracy":
            columns, difference = generator.random((2, 200)) < 0.6, gain
        else:
            gold = generator.normal(size=60)
            columns, difference = (
                np.stack([*(gold + generator.normal(size=(2, 60))), gold]),
                correlation_gain,
            )
        p_values.append(paired_bootstrap(difference, *columns, resamples=199, seed=seed)[1])
    level = np.mean(np.array(p_values) <= 0.05)
    assert 0.02 <= level <= 0.09
    assert np.max(np.abs(np.quantile(p_values, [0.25, 0.5, 0.75]) - [0.25, 0.5, 0.75])) < 0.1


def test_mcnemar_keeps_its_level_where_nothing_differs():
    generator = np.random.default_rng(4)
    right = generator.random((2000, 2, 200)) < 0.6
    p_values = np.array([mcnemar(int(np.sum(a & ~b)), int(np.sum(b & ~a))) for a, b in right])
    assert 0.02 <= np.mean(p_values <= 0.05) <= 0.055  # an exact test of whole numbers is a little strict


def test_what_a_bootstrap_cannot_tell():
    assert paired_bootstrap(gain, [], []) == ((None, None), None)
    assert paired_bootstrap(gain, [1], [0]) == ((1.0, None), None)
    assert paired_bootstrap(correlation_gain, [1, 2], [2, 1], [3, 3]) == ((None, None), None)


def test_the_seed_decides():
    columns = np.random.default_rng(5).normal(size=(2, 60))
    first, again, other = (paired_bootstrap(gain, *columns, seed=seed) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("settings", [{"resamples": 0}, {"confidence": 1}, {"confidence": 0}])
def test_settings_that_make_no_sense(settings):
    with pytest.raises(InputError, match=r"at least 1 resample|a confidence between 0 and 1"):
        paired_bootstrap(gain, [1, 0], [0, 1], **settings)


def test_holm_by_hand():
    corrected = holm([0.01, 0.04, None, 0.03, 0.005])
    assert corrected == pytest.approx([0.03, 0.06, None, 0.06, 0.02])
    assert holm([]) == []


@given(P_VALUES)
def test_holm_only_raises_and_keeps_the_order(p_values):
    corrected = holm(p_values)
    made = [(p, c) for p, c in zip(p_values, corrected, strict=True) if p is not None]
    assert all(p <= c <= min(1, p * len(made)) + 1e-12 for p, c in made)
    assert [c for _, c in sorted(made)] == sorted(c for _, c in made)
    assert [c is None for c in corrected] == [p is None for p in p_values]
