import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from embedkit.statistics.correlation import pearson, ranks, spearman

few_values = st.integers(-3, 3).map(float)  # so that there are ties
samples = st.tuples(st.integers(1, 4), st.integers(2, 12)).flatmap(
    lambda shape: st.tuples(*[arrays(np.float64, shape, elements=few_values)] * 2)
)


@given(samples)
def test_ranks_are_scipys(sample):
    np.testing.assert_array_equal(ranks(sample[0]), stats.rankdata(sample[0], axis=-1))


@given(samples)
@pytest.mark.parametrize(
    ("ours", "theirs"), [(pearson, stats.pearsonr), (spearman, stats.spearmanr)], ids=["pearson", "spearman"]
)
def test_correlations_are_scipys(ours, theirs, sample):
    for found, x, y in zip(ours(*sample), *sample, strict=True):
        if np.ptp(x) and np.ptp(y):
            assert found == pytest.approx(theirs(x, y).statistic)
        else:
            assert np.isnan(found)


def test_equal_values_do_not_vary_whatever_their_mean_is_rounded_to():
    assert np.isnan(pearson([0.1] * 7, range(7)))
