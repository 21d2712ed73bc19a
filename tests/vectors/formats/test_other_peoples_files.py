"""Files as other tools write them, and files that look like vectors and are none."""

import tracemalloc

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, load
from embedkit.vectors.formats import stream

SPACED = ["red", "New York", "blue", "a b c", "green"]


def binary(words, matrix, order="<"):
    """word2vec binary as gensim writes it, whatever the words hold."""
    records = [
        word.encode() + b" " + row.astype(f"{order}f4").tobytes()
        for word, row in zip(words, matrix, strict=True)
    ]
    return b"%d %d\n" % matrix.shape + b"".join(records)


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "v"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("size", [4, 7, 50])
@pytest.mark.parametrize("seed", range(5))
def test_words_with_spaces_in_binary(file, size, seed):
    matrix = np.random.default_rng(seed).normal(size=(5, size)).astype(np.float32)
    vectors = load(file(binary(SPACED, matrix)))
    assert vectors.vocabulary.words == tuple(SPACED)
    np.testing.assert_array_equal(vectors.matrix, matrix)


def test_big_endian_numbers_are_refused(file):
    matrix = np.random.default_rng(1).normal(size=(5, 8))
    with pytest.raises(
        FormatError, match="expected each word with 8 little-endian 32-bit numbers, got big-endian numbers"
    ):
        load(file(binary("abcde", matrix, ">")))


@pytest.mark.parametrize("words", [["NEW YORK", "USA", "UNITED STATES"], ["New York", "a b c", "x"]])
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_spaces_are_found_though_the_header_seems_wrong_or_numbers_sound(file, words, end):
    matrix = np.random.default_rng(2).normal(0, 0.3, (3, 10)).astype(np.float32)
    rows = [word.encode() + b" " + row.tobytes() + end for word, row in zip(words, matrix, strict=True)]
    vectors = load(file(b"3 10\n" + b"".join(rows)))
    assert vectors.vocabulary.words == tuple(words)
    np.testing.assert_array_equal(vectors.matrix, matrix)


def test_big_endian_numbers_of_which_some_seem_sound_are_refused(file):
    matrix = np.random.default_rng(1).normal(size=(300, 3))
    with pytest.raises(FormatError, match="got big-endian numbers"):
        load(file(binary([f"w{row}" for row in range(300)], matrix, ">")))


@pytest.mark.parametrize(("kind", "told"), [("<f8", "64-bit"), ("<f2", "16-bit"), ("i1", "8-bit")])
def test_numbers_of_another_type_are_refused_and_not_said_to_be_cut_off(file, kind, told):
    matrix = (np.random.default_rng(1).normal(size=(40, 30)) * 20).astype(kind)
    rows = [f"w{number} ".encode() + row.tobytes() for number, row in enumerate(matrix)]
    with pytest.raises(
        FormatError, match=f"expected each word with 30 little-endian 32-bit numbers, got {told} numbers"
    ):
        load(file(b"40 30\n" + b"".join(rows)))


@pytest.mark.parametrize("header", [" 2 3\n", "2  3\n", "\t2 \t3 \r\n"])
def test_headers_that_gensim_reads(file, header):
    vectors = load(file(header + "king 1 2 3\nqueen 4 5 6\n"))
    assert vectors.vocabulary.words == ("king", "queen")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("the 1061\nof 593\nand 416\n", "got words with one whole number each: these are counts"),
        ("2 3\nking 1 2 3 4\nman 4 5 6 7\n", "got 5 fields, as in the lines below: the header is wrong"),
        ("king 1 2 3\rqueen 4 5 6\rman 7 8 9", "line 1: .*, with a carriage return in the middle"),
        ("3 1\nthe 1061\nof 593\nand 416\n", "got words with one whole number each: these are counts"),
        ("tiger cat 7.35\nbook paper 5.2\n", "got pairs of words with one number each: this is a benchmark"),
        ("0.5 1 2 3\n0.25 4 5 6\n", "got numbers alone, without words"),
        ("1 2 3\n4 5 6\n7 8 9\n", "got numbers alone, without words"),
        ("2 3\n0.5 1 2 3\n0.25 4 5 6\n", "got numbers alone, without words"),
        ("\n2 3\nking 1 2 3\nqueen 4 5 6\n", "which begins with an empty line"),
        (" \n", "got a file of blanks"),
    ],
)
def test_what_is_no_vectors_is_told(file, content, message):
    with pytest.raises(FormatError, match=message):
        load(file(content))


def test_numbers_can_be_words(file):
    assert load(file("1 0.5 0.25\n2 0.5 0.75\n")).vocabulary.words == ("1", "2")
    assert load(file("3.14 0.5 0.25\npi 0.5 0.75\n")).vocabulary.words == ("3.14", "pi")


ODD = {
    "an empty word": ("king 1 2 3\n 4 5 6\nman 7 8 9\n", r"not a word and 3 numbers: 2"),
    "a note above": ("# made by us\nking 1 2 3\nman 7 8 9\n", r"not a word and 3 numbers: 1"),
    "a space": ("3 3\nking 1 2 3\n  4 5 6\nman 7 8 9\n", r"not a word and 3 numbers: 3"),
    "too few numbers": ("king 1 2 3\nqueen 4 5\nman 7 8 9\n", r"not a word and 3 numbers: 2"),
    "the last line": ("king 1 2 3\nman 7 8 9\nqueen 4 5", r"not a word and 3 numbers: 3"),
    "a header that is one off": ("3 3\nking 1 2 3\nman 7 8 9\n", "the header promises 3 words, got 2"),
    "NaN": ("king 1 2 3\nunk nan nan nan\nman 7 8 9\n", "left out 1 rows with NaN or infinity: 'unk'"),
}


@pytest.mark.parametrize(("content", "warning"), ODD.values(), ids=ODD)
def test_an_odd_line_can_be_left_out(file, content, warning):
    path = file(content)
    with pytest.raises(FormatError, match=f"{path}.*--skip-bad-rows"):
        load(path)
    with pytest.warns(UserWarning, match=warning):
        vectors = load(path, skip_bad_rows=True)
    assert vectors.vocabulary.words == ("king", "man")
    np.testing.assert_array_equal(vectors.matrix, [[1, 2, 3], [7, 8, 9]])


def test_many_odd_lines_are_counted(file):
    lines = [f"w{number} 1 2" if number % 3 != 1 else "odd" for number in range(3000)]
    with pytest.warns(UserWarning, match=r"left out 1,000 lines .*: 2, 5, 8, 11, 14 \.\.\."):
        assert len(Embeddings.load(file("\n".join(lines)), skip_bad_rows=True)) == 2000


def test_a_binary_file_with_a_wrong_header_can_be_read(file):
    path = file(b"9 4\n" + binary("ab", np.ones((2, 4))).partition(b"\n")[2])
    with pytest.raises(FormatError, match="promises 9 words, got 2: the file is cut off"):
        load(path)
    with pytest.warns(UserWarning, match="promises 9 words, got 2"):
        assert load(path, skip_bad_rows=True).vocabulary.words == ("a", "b")


def test_long_lines_are_read_whole(file, monkeypatch):
    monkeypatch.setattr(stream, "HEAD", 9000)
    matrix = np.random.default_rng(1).normal(size=(3, 300)).astype(np.float32)  # a line and a half
    lines = [f"{word} {' '.join(map(repr, row))}\n" for word, row in zip("abc", matrix.tolist(), strict=True)]
    path = file("".join(lines))
    vectors = load(path)
    assert vectors.vocabulary.words == ("a", "b", "c")
    np.testing.assert_array_equal(vectors.matrix, matrix)
    monkeypatch.setattr(stream, "HEAD", 2000)
    with pytest.raises(FormatError, match="expected lines of vectors, got one of 2,000 bytes or more"):
        load(path)


def test_a_header_that_promises_more_than_memory_costs_none(file):
    tracemalloc.start()
    with pytest.raises(FormatError, match="line 2: expected a word and 100000000 numbers, got 4 fields"):
        load(file("10 100000000\n" + "king 1 2 3\n" * 10))
    assert tracemalloc.get_traced_memory()[1] < 1e9  # a row, of which nothing is touched
    tracemalloc.stop()
    with pytest.raises(FormatError, match="the header promises 1000000000000 words, got 1"):
        load(file("1000000000000 3\nking 1 2 3\n"))
