import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import InputError
from embedkit.statistics.intervals import wilson
from embedkit.statistics.shares import graded, newcombe

COUNTS = st.tuples(*[st.integers(0, 40)] * 4).filter(any)


def covered(ends, true):
    """The share of intervals that hold the true value, up to rounding."""
    ends = np.array(ends)
    return np.mean((ends[:, 0] <= true + 1e-12) & (ends[:, 1] >= true - 1e-12))


@given(st.integers(0, 50), st.integers(0, 50), st.floats(0.5, 0.99))
def test_of_right_and_wrong_the_interval_is_wilsons(right, wrong, confidence):
    found = graded([1] * right + [0] * wrong, confidence)
    expected = wilson(right, right + wrong, confidence)
    assert (found is None) == (expected is None)
    if expected:
        np.testing.assert_allclose(found, expected, atol=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_an_interval_holds_its_mean_within_0_and_1_and_is_at_most_wilsons(scores):
    low, high = graded(scores)
    mean = np.mean(scores)
    assert 0 <= low <= mean + 1e-12
    assert mean - 1e-12 <= high <= 1
    assert high - low <= np.diff(wilson_of_share(mean, len(scores)))[0] + 1e-9


def wilson_of_share(share, total, z=1.959964):
    """Wilson's ends for a share that need not be whole items, by the roots of its equation."""
    roots = np.roots([1 + z * z / total, -(2 * share + z * z / total), share * share])
    return np.sort(roots.real)


def test_many_scores_have_the_interval_of_a_normal_mean():
    scores = np.random.default_rng(1).beta(4, 2, size=4000)
    error = 1.959964 * scores.std() / np.sqrt(4000)
    np.testing.assert_allclose(graded(scores), [scores.mean() - error, scores.mean() + error], atol=3e-4)


@pytest.mark.parametrize("count", [8, 64])
@pytest.mark.parametrize("missed", [0.03, 0.3])
@pytest.mark.parametrize("levels", [[0], [0.75, 0.875], np.arange(8) / 8], ids=["wrong", "nearly", "any"])
def test_the_mean_is_covered_even_near_1(count, missed, levels):
    """Scores of 1, but for a share that is missed and has one of `levels`: what an OPP looks like."""
    generator = np.random.default_rng(2)
    drawn = generator.choice(levels, size=(1500, count))
    scores = np.where(generator.random((1500, count)) < missed, drawn, 1.0)
    assert covered([graded(row) for row in scores], 1 - missed + missed * np.mean(levels)) >= 0.925


def test_the_mean_of_ordinary_scores_is_covered_but_not_by_far_too_long_intervals():
    scores = np.random.default_rng(3).beta(2, 3, size=(1500, 40))
    ends = [graded(row) for row in scores]
    assert 0.935 <= covered(ends, 0.4) <= 0.98


def test_scores_that_cannot_be():
    with pytest.raises(InputError, match="between 0 and 1"):
        graded([0.5, 1.5])
    with pytest.raises(InputError, match="confidence"):
        graded([0.5], 95)


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ((36, 12, 2, 0), (0.0569, 0.3404)),  # Newcombe 1998, method 10
        ((14, 5, 0, 22), (0.0115, 0.2265)),  # Altman et al. 2000, "Statistics with confidence", table 6.2
        ((59, 6, 16, 80), (-0.1186, -0.0046)),  # Fagerland et al. 2017, chapter 8
    ],
)
def test_published_examples_of_newcombe(counts, ends):
    np.testing.assert_allclose(newcombe(*counts), ends, atol=6e-5)


@given(COUNTS)
def test_newcombe_holds_the_difference_and_turns_with_the_spaces(counts):
    both, only_a, only_b, neither = counts
    low, high = newcombe(*counts)
    assert -1 - 1e-12 <= low <= (only_a - only_b) / sum(counts) <= high <= 1 + 1e-12
    np.testing.assert_allclose(newcombe(both, only_b, only_a, neither), (-high, -low), atol=1e-12)


@pytest.mark.parametrize("count", [10, 60])
@pytest.mark.parametrize("shares", [(0.9, 0.08, 0.01, 0.01), (0.3, 0.3, 0.1, 0.3), (0.02, 0.02, 0.02, 0.94)])
def test_newcombe_covers_the_true_difference(count, shares):
    tables = np.random.default_rng(4).multinomial(count, shares, size=1500)
    assert covered([newcombe(*map(int, table)) for table in tables], shares[1] - shares[2]) >= 0.93


def test_tables_that_cannot_be():
    for counts in ((0, 0, 0, 0), (3, -1, 2, 2)):
        with pytest.raises(InputError, match="expected counts of items"):
            newcombe(*counts)
