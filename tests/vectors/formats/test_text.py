import bz2
import gzip
import lzma

import numpy as np
import pytest
import zstandard
from gensim.models import KeyedVectors
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from embedkit import Embeddings, FormatError, InputError, Vocabulary
from embedkit.vectors.formats import binary_records, stream
from embedkit.vectors.formats.detection import detect

FORMATS = ("word2vec", "word2vec-binary", "glove")
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r\v\f ")
word_lists = st.lists(st.text(letters, min_size=1), min_size=1, max_size=12, unique=True)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-(2.0**100), max_value=2.0**100)
usual = finite.map(lambda number: number if 1e-13 < abs(number) < 1e11 else 0.0)
NUMBERS = {"word2vec-binary": usual}  # whose byte order is told by sizes that vectors have


def written(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("format_name", FORMATS)
@settings(max_examples=60)
@given(words=word_lists, data=st.data())
def test_round_trip_is_exact(format_name, words, data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "round-trip"
    size = data.draw(st.integers(2 if format_name == "glove" else 1, 4))
    matrix = data.draw(arrays(np.float32, (len(words), size), elements=NUMBERS.get(format_name, finite)))
    Embeddings(matrix, Vocabulary(words)).save(path, format=format_name)
    assert detect(path) == format_name
    loaded = Embeddings.load(path)
    assert loaded.vocabulary.words == tuple(words)
    assert loaded.matrix.tobytes() == matrix.tobytes()


@pytest.mark.parametrize("binary", [False, True])
def test_gensim_reads_what_we_write(random_space, tmp_path, binary):
    random_space.save(tmp_path / "v", format="word2vec-binary" if binary else "word2vec")
    vectors = KeyedVectors.load_word2vec_format(tmp_path / "v", binary=binary)
    assert vectors.index_to_key == list(random_space.vocabulary.words)
    np.testing.assert_array_equal(vectors.vectors, random_space.matrix)


@pytest.mark.parametrize(("binary", "header"), [(False, False), (False, True), (True, True)])
def test_we_read_what_gensim_writes(random_space, tmp_path, binary, header):
    vectors = random_space.to_gensim()
    vectors.save_word2vec_format(tmp_path / "v", binary=binary, write_header=header, sort_attr="none")
    loaded = Embeddings.load(tmp_path / "v")
    assert loaded.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix)


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
@pytest.mark.parametrize("format_name", FORMATS)
def test_compressed_files_are_read(random_space, tmp_path, format_name, compress):
    random_space.save(tmp_path / "v", format=format_name)
    written(tmp_path / "v.txt", compress((tmp_path / "v").read_bytes()))
    loaded = Embeddings.load(tmp_path / "v.txt")
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix)
    written(tmp_path / "cut", compress((tmp_path / "v").read_bytes())[:-40])
    with pytest.raises(FormatError, match="cut"):
        Embeddings.load(tmp_path / "cut")


@pytest.mark.parametrize("format_name", FORMATS)
def test_blocks_of_any_size_give_the_same(random_space, tmp_path, format_name, monkeypatch):
    random_space.save(tmp_path / "v", format=format_name)
    monkeypatch.setattr(stream.content, "__defaults__", (97,))
    loaded = Embeddings.load(tmp_path / "v")
    assert loaded.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(loaded.matrix, random_space.matrix)
    limited = Embeddings.load(tmp_path / "v", limit=11)
    np.testing.assert_array_equal(limited.matrix, random_space.matrix[:11])


def test_glove_words_may_hold_spaces(tmp_path):
    text = "the 1 2\n. . . 3 4\nnew york 5e0 -6.5E-1\n<unk> .5 +7.\n1984 8 9\n"
    loaded = Embeddings.load(written(tmp_path / "v", text))
    assert loaded.vocabulary.words == ("the", ". . .", "new york", "<unk>", "1984")
    np.testing.assert_allclose(loaded.matrix, [[1, 2], [3, 4], [5, -0.65], [0.5, 7], [8, 9]])
    loaded.save(tmp_path / "again", format="glove")
    assert Embeddings.load(tmp_path / "again").vocabulary.words == loaded.vocabulary.words


@pytest.mark.parametrize(
    "text", ["a 1 2\nb 3 4", "a 1 2\nb 3 4\n\n", "a\t1\t2\r\nb  3  4 \r\n", "2 2\na 1 2\nb 3 4\n \n"]
)
def test_ends_of_lines_and_of_files(tmp_path, text):
    loaded = Embeddings.load(written(tmp_path / "v", text))
    assert loaded.vocabulary.words == ("a", "b")
    assert loaded.matrix.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "the 1 2\nof 3 4\nand 5\nto 6 7\n",
            "line 3: expected a word and 2 numbers, got 2 fields .*last 1 .*b'and 5'",
        ),
        ("the 1 2\nof 3 x4\nto 6 7\n", "line 2: .*last 0 are numbers"),
        ("the 1 2\n3 4\nto 6 7\n", "line 2: .* got 2 fields"),
        ("2 2\nthe 1 2\nof 3 4 5\n", "line 3: expected a word and 2 numbers, got 4 fields"),
        ("2 2\nthe 1 2\nnew york 3 4\n", "line 3: .* got 4 fields"),
        ("3 2\nthe 1 2\nof 3 4\n", "the header promises 3 words, got 2: the file is cut off"),
        ("1 2\nthe 1 2\nof 3 4\n", "the header promises 1 words, got 2: the header is wrong"),
        ("2 3\nthe 1 2\nof 3 4\n", "line 2: expected a word and 3 numbers, got 3 fields"),
        ("2 0\nthe\n", "expected a first line with the numbers of words and dimensions, got b'2 0'"),
        ("2 2\nthe 1 2\nof 3 4e\n", "line 3: "),
        ("2 2\nthe 1 2\nof 3 4.5.6\n", "line 3: "),
        ("2 2\nthe 1 2\nof 3 1_0\n", "line 3: "),
        ("2 2\nthe 1 2\nof 3 -\n", "line 3: "),
    ],
)
def test_wrong_lines_are_named(tmp_path, text, message):
    with pytest.raises(FormatError, match=message):
        Embeddings.load(written(tmp_path / "v", text))


def test_a_header_may_leave_out_the_unknown_word_at_the_end(tmp_path):
    path = written(tmp_path / "v", "2 2\nthe 1 2\nof 3 4\n<unk> 5 6\n")
    assert Embeddings.load(path).matrix.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert Embeddings.load(path, limit=2).vocabulary.words == ("the", "of")
    for text in ("2 2\nthe 1 2\n<unk> 5 6\nof 3 4\n", "1 2\nthe 1 2\nof 3 4\n<unk> 5 6\n"):
        with pytest.raises(FormatError, match="the header is wrong"):
            Embeddings.load(written(tmp_path / "v", text))


@pytest.mark.parametrize(
    ("compress", "size"), [(bytes, 1), (bytes, 2), (bytes, 97), (gzip.compress, 20), (gzip.compress, 97)]
)
@pytest.mark.parametrize("header", ["", "2 2\n"])
def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path, monkeypatch, header, compress, size):
    monkeypatch.setattr(stream.content, "__defaults__", (size,))
    text = compress(f"\ufeff{header}the 1 2\nof 3 4\n".encode())
    loaded = Embeddings.load(written(tmp_path / "v", text))
    assert loaded.vocabulary.words == ("the", "of")
    assert loaded.matrix.tolist() == [[1, 2], [3, 4]]


def test_line_numbers_count_over_blocks(random_space, tmp_path, monkeypatch):
    random_space.save(tmp_path / "v", format="glove")
    lines = (tmp_path / "v").read_bytes().split(b"\n")
    lines[322] = b"wrong 1 2"
    monkeypatch.setattr(stream.content, "__defaults__", (4001,))
    with pytest.raises(FormatError, match="line 323: expected a word and 12 numbers"):
        Embeddings.load(written(tmp_path / "v", b"\n".join(lines)))


@pytest.mark.parametrize("number", ["nan", "-inf", "Infinity", "1e39"])
def test_numbers_that_are_not_finite_name_the_word(tmp_path, number):
    with pytest.raises(InputError, match="NaN or infinity in those of 1 words: 'of'"):
        Embeddings.load(written(tmp_path / "v", f"the 1 2\nof 3 {number}\n"))


def test_repeated_words_keep_the_first_row(tmp_path):
    path = written(tmp_path / "v", "the 1 2\nof 3 4\nthe 5 6\n")
    with pytest.warns(UserWarning, match="1 repeated words dropped, the first row of each kept: 'the'"):
        loaded = Embeddings.load(path)
    assert loaded.vocabulary.words == ("the", "of")
    assert loaded.matrix.tolist() == [[1, 2], [3, 4]]


def test_words_that_are_not_utf8(tmp_path):
    path = written(tmp_path / "v", b"the 1 2\nf\xfcr 3 4\n")
    with pytest.warns(UserWarning, match=r"not UTF-8 in some words became U\+FFFD"):
        assert Embeddings.load(path).vocabulary.words == ("the", "f\ufffdr")


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("word", ["", "a\nb", " a", "a\r", "\ud800"])
def test_words_that_text_cannot_hold(tmp_path, format_name, word):
    with pytest.raises(InputError, match=r"cannot hold the word|not valid Unicode"):
        Embeddings(np.ones((1, 2)), Vocabulary([word])).save(tmp_path / "v", format=format_name)
    assert not list(tmp_path.iterdir())


def test_only_glove_holds_spaces(tmp_path):
    for format_name in ("word2vec", "word2vec-binary"):
        with pytest.raises(InputError, match="cannot hold the word 'new york'; save as safetensors"):
            Embeddings(np.ones((1, 2)), Vocabulary(["new york"])).save(tmp_path / "v", format=format_name)


def test_binary_records_may_end_in_a_newline(tmp_path):
    records = [b"the " + np.array([1, 2], "<f4").tobytes(), b"of " + np.array([3, 4], "<f4").tobytes()]
    for end in (b"\n", b""):
        body = b"".join(record + end for record in records)
        loaded = Embeddings.load(written(tmp_path / "v", b"2 2\n" + body))
        assert loaded.vocabulary.words == ("the", "of")
        assert loaded.matrix.tolist() == [[1, 2], [3, 4]]


def test_binary_files_cut_anywhere_are_refused(random_space, tmp_path):
    random_space.save(tmp_path / "v", format="word2vec-binary")
    data = (tmp_path / "v").read_bytes()
    for length in (30, 100, len(data) // 2, len(data) - 49, len(data) - 1):
        with pytest.raises(FormatError, match=r"the header promises 500 words, got .*: the file is cut off"):
            Embeddings.load(written(tmp_path / "cut", data[:length]))
    assert len(Embeddings.load(written(tmp_path / "cut", data[: len(data) // 2]), limit=9)) == 9


class CountingBytes(bytearray):
    """Counts the bytes that are put into it or copied out of it."""

    moved = 0

    def __iadd__(self, more):
        CountingBytes.moved += len(more)
        return super().__iadd__(more)

    def __add__(self, more):
        CountingBytes.moved += len(self) + len(more)
        return CountingBytes(super().__add__(more))

    def __getitem__(self, place):
        part = super().__getitem__(place)
        CountingBytes.moved += len(part) if isinstance(place, slice) else 1
        return part


def test_a_binary_header_that_lies_costs_no_more_than_reading_the_file(tmp_path, monkeypatch):
    path = written(tmp_path / "v", b"1 99999999\nthe " + bytes([200]) * 1_000_000)
    monkeypatch.setattr(stream.content, "__defaults__", (97,))
    monkeypatch.setattr(binary_records, "bytearray", CountingBytes, raising=False)
    monkeypatch.setattr(CountingBytes, "moved", 0)
    with pytest.raises(FormatError, match="the header promises 1 words, got 0: the file is cut off"):
        Embeddings.load(path)
    assert 1_000_000 <= CountingBytes.moved < 2_000_000  # 5 GB if what was read is copied with each chunk


def test_binary_files_that_go_on(random_space, tmp_path):
    random_space.save(tmp_path / "v", format="word2vec-binary")
    data = (tmp_path / "v").read_bytes()
    for more in (b"x", data[8:]):
        with pytest.raises(FormatError, match="the header promises 500 words, got more: the header is wrong"):
            Embeddings.load(written(tmp_path / "long", data + more))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "got an empty file"),
        (
            b"-5 300\na 1 2\n",
            "line 1: got b'-5 300'; a first line of word2vec would be two whole numbers above 0",
        ),
        (b"5 -2\na 1 2\nb 3 4\n", "line 1: got b'5 -2'; a first line of word2vec would be two whole numbers"),
        (
            b"once upon a time\n",
            "v: got b'once upon a time.*'; expected vectors in a format of docs/formats.md$",
        ),
    ],
)
def test_other_files_are_refused(tmp_path, content, message):
    with pytest.raises(FormatError, match=message):
        Embeddings.load(written(tmp_path / "v", content))


def test_a_euro_sign_of_cp1252_begins_no_pickle(tmp_path):
    with pytest.warns(UserWarning, match="bytes that are not UTF-8 in some words"):
        read = Embeddings.load(written(tmp_path / "v", b"\x80 0.5 1\nword 1 2\n"))
    assert read.vocabulary.words[1] == "word"


def test_wrong_arguments(plane, tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        Embeddings.load(tmp_path / "nothing")
    with pytest.raises(InputError, match="it is a folder"):
        Embeddings.load(tmp_path)
    with pytest.raises(InputError, match=r"expected one of the formats safetensors, .*, got 'csv'"):
        plane.save(tmp_path / "v", format="csv")
    plane.save(tmp_path / "v", "safetensors")
    for limit in (0, 2.5, True):
        with pytest.raises(InputError, match=f"limit to be a whole number of at least 1, got {limit}"):
            Embeddings.load(tmp_path / "v", limit=limit)
