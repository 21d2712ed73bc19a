"""Hashes of character n-grams: by their definitions, one string at a time; in numpy and compiled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords import hashing, ngram_kernels, row_means
from embedkit.vectors.subwords.character_ngrams import are_ngrams, bracketed

WORDS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=6)
SIZES = st.tuples(st.integers(0, 4), st.integers(0, 7))
LOOPS = pytest.mark.parametrize("ngrams", [hashing.fnv1a_ngrams, ngram_kernels.fnv1a_ngrams])


def ngrams_of(word, minn, maxn):
    """The n-grams of fastText, by its rules: by beginning, then by length; "<" and ">" alone are none."""
    text = f"<{word}>"
    spans = [(begin, begin + size) for begin in range(len(text)) for size in range(max(minn, 1), maxn + 1)]
    inside = [(begin, end) for begin, end in spans if end <= len(text)]
    edges = ((0, 1), (len(text) - 1, len(text)))
    return [text[begin:end] for begin, end in inside if (begin, end) not in edges]


def fnv1a(text):
    """FNV-1a of 32 bits, by its definition, of bytes that are signed numbers."""
    value = 2166136261
    for byte in text.encode():
        signed = byte - 256 if byte > 127 else byte
        value = (value ^ (signed & 0xFFFFFFFF)) * 16777619 % 2**32
    return value


@LOOPS
@given(words=WORDS, sizes=SIZES)
def test_hashes_of_ngrams(ngrams, words, sizes):
    expected = [[fnv1a(ngram) for ngram in ngrams_of(word, *sizes)] for word in words]
    hashes, counts = ngrams(PackedWords.of(words), *sizes)
    assert counts.tolist() == list(map(len, expected))
    assert hashes.tolist() == [value for values in expected for value in values]


@LOOPS
def test_bytes_that_are_not_utf8_go_on_with_the_character_before(ngrams):
    letters = np.frombuffer(b"\x80a\xffb\x80", np.uint8)
    hashes, counts = ngrams(PackedWords(letters, np.array([0, 5])), 2, 2)
    assert counts.tolist() == [4]  # "<\x80" and "a", "a\xff", "\xffb\x80", "b\x80>"
    assert hashes.dtype == np.uint32


@pytest.mark.parametrize(
    ("text", "expected"),
    [  # by the reference implementation of MurmurHash3_x64_128
        (b"", "00000000000000000000000000000000"),
        (b"The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"),
    ],
)
def test_murmur3_of_known_texts(text, expected):
    letters = np.frombuffer(text, np.uint8)
    numbers = hashing.murmur3(letters, np.array([0]), np.array([len(text)]), 0)[0].tolist()
    assert "".join(f"{high:08x}{low:08x}" for low, high in (numbers[:2], numbers[2:])) == expected


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=5))
def test_murmur3_of_several_texts_is_that_of_each(texts):
    letters = np.frombuffer(b"".join(texts), np.uint8)
    ends = np.cumsum([len(text) for text in texts])
    starts = ends - [len(text) for text in texts]
    together = hashing.murmur3(letters, starts, ends, 7)
    for text, row in zip(texts, together, strict=True):
        alone = hashing.murmur3(np.frombuffer(text, np.uint8), np.array([0]), np.array([len(text)]), 7)
        np.testing.assert_array_equal(alone[0], row)


def test_characters_of_bracketed_words():
    text = bracketed(PackedWords.of(["é", ""]))
    assert text.letters.tobytes().decode() == "<é><>"
    assert text.left.tolist() == [3, 2, 1, 2, 1]
    assert text.first.tolist() == [True, False, False, True, False]
    assert are_ngrams(text, 1, 1)[:, 0].tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("means", [row_means.row_means, ngram_kernels.row_means])
@pytest.mark.parametrize("with_first", [False, True])
def test_means_are_added_up_in_float32_from_left_to_right(means, with_first):
    rng = np.random.default_rng(1)
    table = (rng.normal(size=(50, 3)) * 10.0 ** rng.integers(-4, 4, (50, 1))).astype(np.float32)
    counts = rng.integers(0, 9, 40)
    ids, first = rng.integers(0, 50, counts.sum()), rng.normal(size=(40, 3)).astype(np.float32)
    rows = iter(ids.tolist())
    expected = np.zeros((40, 3), np.float32)
    for word, count in enumerate(counts.tolist()):
        parts = [first[word]] * with_first + [table[next(rows)] for _ in range(count)]
        for part in parts:
            expected[word] += part
        expected[word] *= np.float32(1 / max(len(parts), 1))
    np.testing.assert_array_equal(means(table, ids, counts, first if with_first else None), expected)
