"""Vectors of words that are not in the vocabulary, by subwords that are easy to follow."""

import copy
import pickle

import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError, WordLookup
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.quantized_rows import QuantizedRows
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


def test_a_table_is_shown_by_its_size():
    subwords = FastTextSubwords(np.zeros((100, 5), np.float32), 3, 6, buckets=100)
    assert repr(subwords) == "FastTextSubwords(100 x 5, n-grams of 3 to 6)"
    rows = QuantizedRows(np.zeros((9, 1), np.uint8), np.zeros(512, np.float32), 2)
    assert repr(rows) == "QuantizedRows(9 x 2)"


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


def test_subsets_and_copies_keep_subwords_and_transforms_only_such_as_can_be_mapped(vectors):
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


def test_unknown_words_are_parts_of_sums_and_comparisons(vectors):
    assert vectors.expression("aia - 2 brr").tolist() == [3, -6]
    assert vectors.distance("aia", "east", metric="euclidean") == 2
    assert vectors.similarity(["brr", "aia"], "north").tolist() == [1, 0]
    assert vectors.rank("aia", "brr") == vectors.rank("aia", "north") == 2
    assert [answer.word for answer in vectors.most_similar(["east", "brr"], "brr")] == ["north"]
    assert [answer.word for answer in vectors.neighbors("'a - b' + aia")] == ["east", "north"]


def test_unknown_words_are_parts_of_analogies(vectors):
    """a is east and b north, which may answer questions about words that are as they are."""
    for method in ("3cosadd", "3cosmul", "pairdirection"):
        asked = [("a", "b", "east"), ("b", "a", "north"), ("east", "b", "a")]
        answers = vectors.analogies(asked, 2, method)
        assert [[word for word, _ in found] for found in answers] == [["north"], ["east"], ["north"]]
    similar = vectors.analogies([("east", "east", "a")], include_query=True)[0]
    assert similar[0] == ("east", 1)
    assert vectors.odd_one_out(["a", "e", "b"]) == "b"
