"""Files that could be taken for other vectors than they hold: refused with the place, or read as meant."""

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, load

WORDS = ["king", "queen", "man", "woman", "apple", "of", "the", "and", "in", "red"]
TEXT = "10 4\n" + "".join(f"{word} 0.125 -0.5 {row}.25 1.5\n" for row, word in enumerate(WORDS))
ROWS = TEXT.partition("\n")[2]
MATRIX = np.random.default_rng(1).normal(0, 0.4, (10, 8)).astype(np.float32)


def binary(words, matrix=MATRIX, header=None, end=b""):
    records = [word.encode() + b" " + row.tobytes() + end for word, row in zip(words, matrix, strict=True)]
    return b"%d %d\n" % (header or matrix.shape) + b"".join(records)


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "v"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("content", "message"),
    {
        "decimal commas": (
            TEXT.replace(".", ","),
            r"line 2: .*: b'1,5' has a decimal comma; write numbers with a p",
        ),
        "thousands": (
            TEXT.replace("0.125 ", "1,000.5 "),
            r"line 2: .*: b'1,000.5' has a thousands separator",
        ),
        "a typographic minus": (
            TEXT.replace("-", "\u2212"),
            r"line 2: .* has a minus sign that is no ASCII hyphen",
        ),
        "brackets": (TEXT.replace(" 1.5", " 1.5]"), r"line 2: .*: b'1.5\]' has a bracket"),
        "underscores": (
            TEXT.replace(" 9.25", " 9_0"),
            r"line 11: expected a word and 4 numbers, got 5 fields",
        ),
        "a blank in a word": (
            TEXT.replace("man", "New York"),
            r"line 4: .*: the word b'New York' has a blank",
        ),
        "a row too long": (
            ROWS + "a 0.5 0.5 0.5 0.5 0.5\n",
            r"line 11: .* got 6 fields of which the last 5 are",
        ),
        "rows of two files": (
            ROWS + ROWS.replace(" 1.5", " 1.5 2.5 -3.5"),
            "line 11: .* the last 6 are numbers",
        ),
        "two lines in one": (TEXT.replace("1.5\nof", "1.5of"), r"line 6: expected a word and 4 numbers"),
        "negative": (
            TEXT.replace("10 4", "-10 4"),
            r"line 1: .*; a first line of word2vec would be two whole",
        ),
        "fractions": (
            TEXT.replace("10 4", "10.0 4.0"),
            r"line 1: .*; a first line of word2vec would be two whole",
        ),
        "absurd": ("9" * 30 + " 4\n" + ROWS, r"line 1: .*; a first line of word2vec would be two whole"),
        "an empty word": (
            TEXT.replace("man", ""),
            r"line 4: .* the last 3 are numbers: .*, with an empty word",
        ),
        "a blank as word": (
            ROWS.replace("man", " "),
            r"line 3: .* the last 3 are numbers: .*, with an empty word",
        ),
        "weights": ("the 0.5\nof 0.25\nand 0.125\n", "got one number each: weights of words"),
        "the header alone": ("10 4\n", "the header promises 10 words, got 0: the file is cut off"),
        "a cut after the first word": ("9999999 300\na ", "line 2: expected a word and 300 numbers"),
    }.values(),
)
def test_text_that_is_misread(file, content, message):
    with pytest.raises(FormatError, match=message):
        load(file(content))


@pytest.mark.parametrize("content", ["10 4\n", "10 4\nking x\n", "king 1 2\rqueen 3 4\r", b"10 4\nking "])
def test_files_without_any_row_are_refused_whatever_is_skipped(file, content):
    with pytest.raises(FormatError, match=r"got 0: the file is cut off|got none that is one"):
        load(file(content), skip_bad_rows=True)


@pytest.mark.parametrize("ending", ["747", "2.0", "3.11", "of 1984"])
def test_words_of_glove_may_end_in_numbers(file, ending):
    vectors = load(file(ROWS + f"Boeing {ending} 0.5 0.5 0.5 0.5\n"))
    assert vectors.vocabulary.words[-1] == f"Boeing {ending}"


@pytest.mark.parametrize("word", ["a 0.5", "a -0.123", "b 1.25e-3", "a .5"])
def test_words_that_glove_would_read_as_numbers_are_not_written(tmp_path, word):
    with pytest.raises(InputError, match=r"GloVe text cannot hold the word .*, which ends like a vector"):
        Embeddings(np.ones((11, 2)), [*WORDS, word]).save(tmp_path / "v", "glove")


@pytest.mark.parametrize("word", ["New York", " York", "York ", "a b c d", "New\nYork", "New\tYork"])
@pytest.mark.parametrize("place", [0, 4, 9])
@pytest.mark.parametrize("size", [8, 300])
def test_blanks_in_a_word_shift_no_other(file, word, place, size):
    words = [*WORDS[:place], word, *WORDS[place + 1 :]]
    matrix = np.random.default_rng(place).normal(0, 0.4, (10, size)).astype(np.float32)
    vectors = load(file(binary(words, matrix)))
    assert vectors.vocabulary.words == tuple(words)
    np.testing.assert_array_equal(vectors.matrix, matrix)


@pytest.mark.parametrize(
    ("content", "message"),
    {
        "swapped": (
            binary(WORDS, header=(8, 10)),
            "expected each word with 10 .*, got 8 numbers a word; mend the he",
        ),
        "too wide": (binary(WORDS, header=(10, 9)), "expected each word with 9 .*, got 8 numbers a word"),
        "too narrow": (binary(WORDS, header=(10, 7)), "expected each word with 7 .*, got 8 numbers a word"),
        "one more": (
            binary(WORDS, header=(11, 8)),
            r"promises 11 words, got 10: .* follows 'red', from byte 370",
        ),
        "one less": (
            binary(WORDS, header=(9, 8)),
            r"9 words, got more: .*36 bytes .* follow 'in', from byte 333",
        ),
        "many more": (
            binary(WORDS, header=(10**14, 8)),
            "promises 100000000000000 words, got 10: the file is cut",
        ),
        "cut in a vector": (
            binary(WORDS)[:-9],
            r"got 9: the file is cut off \(27 bytes follow 'in', from byte 334",
        ),
    }.values(),
)
def test_binary_files_whose_header_is_wrong(file, content, message):
    with pytest.raises(FormatError, match=message):
        load(file(content))


@pytest.mark.parametrize("whole", [binary(WORDS), TEXT.encode(), ROWS.encode()])
def test_files_cut_anywhere_are_refused_or_end_in_the_last_number(file, whole):
    lengths = []
    for end in range(len(whole)):
        path = file(whole[:end])
        try:
            lengths.append(len(load(path)))
        except FormatError as error:
            if not str(error).startswith(str(path)):
                raise
    assert lengths == sorted(lengths)
    if whole == binary(WORDS):
        assert not lengths


BAD = {
    "an empty word": (binary([*WORDS[:4], "", *WORDS[5:]]), "left out 1 rows .* without a word: 5$", {4}),
    "one number less": (
        binary(WORDS[:4], MATRIX[:4], (10, 8)) + b"apple " + MATRIX[4, :7].tobytes()
        + binary(WORDS[5:], MATRIX[5:]).partition(b"\n")[2],
        "left out 1 rows that are damaged",
        {4, 5},
    ),
    "one byte more": (
        binary(WORDS[:4], MATRIX[:4], (10, 8)) + b"apple " + MATRIX[4].tobytes() + b"\x07"
        + binary(WORDS[5:], MATRIX[5:]).partition(b"\n")[2],
        "left out 1 rows that are damaged",
        {4, 5},
    ),
    "a header one too high": (binary(WORDS, header=(11, 8)), "the header promises 11 words, got 10", set()),
    "a header one too low": (binary(WORDS, header=(9, 8)), "the header promises 9 words, got 10", set()),
    "a cut": (binary(WORDS)[:-3], "the header promises 10 words, got 9", {9}),
    "NaN": (
        binary(WORDS, np.where(np.arange(10)[:, None] == 3, np.float32(np.nan), MATRIX)),
        "left out 1 rows with NaN or infinity: 'woman'",
        {3},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("content", "warning", "lost"), BAD.values(), ids=BAD)
def test_bad_rows_of_binary_files_can_be_left_out(file, content, warning, lost):
    with pytest.warns(UserWarning, match=warning):
        vectors = load(file(content), skip_bad_rows=True)
    kept = [row for row in range(10) if row not in lost]
    assert vectors.vocabulary.words == tuple(WORDS[row] for row in kept)
    np.testing.assert_array_equal(vectors.matrix, MATRIX[kept])


@pytest.mark.parametrize("odd", [1e-30, 1e20, 0.0])
def test_odd_numbers_of_a_real_file_are_believed(file, odd):
    matrix = MATRIX.copy()
    matrix[3, 2] = odd
    np.testing.assert_array_equal(load(file(binary(WORDS, matrix))).matrix, matrix)


def test_what_follows_the_first_rows_does_not_matter(file):
    assert len(load(file(TEXT + "and so on\n"), limit=4)) == 4
    assert len(load(file(ROWS.replace("in 0.125", "in")), limit=8)) == 8
    with pytest.raises(FormatError, match="line 9: "):
        load(file(ROWS.replace("in 0.125", "in")), limit=9)
