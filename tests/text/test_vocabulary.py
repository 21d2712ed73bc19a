"""Vocabulary: order, lookup, cuts, and its file."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import pad
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
    assert ROYAL.encode(["apple", "king", "apple"]).tolist() == [4, 0, 4]
    assert ROYAL.encode([]).dtype == np.int32


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


def test_encode_names_the_first_unknown_word():
    with pytest.raises(UnknownWordError, match=r"'aple' is not in the vocabulary; did you mean 'apple'\?"):
        ROYAL.encode(["king", "aple", "zzz"])


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
    assert not vocabulary.is_sorted
    with pytest.raises(InputError, match=message):
        vocabulary.prefix(min_count=2)


SPECIAL = [
    {},
    {"oov_token": "<unk>"},
    {"padding_token": ""},
    {"oov_token": "<unk>", "padding_token": "<pad>"},
]


@given(COUNTS, st.sampled_from(SPECIAL), st.integers(0, 6), st.none() | st.integers(2, 25))
def test_special_tokens_come_first(counts, special, min_count, max_size):
    front = [special[role] for role in ("padding_token", "oov_token") if role in special]
    vocabulary = Vocabulary.from_counts(counts, min_count=min_count, max_size=max_size, **special)
    frequent = [word for word in Vocabulary.from_counts(counts) if counts[word] >= min_count]
    assert list(vocabulary) == [*front, *(word for word in frequent if word not in front)][:max_size]
    assert vocabulary.special_tokens == special
    assert vocabulary.padding_id == (0 if "padding_token" in special else None)
    assert vocabulary.oov_id == (front.index("<unk>") if "oov_token" in special else None)
    assert vocabulary.is_sorted
    again = vocabulary.prefix(min_count=min_count, max_size=max_size)
    assert (again.words, again.special_tokens) == (vocabulary.words, special)


def test_a_special_token_that_texts_hold_keeps_its_count():
    vocabulary = Vocabulary.from_counts({"a": 5, "<unk>": 2, "b": 1}, oov_token="<unk>", max_size=2)
    assert dict(zip(vocabulary, vocabulary.counts.tolist(), strict=True)) == {"<unk>": 2, "a": 5}


@given(st.lists(st.lists(WORDS, max_size=5), max_size=8))
def test_a_vocabulary_of_documents_is_that_of_their_counts(documents):
    counts = Counter(word for document in documents for word in document)
    assert Vocabulary.from_documents(iter(documents)).words == Vocabulary.from_counts(counts).words
    rows = Vocabulary.from_documents(map(iter, documents)).encode_all(map(tuple, documents))
    assert [[*map(len, documents)], len(rows.ids)] == [rows.lengths.tolist(), counts.total()]


def test_new_special_tokens_change_no_id():
    found = ROYAL.with_special_tokens(oov_token="<unk>", padding_token="kings")
    assert found.words == (*ROYAL.words, "<unk>")
    assert found.counts.tolist() == [*ROYAL.counts.tolist(), 0]
    assert (found.oov_id, found.padding_id) == (5, 2)
    assert found.with_special_tokens(padding_token="<unk2>").special_tokens == {
        "oov_token": "<unk>",
        "padding_token": "<unk2>",
    }
    with pytest.raises(InputError, match="a cut to 3 words would lose '<unk>'; cut first"):
        found.prefix(min_count=4)


@pytest.mark.parametrize(
    ("special", "message"),
    [
        (
            {"oov_token": "<unk>"},
            r"oov_token '<unk>' is none of the words; .*with_special_tokens\(oov",
        ),
        ({"padding_token": 0}, "padding_token 0 is none of the words"),
        ({"oov_token": "a", "padding_token": "a"}, "need different tokens, got 'a' for both"),
    ],
)
def test_what_is_no_special_token(special, message):
    with pytest.raises(InputError, match=message):
        Vocabulary(["a", "b"], **special)


DOCUMENTS = [["king", "pear"], [], ["pear", "fig"], ["apple", "king"]]


@pytest.mark.parametrize(
    ("vocabulary", "unknown", "expected"),
    [
        (ROYAL, "skip", [[0], [], [], [4, 0]]),
        (ROYAL.with_special_tokens(oov_token="?"), None, [[0, 5], [], [5, 5], [4, 0]]),
        (ROYAL.with_special_tokens(oov_token="?"), "skip", [[0], [], [], [4, 0]]),
        (ROYAL.with_special_tokens(oov_token="king"), None, [[0, 0], [], [0, 0], [4, 0]]),
    ],
)
def test_unknown_words_are_skipped_or_have_an_id(vocabulary, unknown, expected):
    assert vocabulary.encode_all(DOCUMENTS, unknown=unknown).tolist() == expected
    assert [vocabulary.encode(tokens, unknown=unknown).tolist() for tokens in DOCUMENTS] == expected


@pytest.mark.parametrize(
    ("vocabulary", "unknown"),
    [(ROYAL, None), (ROYAL, "error"), (ROYAL.with_special_tokens(oov_token="?"), "error")],
)
def test_unknown_words_are_refused(vocabulary, unknown):
    with pytest.raises(UnknownWordError, match="'pear' is not in the vocabulary"):
        vocabulary.encode_all(DOCUMENTS, unknown=unknown)


@given(st.lists(st.lists(st.sampled_from(ROYAL.words), max_size=5), max_size=5))
def test_decode_gives_back_what_was_encoded(documents):
    vocabulary = Vocabulary(["", *ROYAL], padding_token="")
    rows = vocabulary.encode_all(documents)
    assert vocabulary.decode_all(rows) == vocabulary.decode_all(rows.tolist()) == documents
    assert vocabulary.decode_all(pad(rows, padding="pre"), special_tokens=False) == documents
    assert [vocabulary.decode(row) for row in rows] == documents


def test_decode_leaves_special_tokens_out_if_asked():
    vocabulary = ROYAL.with_special_tokens(oov_token="<unk>", padding_token="<pad>")
    ids = vocabulary.encode(["king", "pear", "<pad>"])
    assert vocabulary.decode(ids) == ["king", "<unk>", "<pad>"]
    assert vocabulary.decode(iter(ids), special_tokens=False) == ["king"]


BAD_CALLS = [
    (lambda: ROYAL.encode("king"), "encode.. takes a list of tokens, got the string 'king'; split it first"),
    (lambda: ROYAL.encode([["king"]]), "encode.. takes the tokens of one text, .* encode_all.. takes many"),
    (lambda: ROYAL.encode(["king", 3]), "a word must be a string, got 3 of type int"),
    (lambda: ROYAL.encode_all("king"), "documents must be lists of words, got one string 'king'"),
    (lambda: ROYAL.encode_all(["king"]), "a document must be a list of words, got the string 'king'"),
    (lambda: ROYAL.encode_all([3]), "a document must be a list of words, got 3 of type int"),
    (lambda: ROYAL.encode_all([["king", None]], unknown="skip"), "a word must be a string, got None"),
    (lambda: ROYAL.encode_all([[["king"]]]), "a word must be a string, got .'king'. of type list"),
    (lambda: ROYAL.encode_all([], unknown="leave"), 'unknown must be "error", "skip" or None, got \'leave\''),
    (
        lambda: ROYAL.decode([0, 5]),
        "the vocabulary has no id 5: ids are 0 to 4; was the text encoded",
    ),
    (lambda: ROYAL.decode([-1]), "no id -1: ids are 0 to 4"),
    (lambda: Vocabulary([]).decode([0]), "no id 0: it has no words"),
    (lambda: ROYAL.decode(["king"]), "decode.. takes the ids of one text, such as .5, 3., got .'king'.; dec"),
    (lambda: ROYAL.decode("king"), "decode.. takes the ids of one text, .* got 'king'"),
    (lambda: ROYAL.decode(3), "decode.. takes the ids of one text, .* got 3"),
    (lambda: ROYAL.decode([0.5]), "decode.. takes the ids of one text"),
    (
        lambda: ROYAL.decode([[0], [1]]),
        "decode.. takes the ids of one text, .* decode_all.. takes those",
    ),
    (
        lambda: ROYAL.decode_all([0, 1]),
        "expected the ids of each text, .* got .0, 1.*text stands in a list",
    ),
    (lambda: Vocabulary.from_documents(["king"]), "a document must be a list of words"),
]


@pytest.mark.parametrize(("call", "message"), BAD_CALLS)
def test_what_cannot_be_encoded_or_decoded(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_no_texts_are_no_sequences():
    assert ROYAL.encode_all([]).tolist() == ROYAL.decode_all([]) == []
    assert ROYAL.decode([]) == []


@given(counts=COUNTS, special=st.sampled_from(SPECIAL))
def test_saving_and_loading(counts, special, tmp_path_factory):
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.tsv"
    vocabulary = Vocabulary.from_counts(counts, **special)
    vocabulary.save(path)
    loaded = Vocabulary.load(path)
    assert loaded.words == vocabulary.words
    assert loaded.counts.tolist() == vocabulary.counts.tolist()
    assert loaded.special_tokens == special


@pytest.mark.parametrize(
    ("special", "content"),
    [
        ({}, "Straße\t3\nder\t2\n"),
        (
            {"oov_token": "der", "padding_token": ""},
            "\t0\tpadding_token\nder\t2\toov_token\nStraße\t3\n",
        ),
    ],
)
def test_the_file_is_one_line_a_word(special, content, tmp_path):
    Vocabulary.from_counts({"der": 2, "Straße": 3}, **special).save(tmp_path / "v.tsv")
    assert (tmp_path / "v.tsv").read_bytes() == content.encode()


@pytest.mark.parametrize("word", ["a\tb", "a\nb", "\ud800"])
def test_words_that_no_file_can_hold(word, tmp_path):
    with pytest.raises(InputError, match=r"a word may hold no tab|the word '\\ud800' is not valid Unicode"):
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
        (
            b"a\t3\nb\t1\tmask_token\n",
            "line 2: expected one of oov_token, padding_token once, got 'mask",
        ),
        (b"a\t3\toov_token\nb\t1\toov_token\n", "line 2: expected one of"),
        (b"a\t3\nb\t1\t\n", "line 2: expected one of"),
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
