"""Zipf's law: text drawn by a known law gives its exponent back."""

import numpy as np
import pytest

from embedkit.errors import InputError
from embedkit.statistics.zipf import MIN_TYPES, fit_zipf


def drawn(exponent, tokens, types, seed):
    """The counts of the types in a text that is drawn by Zipf's law."""
    probabilities = np.arange(1.0, types + 1) ** -exponent
    counts = np.random.default_rng(seed).multinomial(tokens, probabilities / probabilities.sum())
    return counts[counts > 0]


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.2, 2.0])
def test_the_exponent_comes_back_within_its_standard_error(exponent):
    fits = [fit_zipf(drawn(exponent, 200_000, 100_000, seed)) for seed in range(5)]
    deviations = [(fit.exponent - exponent) / fit.error for fit in fits]
    assert np.median(np.abs(deviations)) < 2
    assert np.mean([fit.exponent for fit in fits]) == pytest.approx(exponent, rel=0.05)


def test_the_law_holds_from_its_least_count_on():
    counts = drawn(1.0, 200_000, 100_000, 0)
    fit = fit_zipf(counts)
    assert fit.types == np.count_nonzero(counts >= fit.least)
    ranked = np.sort(counts)[::-1]
    law = fit.factor * np.arange(1, fit.types + 1) ** -fit.exponent
    inner = slice(fit.types // 100, fit.types // 4)  # counts of 10 and more
    np.testing.assert_allclose(law[inner], ranked[inner], rtol=0.15)


def test_rare_words_that_follow_no_law_are_left_out():
    counts = np.concatenate([drawn(1.0, 200_000, 20_000, 0), np.full(3000, 2)])
    assert fit_zipf(counts).least > 2


def test_the_order_of_counts_does_not_matter():
    counts = drawn(1.2, 20_000, 5000, 1)
    assert fit_zipf(counts) == fit_zipf(np.sort(counts))


@pytest.mark.parametrize("counts", [[], [5], [1] * 100, range(1, MIN_TYPES)])
def test_too_few_counts_or_equal_ones_are_refused(counts):
    with pytest.raises(InputError, match="50 counts or more that are not all equal"):
        fit_zipf(np.array(list(counts), np.int64))


def test_counts_steeper_than_any_law():
    fit = fit_zipf(np.array([100] * 500 + [101] * 5))
    assert np.isfinite(fit).all()
