"""Vectors of words that are not in the vocabulary, by subwords that are easy to follow."""

import copy
import pickle

import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError, WordLookup
from embedkit.vectors.subwords.subwords import Subwords


class Vowels(Subwords):
    """The vector of a word is the number of its vowels and of its other letters."""

    kind = "vowels"
    vector_size = 2

    def vectors(self, words):
        counts = [(sum(letter in "aeiou" for letter in word), len(word)) for word in words]
        return np.array([(vowels, length - vowels) for vowels, length in counts], np.float32).reshape(-1, 2)

    def settings(self):
        return {}

    def arrays(self):
        return {}


@pytest.fixture
def vectors():
    return Embeddings([[1, 0], [0, 1]], ["east", "north"], subwords=Vowels())


def test_an_unknown_word_gets_the_vector_of_its_subwords(vectors):
    assert vectors["aia"].tolist() == [3, 0]
    assert vectors.get("aia").tolist() == [3, 0]
    assert "aia" not in vectors


def test_known_words_keep_their_own_vectors(vectors):
    assert vectors.rows(["north", "brr", "east"]).tolist() == [[0, 1], [0, 3], [1, 0]]


def test_unknown_words_have_similarities_and_neighbors(vectors):
    assert vectors.similarity("brr", "north") == pytest.approx(1)
    assert [answer.word for answer in vectors.neighbors("brr")] == ["north", "east"]
    by_query = vectors.neighbors_many(["brr", "east"], 1)
    assert [[answer.word for answer in answers] for answers in by_query] == [["north"], ["north"]]


def test_lookup_accepts_any_word_in_plain_spelling(vectors):
    assert WordLookup(vectors).words(["East", "Aïa"]) == ("east", "aïa")


def test_subsets_and_copies_keep_subwords_and_transforms_do_not(vectors):
    assert vectors.subset(["north"])["aia"].tolist() == [3, 0]
    assert copy.copy(vectors)["aia"].tolist() == [3, 0]
    assert pickle.loads(pickle.dumps(vectors))["aia"].tolist() == [3, 0]
    with pytest.raises(UnknownWordError):
        vectors.center()["aia"]


def test_a_subset_is_of_known_words(vectors):
    with pytest.raises(UnknownWordError):
        vectors.subset(["north", "aia"])


def test_subwords_of_another_size_are_refused():
    with pytest.raises(InputError, match="3 dimensions, as the words have, got 2"):
        Embeddings([[1, 0, 0]], ["a"], subwords=Vowels())
