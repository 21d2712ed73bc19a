import numpy as np
import pytest

from embedkit import Embeddings, InputError, UnknownWordError, Vocabulary, WordLookup
from embedkit.vectors.lookup import UNKNOWN, KnownWords, RowLookup, emoji_word, known_form

LOWERCASE = {"tokenizer": {"name": "words", "lowercase": True}}
RECIPE = {"tokenizer": {"name": "words", "lowercase": False, "numbers": True, "punctuation": False}}
CASED = {"tokenizer": {"name": "words", "lowercase": False}}


def space(*words, metadata=None):
    return Embeddings(np.eye(len(words)), Vocabulary(words), metadata)


TYPED = [
    (LOWERCASE, "paris", "Paris"),
    (LOWERCASE, "caf\u00e9", "CAFE\u0301"),
    (LOWERCASE, "don't", "don\u2019t"),
    (LOWERCASE, "don't", "don\u2018t"),
    (LOWERCASE, "don't", "Don\u00b4t"),
    (LOWERCASE, "foobar", "foo\u2060bar\u200b"),
    (LOWERCASE, "istanbul", "\u0130stanbul"),
    (LOWERCASE, "i\u0307stanbul", "\u0130stanbul"),
    (CASED, "Caf\u00e9", "Cafe\u0301"),
    (None, "paris", "PARIS"),
    (None, "❤", ":red_heart:"),
    (None, "👍", "👍🏽"),
]


@pytest.mark.parametrize(("metadata", "word", "typed"), TYPED)
def test_typed_words_are_found(metadata, word, typed):
    lookup = WordLookup(space(word, "b", metadata=metadata))
    assert lookup.word(typed) == word
    assert lookup.words(["b", typed]) == ("b", word)


@pytest.mark.parametrize("metadata", [CASED, None])
def test_cased_vectors_keep_case(metadata):
    with pytest.raises(UnknownWordError, match="'PARIS' is not in the vocabulary; did you mean 'Paris'"):
        WordLookup(space("Paris", "b", metadata=metadata)).word("PARIS")


def test_unknown_emoji_are_told_apart_and_words_are_strings():
    lookup = WordLookup(space("a"))
    with pytest.raises(InputError, match="'🍕' is not in the vocabulary; embedkit emoji-vectors adds"):
        lookup.word("🍕")
    with pytest.raises(InputError, match="expected a list of words, got the string 'ab'"):
        lookup.words("ab")
    with pytest.raises(InputError, match="expected a word, got 3"):
        lookup.word(3)


def test_as_written_comes_before_lower_case():
    vocabulary, words = Vocabulary(["paris", "Paris", "rome"]), ("Paris", "Rome", "Oslo")
    assert [known_form(vocabulary, word, lowercase=True) for word in words] == ["Paris", "rome", None]
    assert [known_form(vocabulary, word, lowercase=False) for word in words] == ["Paris", None, None]


def test_only_a_single_emoji_is_an_emoji():
    vocabulary = Vocabulary(["❤", "👍🏽", "👍"])
    typed = ["❤️", "👍🏽", "👍🏿", "❤👍", "heart"]
    assert [emoji_word(vocabulary, word) for word in typed] == ["❤", "👍🏽", "👍", None, None]


def test_words_of_texts_with_hyphens_are_taken_apart():
    known = KnownWords(space("snow", "christmas", "e-mail"))
    assert known.words("Snow-Capped Christmas e-mail 24") == ["snow", "capped", "christmas", "e-mail"]


@pytest.mark.parametrize("metadata", [RECIPE, None])
def test_words_of_texts_keep_their_case_where_the_vectors_do(metadata):
    known = KnownWords(space("turkey", "Christmas", "snow", metadata=metadata))
    assert known.words("Turkey at Christmas, Snow-capped") == ["Turkey", "at", "Christmas", "Snow", "capped"]


def test_rows_under_a_fold_are_those_of_the_first_spelling():
    vocabulary = Vocabulary(["b", "Paris", "paris", "rome"])
    folded = RowLookup(vocabulary, 3, str.upper)
    assert [folded.row(word) for word in ("PARIS", "paris", "rome")] == [1, 1, UNKNOWN]
    assert folded.first_alike.tolist() == [0, 1, 1]
    exact = RowLookup(vocabulary, 3)
    assert [exact.row(word) for word in ("PARIS", "paris", "rome")] == [UNKNOWN, 2, UNKNOWN]
    assert exact.first_alike.tolist() == [0, 1, 2]
    assert ("paris" in exact, "rome" in exact) == (True, False)
