import math

import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError
from embedkit.vectors.subwords.subwords import Subwords
from embedkit.vectors.texts.pairs import TextLookup, compare_pairs, is_text
from embedkit.vectors.texts.parameters import EncodingParameters

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
    with pytest.raises(UnknownWordError, match="'green valley' is not in the vocabulary"):
        lookup.word("green valley")


def test_with_subwords_one_token_is_a_word_and_several_are_a_text():
    vectors = Embeddings([[3.0, 0]], ["snow"], subwords=Lengths())
    assert TextLookup(vectors).words(["snowy", "Snow", "green valley"]) == ("snowy", "snow", "green valley")
    assert is_text(vectors, "green valley")
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
