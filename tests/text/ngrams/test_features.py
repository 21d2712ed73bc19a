"""One-hot and n-gram matrices are those of scikit-learn's `CountVectorizer`, and of plain Python."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from embedkit import Vocabulary, character_ngrams, ngrams, one_hot
from embedkit.errors import InputError

tokens = st.text(st.sampled_from("abé\U0001f600"), min_size=1, max_size=3)
documents_ = st.lists(st.lists(tokens, max_size=7), min_size=1, max_size=8)
texts_ = st.lists(st.text(st.sampled_from("ab é\U0001f600"), max_size=9), min_size=1, max_size=8)
orders = st.tuples(st.integers(1, 4), st.integers(1, 4)).map(sorted)


def columns(found):
    """The counts of each feature by its name."""
    assert found.matrix.dtype == np.int32
    assert found.matrix.has_canonical_format
    assert found.matrix.shape[1] == len(found.names) == len(set(found.names))
    return dict(zip(found.names, found.matrix.toarray().T.tolist(), strict=True))


def scikit_learn(texts, **options):
    """The same of a `CountVectorizer`."""
    vectorizer = CountVectorizer(lowercase=False, **options)
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # nothing is left
        return {}
    return dict(zip(vectorizer.get_feature_names_out(), counts.toarray().T.tolist(), strict=True))


@given(documents_, orders, st.integers(1, 3))
def test_ngrams_of_words(documents, order, min_df):
    shortest, longest = order
    min_df = min(min_df, len(documents))
    found = ngrams(documents, shortest=shortest, longest=longest, min_df=min_df)
    options = {"analyzer": "word", "tokenizer": list, "preprocessor": list, "token_pattern": None}
    assert columns(found) == scikit_learn(
        documents, ngram_range=(shortest, longest), min_df=min_df, **options
    )


@given(documents_, orders, st.integers(1, 3))
def test_ngrams_of_characters_within_words(documents, order, min_df):
    shortest, longest = order
    min_df = min(min_df, len(documents))
    found = character_ngrams(documents, shortest=shortest, longest=longest, min_df=min_df)
    texts = [" ".join(document) for document in documents]
    options = {"analyzer": "char_wb", "ngram_range": (shortest, longest), "min_df": min_df}
    expected = scikit_learn(texts, **options)  # which counts words that are too short as a whole, too
    assert columns(found) == {name: counts for name, counts in expected.items() if len(name) >= shortest}


@given(texts_, orders, st.integers(1, 3))
def test_ngrams_of_characters_of_texts(texts, order, min_df):
    shortest, longest = order
    min_df = min(min_df, len(texts))
    texts = [re.sub(" +", " ", text) for text in texts]  # as scikit-learn does
    found = character_ngrams(texts, shortest=shortest, longest=longest, min_df=min_df)
    options = {"analyzer": "char", "ngram_range": (shortest, longest), "min_df": min_df}
    assert columns(found) == scikit_learn(texts, preprocessor=str, **options)


@given(documents_, documents_, orders, st.randoms())
def test_the_same_ngrams_of_other_texts(documents, others, order, random):
    learned = ngrams(documents, shortest=order[0], longest=order[1])
    names = random.sample(learned.names, random.randint(0, len(learned.names)))
    every = columns(ngrams(others, longest=4))
    found = ngrams(others, names=names)
    assert found.names == tuple(names)
    assert columns(found) == {name: every.get(name, [0] * len(others)) for name in names}


@given(texts_, texts_, st.booleans(), st.randoms())
def test_the_same_characters_of_other_texts(texts, others, within, random):
    if within:
        texts, others = ([text.split() for text in some] for some in (texts, others))
    learned = character_ngrams(texts, shortest=1, longest=4)
    names = random.sample(learned.names, random.randint(0, len(learned.names)))
    every = columns(character_ngrams(others, shortest=1, longest=4))
    assert columns(character_ngrams(others, names=names)) == {
        name: every.get(name, [0] * len(others)) for name in names
    }


def test_the_most_frequent_ngrams():
    documents = [["a", "b", "a", "b"], ["c", "a", "c"], ["b", "a"]]
    assert ngrams(documents, max_features=3).names == ("a", "b", "c")
    assert ngrams(documents, shortest=2, max_features=2).names == ("a b", "b a")
    assert columns(character_ngrams(["aab", "ab"], shortest=2, longest=2, max_features=1)) == {"ab": [1, 1]}


@given(documents_)
def test_one_hot_is_whether_a_word_is_held(documents):
    found = one_hot(iter(documents))
    assert found.names == Vocabulary.from_documents(documents).words
    counts = columns(ngrams(documents, longest=1))
    assert columns(found) == {word: np.minimum(counts[word], 1).tolist() for word in found.names}


@pytest.mark.parametrize(
    ("special", "expected"),
    [({}, [[1, 0], [0, 1]]), ({"oov_token": "?"}, [[1, 0, 1], [0, 1, 0]])],
)
def test_unknown_words_in_one_hot(special, expected):
    vocabulary = Vocabulary(["a", "b"]).with_special_tokens(**special)
    found = one_hot([["a", "c", "a"], ["b"]], vocabulary)
    assert found.matrix.toarray().tolist() == expected
    assert found.names == vocabulary.words


def test_no_texts_and_texts_of_nothing():
    for count in (one_hot, ngrams, character_ngrams):
        assert count([]).matrix.shape == (0, 0)
        assert count([[], []]).matrix.shape == (2, 0)
    assert character_ngrams(["", ""]).matrix.shape == (2, 0)
    assert ngrams([["a"]], names=[]).matrix.shape == (1, 0)
    assert ngrams([], names=["a b"]).matrix.shape == (0, 1)


A = [["a"]]
BAD_CALLS = [
    (lambda: ngrams("a b"), "documents must be lists of words, got one string 'a b'"),
    (lambda: ngrams(["a b"]), "a document must be a list of words, got the string 'a b'"),
    (lambda: one_hot(["a b"]), "a document must be a list of words, got the string 'a b'"),
    (
        lambda: ngrams([["new york"]]),
        "may hold no blank, .* got 'new york'; join its parts",
    ),
    (lambda: ngrams(A, shortest=3), "shortest must be at most longest, got 3 and 2; raise longest to 3"),
    (lambda: ngrams(A, longest=0), "longest must be a whole number of at least 1, got 0"),
    (lambda: ngrams(A, min_df=0.5), "min_df must be a whole number of at least 1, got 0.5"),
    (lambda: ngrams(A, max_features=0), "max_features must be a whole number of at least 1, got 0"),
    (lambda: ngrams(A, names="a b"), "names must be a list of n-grams, none of them empty, got 'a b'"),
    (lambda: character_ngrams(A, names=["a", ""]), "names must be a list of n-grams, none of them empty"),
    (lambda: character_ngrams("ab"), "expected a list of texts, got the string 'ab'; put it in a list"),
    (lambda: character_ngrams(["ab", ["ab"]]), "all strings or all lists of words, got 1 strings among 2"),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_what_cannot_be_counted(call, message):
    with pytest.raises(InputError, match=message):
        call()
