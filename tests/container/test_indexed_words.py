import zlib
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Vocabulary
from embedkit.container.indexed_words import LOADED_SHARE, IndexedWords, LazyWordIds
from embedkit.errors import FormatError, InputError, UnknownWordError

WORDS = st.lists(st.text("ab\\\nné🍕", max_size=4), min_size=1, max_size=30, unique=True)
COLLIDING = ("plumless", "buckeroo")  # words of one CRC-32


@given(WORDS, st.data())
def test_a_sequence_as_a_tuple_is(words, data):
    indexed, plain = IndexedWords.of(words), tuple(words)
    assert (len(indexed), list(indexed), hash(indexed)) == (len(plain), words, hash(plain))
    assert indexed == plain
    assert plain == indexed
    assert indexed == IndexedWords.of(words)
    assert indexed != (*plain, "more")
    part = data.draw(st.slices(len(plain)))
    assert indexed[part] == plain[part]
    row = data.draw(st.integers(-len(plain), len(plain) - 1))
    assert indexed[row] == plain[row]
    with pytest.raises(IndexError):
        _ = indexed[len(plain)]


@given(WORDS, st.text("ab\\\nné🍕\ud800", max_size=4))
def test_words_are_found(words, other):
    indexed, ids = IndexedWords.of(words), LazyWordIds(IndexedWords.of(words))
    known = {word: row for row, word in enumerate(words)}
    for word in [*words, other, *words, other]:
        assert indexed.find(word) == ids.get(word, -1) == known.get(word, -1)
        assert (word in indexed, word in ids) == (word in known, word in known)


def test_words_of_the_same_hash_are_told_apart():
    first, second = COLLIDING
    assert zlib.crc32(first.encode()) == zlib.crc32(second.encode())
    words = IndexedWords.of(["a", second, "b", first])
    assert [words.find(word) for word in (first, second)] == [3, 1]
    assert IndexedWords.of([first]).find(second) == -1


def test_all_ids_are_read_once_many_were_asked_for():
    words = [f"word{number}" for number in range(5 * LOADED_SHARE)]
    ids = LazyWordIds(IndexedWords.of(words))
    assert [ids[word] for word in words[:5]] == list(range(5))
    assert len(ids) == 5
    assert ids["word70"] == 70
    assert len(ids) == len(words)
    with pytest.raises(KeyError):
        _ = ids["other"]


def test_a_vocabulary_of_indexed_words_is_one_of_strings():
    words, counts = [f"word{number}" for number in range(100)], np.arange(100, 0, -1)
    plain, indexed = Vocabulary(words, counts), Vocabulary(IndexedWords.of(words), counts)
    for ask in (
        lambda vocabulary: vocabulary.words,
        lambda vocabulary: vocabulary.counts.tolist(),
        lambda vocabulary: vocabulary.prefix(min_count=40).words,
        lambda vocabulary: vocabulary.encode(["word9", "word1"]).tolist(),
        lambda vocabulary: vocabulary.encode_all([["word3", "no"], ["word7"]], unknown="skip").tolist(),
        lambda vocabulary: vocabulary.decode([4, 99]),
        lambda vocabulary: vocabulary.suggestions("wrd7"),
        lambda vocabulary: vocabulary.with_special_tokens(oov_token="<unk>").words,
        lambda vocabulary: (
            vocabulary["word5"],
            vocabulary.get("no"),
            "word6" in vocabulary,
            3 in vocabulary,
        ),
        lambda vocabulary: list(vocabulary)[-1],
    ):
        assert ask(indexed) == ask(plain)
    with pytest.raises(UnknownWordError) as caught:
        _ = indexed["wrd7"]
    assert caught.value.suggestions == plain.suggestions("wrd7")
    with pytest.raises(InputError, match="oov_token 'no' is none of the words"):
        Vocabulary(IndexedWords.of(words), oov_token="no")


FIELDS = st.sampled_from(["packed", "offsets", "hashes", "rows"])


@given(WORDS, FIELDS, st.data())
def test_damage_never_gives_another_word(words, field, data):
    indexed = IndexedWords.of(words)
    damaged = np.array(getattr(indexed, field))
    if not len(damaged):
        return
    raw = damaged.view(np.uint8)
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    changed = replace(indexed, **{field: damaged})
    for row, word in enumerate(words):
        with suppress(FormatError):
            assert changed[row] == word
        with suppress(FormatError):
            assert changed.find(word) in (row, -1)
