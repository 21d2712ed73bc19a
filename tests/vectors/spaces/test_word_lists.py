import lzma

import pytest

from embedkit import FormatError, InputError
from embedkit.vectors.spaces.word_lists import synonyms, word_pairs


def test_pairs_of_a_file(tmp_path):
    path = tmp_path / "en-fr.txt"
    path.write_text("the le\nthe\tla\n\nnew york\tnouvelle york\nthe le\r\nlast dernier", encoding="utf-8")
    expected = [("the", "le"), ("the", "la"), ("new york", "nouvelle york"), ("last", "dernier")]
    assert word_pairs(path) == word_pairs(str(path)) == expected
    packed = tmp_path / "en-fr.txt.xz"
    packed.write_bytes(lzma.compress(path.read_bytes()))
    assert word_pairs(packed) == expected


def test_pairs_in_memory():
    assert word_pairs([("a", "b"), ["a", "c"], ("a", "b")]) == [("a", "b"), ("a", "c")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a b\nc\n", "line 2: expected a word and its translation, with a tab between them, got c"),
        (b"a b c\n", "line 1: .* got a b c"),
        (b"a\t\n", "line 1"),
        (b"a\tb\tc\n", "line 1"),
        (b"a b\n\nc \xe9\n", "line 3: byte 0xe9 is not UTF-8"),
        (b"\x00\x01\x02\x03" * 20, "expected text"),
    ],
)
def test_malformed_lines_are_named(tmp_path, content, message):
    path = tmp_path / "pairs.txt"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=message) as raised:
        word_pairs(path)
    assert "pairs.txt" in str(raised.value)


@pytest.mark.parametrize("given", [["ab"], [("a",)], [("a", 1)], [("a", "b", "c")], [3], []])
def test_what_is_no_pair_is_refused(given):
    with pytest.raises(InputError):
        word_pairs(given)


def test_empty_files_are_refused(tmp_path):
    path = tmp_path / "empty.txt"
    path.write_text("\n \n")
    for read in (word_pairs, synonyms):
        with pytest.raises(InputError, match=r"empty.txt: expected .* got none"):
            read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no.txt: No such file"):
        word_pairs(tmp_path / "no.txt")


def test_synonyms_of_a_file(tmp_path):
    path = tmp_path / "lexicon.txt"
    path.write_text("happy glad merry\nalone\n\nhappy joyful\n")
    assert synonyms(path) == {"happy": ["glad", "merry", "joyful"], "alone": []}


def test_synonyms_in_memory():
    assert synonyms({"a": ["b"], "c": []}) == {"a": ["b"], "c": []}
    with pytest.raises(InputError, match="got the string 'bc'"):
        synonyms({"a": "bc"})
    with pytest.raises(InputError, match="got 3"):
        synonyms([["a", 3]])
