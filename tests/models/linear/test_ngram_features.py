"""The features are those that scikit-learn's vectorizer finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from embedkit.models.linear.ngram_features import NgramFeatures, log_count_ratios
from embedkit.models.linear.word_sequences import word_sequences

tokenized = st.lists(st.lists(st.sampled_from("abcdef"), max_size=10), min_size=2, max_size=25)


def named(features):
    """The n-grams in the order of the columns, as strings."""
    orders = [[(word,) for word in features.words]]
    for keys in features.keys:
        size = len(features.words)
        orders.append([(*orders[-1][key // size], features.words[key % size]) for key in keys.tolist()])
    return [" ".join(ngram) for order in orders for ngram in order]


@given(tokenized, st.integers(1, 4), st.integers(1, 3))
def test_rows_are_those_of_scikit_learn(texts, longest, min_df):
    features, rows = NgramFeatures.learn(texts, longest, min_df)
    if not features.words:
        assert rows.shape == (len(texts), 0)
        return
    theirs = TfidfVectorizer(
        analyzer=lambda tokens: [
            " ".join(tokens[start : start + n])
            for n in range(1, longest + 1)
            for start in range(len(tokens) - n + 1)
        ],
        min_df=min(min_df, len(texts)),
        sublinear_tf=True,
    )
    expected = theirs.fit_transform(texts).toarray()
    names = named(features)
    assert sorted(names) == sorted(theirs.vocabulary_)
    columns = [theirs.vocabulary_[name] for name in names]
    np.testing.assert_allclose(rows.toarray(), expected[:, columns], atol=1e-6)


@given(tokenized, st.integers(1, 3))
def test_new_texts_get_the_same_rows(texts, longest):
    features, rows = NgramFeatures.learn(texts, longest, 1)
    np.testing.assert_array_equal(
        features.rows(word_sequences(texts).known_as(features.word_ids)).toarray(), rows.toarray()
    )


def test_unknown_words_part_ngrams():
    features, _ = NgramFeatures.learn([["a", "b", "a"], ["a", "b"]], 2, 1)
    assert named(features) == ["a", "b", "a b", "b a"]
    found = features.rows(word_sequences([["a", "x", "b"], ["x"], []]).known_as(features.word_ids)).toarray()
    assert (found > 0).tolist() == [[True, True, False, False], [False] * 4, [False] * 4]
    assert np.linalg.norm(found[0]) == pytest.approx(1)


def test_log_count_ratios_are_those_of_naive_bayes():
    rows = csr_matrix(np.array([[0.5, 0.0, 0.2], [0.1, 0.9, 0.0], [0.0, 0.3, 0.0]]))
    p, q = (
        np.array([2, 1, 2]),
        np.array([2, 3, 1]),
    )  # 1 + texts that hold a feature, of the first and the rest
    expected = np.log(p / 5 / (q / 6))
    found = log_count_ratios(rows, np.array([[1], [0], [0]]))
    np.testing.assert_allclose(found, abs(expected))
    both = log_count_ratios(rows, np.array([[1, 0], [0, 1], [0, 1]]))  # two columns that say the same
    np.testing.assert_allclose(both, abs(expected))


def test_scaled_features_give_scaled_rows_of_length_one():
    texts = [["a", "b"], ["a", "c", "a"]]
    features, rows = NgramFeatures.learn(texts, 1, 1)
    factors = np.array([0.5, 2.0, 3.0])
    changed, scaled = features.scaled(factors, rows)
    expected = rows.toarray() * factors
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(scaled.toarray(), expected, rtol=1e-6)
    again = changed.rows(word_sequences(texts).known_as(changed.word_ids))
    np.testing.assert_allclose(again.toarray(), expected, rtol=1e-6)
