"""The permutation test against enumeration by hand, in every alternative."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.bias.metrics.associations import effect_interval, effect_size, mean_differences
from embedkit.bias.metrics.partitions import (
    all_partitions,
    drawn_partitions,
    permutation_test,
    unpacked,
)
from embedkit.errors import InputError


def measured(values, first, **options):
    return permutation_test(mean_differences(np.array(values), first), first, len(values) - first, **options)


def by_hand(values, first, alternative):
    """The share of partitions as extreme, each worked out on its own."""
    values, everything = np.array(values, float), set(range(len(values)))

    def statistic(chosen):
        difference = values[list(chosen)].mean() - values[sorted(everything - set(chosen))].mean()
        return {"two-sided": abs(difference), "greater": difference, "less": -difference}[alternative]

    seen = statistic(range(first))
    others = [statistic(chosen) for chosen in combinations(range(len(values)), first)]
    return np.mean([other >= seen - 1e-9 for other in others])


@pytest.mark.parametrize("alternative", ["two-sided", "greater", "less"])
@pytest.mark.parametrize("first", [1, 3, 4, 5])
@given(seed=st.integers(0, 10**6), tied=st.booleans())
def test_exact_p_values_are_those_of_every_partition(alternative, first, seed, tied):
    values = np.random.default_rng(seed).normal(size=8)
    values = values.round() if tied else values
    found = measured(values, first, alternative=alternative)
    assert found.exact
    assert found.partitions == comb(8, first)
    assert found.p_value == pytest.approx(by_hand(values, first, alternative))


def test_a_separated_pair_of_groups_has_the_smallest_p_value_of_20_partitions():
    values = [9, 8, 7, 1, 2, 3]
    assert measured(values, 3, alternative="greater").p_value == pytest.approx(1 / 20)
    assert measured(values, 3, alternative="less").p_value == pytest.approx(1)
    assert measured(values, 3).p_value == pytest.approx(2 / 20)


def test_two_sides_are_the_same_for_a_negative_statistic():
    values = np.array([1.0, 2, 3, 9, 8, 6, 7])
    assert measured(values, 3).p_value == measured(-values, 3).p_value < 0.1


def test_partitions_are_all_there_once():
    partitions = unpacked(all_partitions(9, 4), 9)
    assert len({tuple(row) for row in partitions}) == len(partitions) == comb(9, 4)
    assert (partitions.sum(axis=1) == 4).all()
    assert partitions[0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(("count", "first", "wanted"), [(12, 6, 900), (8, 3, 55), (30, 15, 5000)])
def test_drawn_partitions_are_distinct_and_never_the_one_seen(count, first, wanted):
    partitions = unpacked(drawn_partitions(count, first, wanted, seed=3), count)
    rows = {tuple(row) for row in partitions}
    assert len(rows) == len(partitions) == wanted
    assert (partitions.sum(axis=1) == first).all()
    assert (*[1.0] * first, *[0.0] * (count - first)) not in rows


def test_drawing_all_other_partitions_gives_the_exact_p_value():
    values = np.random.default_rng(1).normal(size=10)
    partitions = unpacked(drawn_partitions(10, 5, comb(10, 5) - 1, seed=1), 10)
    statistics = np.abs(mean_differences(values, 5)(partitions))
    seen = abs(values[:5].mean() - values[5:].mean())
    p_value = (1 + np.count_nonzero(statistics >= seen - 1e-9)) / (1 + len(partitions))
    assert p_value == pytest.approx(measured(values, 5).p_value)


def test_partitions_are_drawn_evenly():
    partitions = unpacked(drawn_partitions(20, 10, 20_000, seed=2), 20)
    assert np.abs(partitions.mean(axis=0) - 0.5).max() < 0.02


def test_draws_come_close_to_the_exact_p_value_and_repeat_with_the_seed():
    values = np.random.default_rng(5).normal(size=16)
    values[:8] += 0.7
    exact = measured(values, 8)
    first, again, other = (measured(values, 8, permutations=5000, seed=seed, exact=0) for seed in (1, 1, 2))
    assert not first.exact
    assert first.p_value == again.p_value
    assert first.p_value != other.p_value
    assert abs(first.p_value - exact.p_value) < 4 * np.sqrt(exact.p_value / 5000)


def test_the_smallest_p_value_of_draws_counts_the_one_seen():
    values = [1.0] * 30 + [-1.0] * 30
    found = measured(values, 30, permutations=999, alternative="greater")
    assert found.p_value == pytest.approx(1 / 1000)


def test_several_statistics_are_tested_at_once():
    values = np.random.default_rng(6).normal(size=(9, 3))
    together = permutation_test(mean_differences(values, 4), 4, 5)
    apart = [measured(values[:, column], 4).p_value for column in range(3)]
    assert together.p_values == pytest.approx(apart)


def test_without_a_difference_p_values_are_uniform():
    generator = np.random.default_rng(7)
    p_values = np.sort([measured(generator.normal(size=10), 5).p_value for _ in range(300)])
    distance = np.abs(p_values - np.arange(1, 301) / 300).max()
    assert distance < 1.63 / np.sqrt(300)  # Kolmogorov and Smirnov, level 0.01


def test_wrong_settings_are_refused():
    with pytest.raises(InputError, match="two-sided"):
        measured([1, 2, 3], 1, alternative="both")
    with pytest.raises(InputError, match="permutations"):
        measured([1, 2, 3], 1, permutations=0)


def test_the_effect_size_divides_by_the_standard_deviation_of_a_sample():
    assert effect_size(np.array([1.0, 3]), np.array([0.0, 2])) == pytest.approx(1 / np.sqrt(5 / 3))
    assert effect_size(np.ones(4), -np.ones(4)) == pytest.approx(np.sqrt(4 - 2 / 4))


def test_numbers_that_differ_by_rounding_only_have_no_effect():
    noise = 0.3 + 1e-8 * np.random.default_rng(9).normal(size=12)
    assert effect_size(noise[:5], noise[5:]) == 0
    assert effect_interval(noise[:5], noise[5:]) == (None, None)
    assert measured(noise, 5).p_value == 1


@given(seed=st.integers(0, 10**6), n=st.integers(2, 12), m=st.integers(2, 12), shift=st.floats(-3, 3))
def test_the_interval_holds_the_effect_size_and_keeps_its_bounds(seed, n, m, shift):
    generator = np.random.default_rng(seed)
    first, second = generator.normal(size=n) + shift, generator.normal(size=m)
    low, high = effect_interval(first, second)
    assert low < effect_size(first, second) < high
    bound = np.sqrt((n + m) * (n + m - 1) / (n * m))
    assert -bound < low < high < bound
    mirrored = effect_interval(second, first)
    assert mirrored == pytest.approx((-high, -low))


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.5])
def test_the_interval_covers_the_truth_as_often_as_it_says(shift):
    generator = np.random.default_rng(8)
    truth = shift / np.sqrt((14 + 4 * shift**2) / 15)  # of groups of 8 with these means and a spread of 1
    draws = generator.normal(size=(1000, 2, 8))
    draws[:, 0] += shift
    ends = np.array([effect_interval(first, second) for first, second in draws])
    covered = np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1]))
    assert 0.92 <= covered <= 0.97


def test_groups_that_do_not_vary_have_no_interval():
    assert effect_interval(np.ones(3), np.zeros(3)) == (None, None)
    assert effect_interval(np.ones(1), np.zeros(3)) == (None, None)
