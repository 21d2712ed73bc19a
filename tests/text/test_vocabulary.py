"""Vocabulary: order, lookup, cuts, and its file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit.errors import FormatError, InputError, UnknownWordError
from embedkit.text.vocabulary import Vocabulary

WORDS = st.text(st.characters(exclude_characters="\t\n", exclude_categories=["Cs"]), min_size=1, max_size=6)
COUNTS = st.dictionaries(WORDS, st.integers(1, 5), max_size=20)
ROYAL = Vocabulary.from_counts({"king": 9, "queen": 9, "King": 3, "kings": 4, "apple": 1})


def test_order_is_by_count_then_word():
    assert ROYAL.words == ("king", "queen", "kings", "King", "apple")
    assert ROYAL.counts.tolist() == [9, 9, 4, 3, 1]


@given(COUNTS)
def test_order_agrees_with_a_plain_sort(counts):
    vocabulary = Vocabulary.from_counts(counts)
    assert list(zip(vocabulary, vocabulary.counts, strict=True)) == sorted(
        counts.items(), key=lambda item: (-item[1], item[0])
    )


PARTS = st.sampled_from(
    ["a", "é", "\0", "\n", "中", "\ud800", "aaaaaaa", "zzzzzzzzzzzzzzz"]
)  # alike for long


@given(st.sets(st.lists(PARTS, max_size=5).map("".join), max_size=40))
def test_order_of_words_that_begin_alike(words):
    counts = {word: 1 + len(word) % 2 for word in words}
    vocabulary = Vocabulary.from_counts(counts)
    assert list(vocabulary) == sorted(words, key=lambda word: (-counts[word], word))


def test_lookup():
    assert [ROYAL["king"], ROYAL.get("apple"), ROYAL.get("pear"), ROYAL.get("pear", -1)] == [0, 4, None, -1]
    assert "queen" in ROYAL
    assert "pear" not in ROYAL
    assert len(ROYAL) == 5
    assert ROYAL.ids(["apple", "king", "apple"]).tolist() == [4, 0, 4]
    assert ROYAL.ids([]).dtype == np.int64


@pytest.mark.parametrize(
    ("word", "suggestions"),
    [
        ("KING", ("king", "King", "kings")),  # other cases come first, then the closest spelling
        ("quen", ("queen",)),
        ("uqeen", ("queen",)),  # two letters changed places
        ("kng", ("king", "King")),
        ("appeal", ()),  # two errors in six letters
        ("applied", ("apple",)),
        ("zzz", ()),
        ("ki", ()),  # too short to tell what was meant
    ],
)
def test_an_unknown_word_names_close_spellings(word, suggestions):
    with pytest.raises(UnknownWordError) as caught:
        ROYAL[word]
    assert caught.value.word == word
    assert caught.value.suggestions == suggestions


def test_ids_names_the_first_unknown_word():
    with pytest.raises(UnknownWordError, match=r"'aple' is not in the vocabulary; did you mean 'apple'\?"):
        ROYAL.ids(["king", "aple", "zzz"])


def test_counts_cannot_be_changed_and_are_a_copy():
    counts = np.array([2, 1])
    vocabulary = Vocabulary(["a", "b"], counts)
    counts[0] = 7
    assert vocabulary.counts.tolist() == [2, 1]
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((["a", "b", "a", "c", "b"],), "found again: 'a', 'b'"),
        (("word",), "got the string 'word'"),
        ((["a", "b"], np.array([1])), "2 words need as many counts"),
    ],
)
def test_what_is_no_vocabulary(arguments, message):
    with pytest.raises(InputError, match=message):
        Vocabulary(*arguments)


@given(COUNTS, st.integers(0, 6), st.none() | st.integers(1, 25))
def test_a_cut_is_a_prefix(counts, min_count, max_size):
    vocabulary = Vocabulary.from_counts(counts)
    cut = vocabulary.prefix(min_count=min_count, max_size=max_size)
    expected = [word for word in vocabulary if counts[word] >= min_count][:max_size]
    assert list(cut) == expected
    assert cut.counts.tolist() == [counts[word] for word in expected]


@pytest.mark.parametrize(
    ("vocabulary", "message"),
    [
        (Vocabulary(["a", "b"]), "has none"),
        (Vocabulary(["a", "b"], np.array([1, 2])), "sorted by descending count"),
    ],
)
def test_no_cut_without_order(vocabulary, message):
    with pytest.raises(InputError, match=message):
        vocabulary.prefix(min_count=2)


@given(counts=COUNTS)
def test_saving_and_loading(counts, tmp_path_factory):
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.tsv"
    vocabulary = Vocabulary.from_counts(counts)
    vocabulary.save(path)
    loaded = Vocabulary.load(path)
    assert loaded.words == vocabulary.words
    assert loaded.counts.tolist() == vocabulary.counts.tolist()


def test_the_file_is_one_line_a_word(tmp_path):
    Vocabulary.from_counts({"der": 2, "Straße": 3}).save(tmp_path / "v.tsv")
    assert (tmp_path / "v.tsv").read_bytes() == "Straße\t3\nder\t2\n".encode()


@pytest.mark.parametrize("word", ["a\tb", "a\nb", "\ud800"])
def test_words_that_no_file_can_hold(word, tmp_path):
    with pytest.raises(InputError, match="a word"):
        Vocabulary.from_counts({"fine": 2, word: 1}).save(tmp_path / "v.tsv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a\t3\nb\n", "line 2: expected a word, a tab and a count"),
        (b"a\t3\nb\tmany\n", "line 2"),
        (b"a\t3\nb\t-1\n", "line 2"),
        (b"a\t3\nb\t99999999999999999999\n", "line 2"),
        (b"a\t3\nb\t1", "line 2: the file is cut off"),
        (b"a\t3\n\xff\t1\n", "line 2: byte 4 is not UTF-8"),
    ],
)
def test_a_damaged_file(content, message, tmp_path):
    path = tmp_path / "v.tsv"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message):
        Vocabulary.load(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such vocabulary file"):
        Vocabulary.load(tmp_path / "v.tsv")
