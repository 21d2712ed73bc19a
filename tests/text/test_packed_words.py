"""PackedWords: the words come back, and are sorted as strings are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.packed_words import PackedWords, frequency_order

WORDS = st.lists(st.text(max_size=20), max_size=20)


@given(words=WORDS, data=st.data())
def test_words_come_back(words, data):
    packed = PackedWords.of(words)
    assert (len(packed), list(packed), packed[:]) == (len(words), words, words)
    assert [packed[number] for number in range(len(words))] == words
    assert packed.lengths.tolist() == [len(word.encode(errors="surrogatepass")) for word in words]
    chosen = data.draw(st.lists(st.sampled_from(range(len(words))), max_size=9)) if words else []
    assert list(packed.take(chosen)) == [words[number] for number in chosen]
    with pytest.raises(IndexError):
        packed[len(words)]


@given(counts=st.dictionaries(st.text("ab\0é\ud800\uffff\U0001f600", max_size=20), st.integers(1, 3)))
def test_the_order_is_that_of_a_plain_sort(counts):
    words = list(counts)
    order = frequency_order(PackedWords.of(words), np.array(list(counts.values()), np.int64))
    assert [words[number] for number in order] == sorted(words, key=lambda word: (-counts[word], word))
