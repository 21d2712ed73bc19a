import math

import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError
from embedkit.vectors.subwords.subwords import Subwords
from embedkit.vectors.texts.encoder import TextEncoder
from embedkit.vectors.texts.pairs import compare_pairs
from embedkit.vectors.texts.parameters import EncodingParameters
from embedkit.vectors.texts.typed import TextLookup
from embedkit.vectors.texts.word_weights import EqualWeights

VECTORS = Embeddings([[3.0, 0], [0, 4], [3, 4]], ["snow", "new york", "alps"])
MEAN = EncodingParameters(weights="mean")


class Lengths(Subwords):
    """A vector that tells the number of letters."""

    kind = "lengths"
    vector_size = 2

    def vectors(self, words):
        return np.array([[len(word), 1] for word in words], np.float32)

    def settings(self):
        return {}

    def arrays(self):
        return {}


def test_what_was_typed_is_a_word_first_then_a_text():
    lookup = TextLookup(VECTORS)
    assert lookup.words(["Snow", "New York", "snow in new york"]) == ("snow", "new york", "snow in new york")
    with pytest.raises(UnknownWordError, match="'snowy' is not in the vocabulary; did you mean 'snow'"):
        lookup.word("snowy")
    with pytest.raises(InputError, match="no word of the text 'green valley' has a vector"):
        lookup.word("green valley")


def test_with_subwords_one_token_is_a_word_and_several_are_a_text():
    vectors = Embeddings([[3.0, 0]], ["snow"], subwords=Lengths())
    assert TextLookup(vectors).words(["snowy", "Snow", "green valley"]) == ("snowy", "snow", "green valley")
    assert TextLookup(vectors).is_text("green valley")
    np.testing.assert_allclose(vectors.encode(["green valley"], "mean"), [[5.5, 1]])


def test_two_words_are_compared_as_they_are():
    pairs = [("snow", "alps"), ("snow", "new york")]
    assert compare_pairs(VECTORS, pairs, "cosine", EncodingParameters()) == pytest.approx([0.6, 0])
    assert compare_pairs(VECTORS, pairs, "euclidean", EncodingParameters()) == pytest.approx([4, 5])


def test_a_text_is_compared_as_a_mean():
    pairs = [("snow alps", "snow"), ("snow", "snow alps")]
    cosine, back = compare_pairs(VECTORS, pairs, "cosine", MEAN)
    assert cosine == back == pytest.approx(3 / math.hypot(3, 2))
    assert compare_pairs(VECTORS, pairs[:1], "euclidean", MEAN) == pytest.approx([2])


def test_measures_of_texts():
    pairs = [("snow alps", "snow")]
    assert compare_pairs(VECTORS, pairs, "wmd", MEAN) == pytest.approx([2])
    similar = (1 + 0.36) / math.sqrt(2 + 2 * 0.36)
    assert compare_pairs(VECTORS, pairs, "soft-cosine", MEAN) == pytest.approx([similar])


def test_a_text_needs_a_known_word():
    with pytest.raises(InputError, match="no word of the text 'green valley' has a vector"):
        compare_pairs(VECTORS, [("snow", "green valley")], "cosine", MEAN)


def test_a_sum_is_no_text():
    lookup = TextLookup(VECTORS)
    assert lookup.words(["Snow - Alps", "2 Snow + 'New York'"]) == ("snow - alps", "2*snow + 'new york'")
    assert lookup.word("Snow - and the Alps") == "Snow - and the Alps"
    with pytest.raises(UnknownWordError, match="'snowy' is not in the vocabulary"):
        lookup.word("snowy - alps")


def test_sums_are_compared_as_they_are():
    """snow - alps is (0, -4), alps - new york (3, 0)."""
    pairs = [("snow - alps", "new york"), ("snow - alps", "alps - 'new york'"), ("alps - snow", "snow alps")]
    assert compare_pairs(VECTORS, pairs[:2], "cosine", EncodingParameters()) == pytest.approx([-1, 0])
    assert compare_pairs(VECTORS, pairs, "euclidean", MEAN) == pytest.approx([8, 5, math.hypot(3, 2)])


def test_vectors_of_all_that_is_typed():
    found = ["snow", "snow alps", "snow - alps", "alps"]
    lookup = TextLookup(VECTORS)
    rows = lookup.vectors_of(found, lookup.texts_among(found), TextEncoder(VECTORS, EqualWeights()))
    assert rows.tolist() == [[3, 0], [3, 2], [0, -4], [3, 4]]


def test_what_only_subwords_know_is_told_of_words_and_not_of_texts():
    lookup = TextLookup(Embeddings([[3.0, 0]], ["snow"], subwords=Lengths()))
    assert lookup.by_subwords(["snow", "snowy", "2*alps - snow"]) == {"snowy": "lengths", "alps": "lengths"}
    assert lookup.by_subwords(["a green valley", "green - a valley"]) == {}
