import numpy as np
import pytest

from embedkit import Embeddings, MeanVectorClassifier, Vocabulary
from embedkit.vectors.frequencies import inverse_frequency, word_shares


@pytest.mark.parametrize("counts", [None, np.zeros(3, int)])
def test_words_without_counts_are_taken_to_follow_zipf(counts):
    np.testing.assert_allclose(word_shares(Vocabulary(["a", "b", "c"], counts)), np.array([6, 3, 2]) / 11)


def test_counts_give_shares():
    assert word_shares(Vocabulary(["a", "b"], np.array([3, 1]))).tolist() == [0.75, 0.25]


def test_a_word_of_the_share_of_the_smoothing_weighs_half():
    weights = inverse_frequency(np.array([0, 1e-3, 3e-3]), 1e-3)
    np.testing.assert_allclose(weights, [1, 1 / 2, 1 / 4])


def test_a_classifier_takes_words_that_all_have_the_count_zero_as_uncounted():
    words, texts, labels = ["good", "bad", "film"], ["good film", "bad film"] * 2, ["+", "-"] * 2

    def scores(counts):
        vectors = Embeddings(np.eye(3), Vocabulary(words, counts))
        return MeanVectorClassifier(vectors, smoothing=0.1).fit(texts, labels).predict_proba(texts)

    np.testing.assert_array_equal(scores(np.zeros(3, int)), scores(None))
