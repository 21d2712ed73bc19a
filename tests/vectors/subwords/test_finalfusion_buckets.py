"""finalfusion's subwords: hashed n-grams and listed ones."""

import numpy as np
import pytest

from embedkit.errors import FormatError
from embedkit.text.packed_words import PackedWords
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.files import subword_arrays, subwords_of
from embedkit.vectors.subwords.finalfusion_buckets import FinalfusionSubwords

TABLE = np.random.default_rng(1).normal(size=(16, 3)).astype(np.float32)
HASHED = FinalfusionSubwords(TABLE, 2, 4, exponent=4)
LISTED = ExplicitSubwords(TABLE[:3], 2, 3, ["<é", "é語", "é語>", "語>"], np.array([0, 1, 2, 1]))


def fnv1a(data):
    state = 0xCBF29CE484222325
    for byte in data:
        state = ((state ^ byte) * 0x100000001B3) % 2**64
    return state


def expected_rows(word, minn, maxn, exponent):
    """One n-gram at a time, as finalfusion hashes them."""
    text = f"<{word}>"
    for start in range(len(text)):
        for size in range(minn, min(maxn, len(text) - start) + 1):
            codes = [ord(letter).to_bytes(4, "little") for letter in text[start : start + size]]
            yield fnv1a(size.to_bytes(8, "little") + b"".join(codes)) % 2**exponent


def test_rows_that_finalfusion_gives():
    subwords = FinalfusionSubwords(np.empty((1 << 21, 0), np.float32), 3, 6, exponent=21)
    rows, counts = subwords.rows(PackedWords.of(["hallo"]))
    known = [75867, 104120, 136555, 456131, 599360, 722393, 938007]
    known += [985859, 1006102, 1163391, 1218704, 1321513, 1505861, 1892376]
    assert sorted(rows.tolist()) == known
    assert counts.tolist() == [14]


def test_rows_of_many_words_are_those_of_each():
    words = ["", "a", "é", "語語", "😀 b", "Daniël"]
    rows, counts = HASHED.rows(PackedWords.of(words))
    each = [list(expected_rows(word, 2, 4, 4)) for word in words]
    assert counts.tolist() == list(map(len, each))
    assert rows.tolist() == [row for found in each for row in found]


def test_vectors_are_sums_at_length_one():
    for subwords in (HASHED, LISTED):
        rows, _ = subwords.rows(PackedWords.of(["é語"]))
        total = subwords.table[rows].sum(axis=0)
        np.testing.assert_allclose(subwords.vectors(["é語"])[0], total / np.linalg.norm(total), rtol=1e-5)


def test_listed_ngrams():
    rows, counts = LISTED.rows(PackedWords.of(["é語", "x", "é"]))
    assert (rows.tolist(), counts.tolist()) == ([0, 1, 2, 1, 0], [4, 0, 1])
    assert LISTED.vectors(["x"]).tolist() == [[0, 0, 0]]


@pytest.mark.parametrize("subwords", [HASHED, LISTED], ids=["hashed", "listed"])
def test_arrays_and_back(subwords):
    again = subwords_of(subword_arrays(subwords))
    words = ["é語", "cat", "été"]
    np.testing.assert_array_equal(again.vectors(words), subwords.vectors(words))


@pytest.mark.parametrize(
    ("subwords", "change", "message"),
    [
        (HASHED, {"rows": TABLE[:3]}, "a row for each of 2 \\*\\* 4 hashes, got 3"),
        (LISTED, {"ngram_rows": np.array([0, 1, 2])}, "a row for each of 4 n-grams"),
        (LISTED, {"ngram_rows": np.array([0, 1, 2, 3])}, "rows of n-grams below 3, got 3"),
    ],
)
def test_arrays_that_do_not_fit(subwords, change, message):
    with pytest.raises(FormatError, match=message):
        subwords_of({**subword_arrays(subwords), **change})
