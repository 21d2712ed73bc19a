import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.training.word2vec.sampling import alias_table, keep_probability, noise_probability, thresholds


def test_keep_probability_is_the_formula_of_word2vec():
    counts = np.array([900, 90, 10])
    f = counts / 1000
    np.testing.assert_allclose(
        keep_probability(counts, 1e-2), np.minimum(1, np.sqrt(1e-2 / f) + 1e-2 / f), rtol=1e-12
    )


def test_sample_zero_keeps_everything():
    assert keep_probability(np.array([5, 1]), 0.0).tolist() == [1.0, 1.0]
    assert thresholds(np.array([1.0, 0.5, 0.0])).tolist() == [2**32 - 1, 2**31 - 1, 0]


def test_noise_probability_flattens_counts():
    assert noise_probability(np.array([16, 1]), 0.75).tolist() == pytest.approx([8 / 9, 1 / 9])
    assert noise_probability(np.array([16, 1]), 0).tolist() == [0.5, 0.5]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=200))
def test_alias_table_draws_every_word_with_its_probability(counts):
    probability = np.array(counts) / sum(counts)
    table = alias_table(probability)
    own = (table[:, 0] + 1.0) / 2**32
    drawn = own / len(counts)
    np.add.at(drawn, table[:, 1].astype(int), (1 - own) / len(counts))
    np.testing.assert_allclose(drawn, probability, atol=1e-9)
