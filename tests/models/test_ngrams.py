"""The features are those that scikit-learn's vectorizer finds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from embedkit.models.ngrams import NgramFeatures

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
    np.testing.assert_array_equal(features.rows(texts).toarray(), rows.toarray())


def test_unknown_words_part_ngrams():
    features, _ = NgramFeatures.learn([["a", "b", "a"], ["a", "b"]], 2, 1)
    assert named(features) == ["a", "b", "a b", "b a"]
    found = features.rows([["a", "x", "b"], ["x"], []]).toarray()
    assert (found > 0).tolist() == [[True, True, False, False], [False] * 4, [False] * 4]
    assert np.linalg.norm(found[0]) == pytest.approx(1)
