"""finalfusion files: read as its specification says, written so that it reads them."""

import struct

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Vocabulary, load
from embedkit.vectors.formats import finalfusion
from embedkit.vectors.subwords.explicit_ngrams import ExplicitSubwords
from embedkit.vectors.subwords.fasttext_buckets import FastTextSubwords
from embedkit.vectors.subwords.finalfusion_buckets import FinalfusionSubwords
from embedkit.vectors.subwords.floret import FloretSubwords

WORDS, ARRAY, BUCKETS, QUANTIZED, METADATA, NORMS, FASTTEXT, NGRAMS = range(1, 9)
MATRIX = np.array([[0.6, 0.8], [0, 1], [-1, 0]], np.float32)


def items(words):
    return b"".join(struct.pack("<I", len(word.encode())) + word.encode() for word in words)


def words_chunk(*words, kind=WORDS, head=b""):
    return kind, struct.pack("<Q", len(words)) + head + items(words), None


def array_chunk(matrix, kind=ARRAY):
    rows = struct.pack("<Q", len(matrix))
    head = rows + (b"" if matrix.ndim == 1 else struct.pack("<I", matrix.shape[1])) + struct.pack("<I", 10)
    return kind, head, matrix.astype("<f4").tobytes()


def file_of(*chunks, listed=None):
    """A file of chunks: kind, head, and what stands behind padding to a multiple of four, or None."""
    kinds = [kind for kind, _, _ in chunks][:listed]
    data = b"FiFu" + struct.pack(f"<II{len(kinds)}I", 0, len(kinds), *kinds)
    for kind, head, aligned in chunks:
        padding = b"" if aligned is None else bytes(4 - (len(data) + 12 + len(head)) % 4)
        content = head + padding + (aligned or b"")
        data += struct.pack("<IQ", kind, len(content)) + content
    return data


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "v.fifu"
        path.write_bytes(content)
        return path

    return write


def test_words_with_spaces_and_their_vectors(file):
    vectors = load(file(file_of(words_chunk("a", "New York", "é"), array_chunk(MATRIX))))
    assert vectors.vocabulary.words == ("a", "New York", "é")
    np.testing.assert_array_equal(vectors.matrix, MATRIX)


@pytest.mark.parametrize("listed", [None, 2])
def test_norms_give_vectors_their_length_back(file, listed):
    norms = array_chunk(np.array([5, 0.5, 2], np.float32), NORMS)
    vectors = load(file(file_of(words_chunk("a", "b", "c"), array_chunk(MATRIX), norms, listed=listed)))
    np.testing.assert_allclose(vectors.matrix, [[3, 4], [0, 0.5], [-2, 0]], rtol=1e-7)


def test_hashed_ngrams_give_other_words_vectors(file):
    head = struct.pack("<III", 3, 6, 2)
    matrix = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    vectors = load(file(file_of(words_chunk("a", "b", kind=BUCKETS, head=head), array_chunk(matrix))))
    assert vectors.vocabulary.words == ("a", "b")
    np.testing.assert_array_equal(vectors.matrix, matrix[:2])
    expected = FinalfusionSubwords(matrix[2:], 3, 6, exponent=2)
    np.testing.assert_array_equal(vectors["other"], expected.vectors(["other"])[0])


def test_ngrams_of_fasttext_give_other_words_vectors(file):
    head = struct.pack("<III", 3, 6, 4)
    matrix = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    vectors = load(file(file_of(words_chunk("a", "b", kind=FASTTEXT, head=head), array_chunk(matrix))))
    expected = FastTextSubwords(matrix[2:], 3, 6, buckets=4)
    np.testing.assert_array_equal(vectors["other"], expected.vectors(["other"])[0])


def test_listed_ngrams_give_other_words_vectors(file):
    ngrams = items(["<a"]) + struct.pack("<Q", 7) + items(["at"]) + struct.pack("<Q", 3)
    ngrams += items(["t>"]) + struct.pack("<Q", 7)
    content = struct.pack("<QQII", 1, 3, 2, 3) + items(["ab"]) + ngrams
    vectors = load(file(file_of((NGRAMS, content, None), array_chunk(np.eye(3)))))
    assert vectors.vocabulary.words == ("ab",)
    np.testing.assert_allclose(vectors["at"], np.array([0, 2, 1]) / np.sqrt(5), rtol=1e-6)


TABLE = np.random.default_rng(2).normal(size=(8, 2)).astype(np.float32)
SUBWORDS = {
    "finalfusion": FinalfusionSubwords(TABLE, 3, 4, exponent=3),
    "fasttext": FastTextSubwords(TABLE, 3, 4, buckets=8),
    "listed": ExplicitSubwords(TABLE[:2], 2, 3, ("<a", "at", "t>"), np.array([0, 1, 0])),
}


@pytest.mark.parametrize("subwords", SUBWORDS.values(), ids=SUBWORDS)
def test_subwords_that_are_written_are_read(tmp_path, subwords):
    vectors = Embeddings(MATRIX * 2, ["a", "b", "c"], subwords=subwords)
    vectors.save(tmp_path / "v.fifu")
    for read in (load(tmp_path / "v.fifu"), load(tmp_path / "v.fifu", 1)):
        np.testing.assert_array_equal(read["atlas"], vectors["atlas"])
        np.testing.assert_array_equal(read["a"], vectors["a"])


def test_fasttext_whose_rows_were_cut_down_keeps_its_directions(tmp_path):
    kept = FastTextSubwords(TABLE[:2], 3, 4, 8, np.array([2, 5]), np.array([1, 0]))
    vectors = Embeddings(MATRIX, ["a", "b", "c"], subwords=kept)
    vectors.save(tmp_path / "v.fifu")
    read = load(tmp_path / "v.fifu")
    words = ["atlas", "bottle", "window", "kettle"]
    for word in words:
        found, expected = read[word], vectors[word]
        assert abs(found @ expected - np.linalg.norm(found) * np.linalg.norm(expected)) < 1e-6


def test_other_subwords_are_left_out_with_a_warning(tmp_path):
    floret = FloretSubwords(TABLE, 3, 4, hash_count=2, hash_seed=1)
    with pytest.warns(UserWarning, match="left out subwords of the kind 'floret', which finalfusion"):
        Embeddings(MATRIX, ["a", "b", "c"], subwords=floret).save(tmp_path / "v.fifu")
    assert load(tmp_path / "v.fifu").subwords is None


@pytest.mark.parametrize(
    ("kind", "head", "message"),
    [
        (BUCKETS, (3, 6, 5), "expected 32 rows behind those of words, got 4"),
        (BUCKETS, (3, 6, 4_000_000_000), "expected 4,294,967,296 rows behind those of words, got 4"),
        (FASTTEXT, (3, 6, 9), "expected 9 rows behind those of words, got 4"),
        (FASTTEXT, (6, 3, 4), "expected lengths of n-grams, got 6 to 3"),
        (BUCKETS, (0, 3, 2), "expected lengths of n-grams, got 0 to 3"),
    ],
)
def test_subwords_that_do_not_fit(file, kind, head, message):
    chunk = words_chunk("a", "b", kind=kind, head=struct.pack("<III", *head))
    with pytest.raises(FormatError, match=message):
        load(file(file_of(chunk, array_chunk(np.eye(6)))))


def test_metadata_of_others_become_json(file):
    toml = b'[model]\nname = "skipgram"\ntrained = 2020-01-02\n'
    vectors = load(file(file_of((METADATA, toml, None), words_chunk("a"), array_chunk(np.eye(1)))))
    assert vectors.metadata == {"model": {"name": "skipgram", "trained": "2020-01-02"}}


def quantized(rotated, scaled, codes=(0, 1, 1, 1)):
    """Two vectors of 4 dimensions in 2 parts of 2 centroids each."""
    head = struct.pack("<IIIIIQII", rotated, scaled, 2, 4, 2, 2, 1, 10)
    rotation = np.eye(4, dtype="<f4")[[1, 0, 2, 3]] if rotated else np.empty(0, "<f4")
    centroids = np.arange(8, dtype="<f4")
    norms = np.array([2, 3], "<f4") if scaled else np.empty(0, "<f4")
    numbers = rotation.tobytes() + centroids.tobytes() + norms.tobytes()
    return QUANTIZED, head, numbers + bytes(codes)


@pytest.mark.parametrize(
    ("rotated", "scaled", "expected"),
    [
        (0, 0, [[0, 1, 6, 7], [2, 3, 6, 7]]),
        (0, 1, [[0, 2, 12, 14], [6, 9, 18, 21]]),
        (1, 0, [[1, 0, 6, 7], [3, 2, 6, 7]]),
    ],
)
def test_quantized_vectors(file, rotated, scaled, expected):
    vectors = load(file(file_of(words_chunk("a", "b"), quantized(rotated, scaled))))
    np.testing.assert_array_equal(vectors.matrix, expected)


def test_what_is_written_is_read(random_space, tmp_path):
    random_space.save(tmp_path / "v.fifu")
    vectors = load(tmp_path / "v.fifu")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    assert vectors.metadata == random_space.metadata
    np.testing.assert_allclose(vectors.matrix, random_space.matrix, rtol=3e-7)
    stored = finalfusion.read(tmp_path / "v.fifu", 3)
    np.testing.assert_array_equal(stored.matrix, vectors.matrix[:3])


def test_written_rows_have_length_one_and_zero_rows_stay_zero(tmp_path):
    Embeddings([[3, 4], [0, 0]], ["a", "b"], {"odd": 'quote " \x7f \n \\ 😀'}).save(tmp_path / "v.fifu")
    data = (tmp_path / "v.fifu").read_bytes()
    assert np.array([0.6, 0.8, 0, 0], "<f4").tobytes() in data
    vectors = load(tmp_path / "v.fifu")
    np.testing.assert_allclose(vectors.matrix, [[3, 4], [0, 0]])
    assert vectors.metadata == {"odd": 'quote " \x7f \n \\ 😀'}


def test_a_file_cut_anywhere_is_refused(file, tmp_path):
    Embeddings(MATRIX * 3, Vocabulary(["a", "bé", "c"]), {"made": "by hand"}).save(tmp_path / "whole.fifu")
    for data in ((tmp_path / "whole.fifu").read_bytes(), file_of(words_chunk("a", "b"), quantized(1, 1))):
        for length in range(4, len(data)):
            with pytest.raises(FormatError):
                load(file(data[:length]))


HUGE = 1 << 60
ODD = {
    "more words": (
        (WORDS, struct.pack("<Q", HUGE) + items("ab"), None),
        "expected 1,152,921,504,606,846,976",
    ),
    "a long word": ((WORDS, struct.pack("<QI", 1, 1 << 31) + b"a", None), "word 1 of 2,147,483,648 bytes"),
    "an empty word": (words_chunk("a", ""), "got an empty one in row 2"),
    "too few vectors": (words_chunk("a", "b", "c"), "expected a vector for each of 3 words, got 2"),
}


@pytest.mark.parametrize(("chunk", "message"), ODD.values(), ids=ODD)
def test_odd_words(file, chunk, message):
    path = file(file_of(chunk, array_chunk(np.eye(2))))
    with pytest.raises(FormatError, match=message):
        load(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"FiFu" + struct.pack("<III", 7, 1, 1), "expected version 0 of finalfusion, got .*, 7"),
        (b"FiFu" + struct.pack("<II", 0, 1 << 31), "byte 8: expected 1 to 64 chunks, got 2,147,483,648"),
        (
            b"FiFu" + struct.pack("<IIIIQ", 0, 1, 1, 1, HUGE),
            "byte 16: expected 1,152,.* bytes of words",
        ),
        (file_of(words_chunk("a")), "expected words and vectors, got chunks of words"),
        (
            file_of((ARRAY, struct.pack("<QII", HUGE, 100, 10), b""), words_chunk("a")),
            "expected 1,15.* x 100",
        ),
        (
            file_of((ARRAY, struct.pack("<QII", 1, 1, 9), b"abcd"), words_chunk("a")),
            "numbers of type 10, got",
        ),
        (file_of(words_chunk("a", "b"), quantized(0, 0, (0, 2, 0, 0))), "numbers of 2 centroids, got 2"),
        (file_of((METADATA, b"= 3", None), words_chunk("a"), array_chunk(np.eye(1))), "metadata as TOML"),
    ],
)
def test_what_is_wrong_is_told(file, content, message):
    with pytest.raises(FormatError, match=message):
        _ = load(file(content)).matrix


def test_nan_is_told_when_vectors_are_used(file):
    vectors = load(file(file_of(words_chunk("a"), array_chunk(np.array([[np.nan]])))))
    with pytest.raises(InputError, match="NaN or infinity in those of 1 words: 'a'"):
        _ = vectors.matrix


def test_repeated_words_and_bytes_that_are_no_utf8(file):
    path = file(file_of(words_chunk("a", "b", "a"), array_chunk(MATRIX)))
    with pytest.warns(UserWarning, match="1 repeated words dropped, the first row of each kept: 'a'"):
        vectors = load(path)
    np.testing.assert_array_equal(vectors.matrix, MATRIX[:2])
    content = struct.pack("<QI", 1, 2) + b"\xff."
    with pytest.warns(UserWarning, match="not UTF-8"):
        assert "\ufffd." in load(file(file_of((WORDS, content, None), array_chunk(np.eye(1)))))
