"""numpy's files: what numpy saves is read, what is written numpy loads, and no object is unpickled."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Vocabulary, load

MATRIX = np.arange(6, dtype=np.float32).reshape(3, 2)
WORDS = ["a", "New York", "é"]


class Exploding:
    def __reduce__(self):
        return exec, ("raise SystemExit('code was run')",)


@pytest.mark.parametrize(
    "name", ["v.words.txt", "v.vocab.txt", "v.words", "v.vocab", "words.txt", "vocab.txt"]
)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_words_beside_a_matrix(tmp_path, name, end):
    np.save(tmp_path / "v.npy", MATRIX)
    (tmp_path / name).write_bytes((end or "\n").join(WORDS).encode() + end.encode())
    vectors = load(tmp_path / "v.npy")
    assert vectors.vocabulary.words == tuple(WORDS)
    np.testing.assert_array_equal(vectors.matrix, MATRIX)


@pytest.mark.parametrize("kind", ["<f2", ">f2", ">f4", "<f8", "<i4", "u1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_any_type_and_order(tmp_path, kind, order):
    np.save(tmp_path / "v.npy", np.asarray(MATRIX, kind, order=order))
    (tmp_path / "words.txt").write_text("\n".join(WORDS))
    np.testing.assert_array_equal(load(tmp_path / "v.npy").matrix, MATRIX)
    np.testing.assert_array_equal(load(tmp_path / "v.npy", 2).matrix, MATRIX[:2])


@pytest.mark.parametrize(
    ("text", "words", "counts"),
    [
        ("the 9\nof 7\nand 7\n", ["the", "of", "and"], [9, 7, 7]),
        ("the\t1\nNew York\t7\nand 3\t3\n", ["the", "New York", "and 3"], [1, 7, 3]),
        ("level 1\nlevel 3\nlevel 2\n", ["level 1", "level 3", "level 2"], None),
        ("a 9\na 8\nb 7\n", ["a 9", "a 8", "b 7"], None),
        ("the 9\nof\nand 7\n", ["the 9", "of", "and 7"], None),
    ],
)
def test_counts_in_lists_of_words(tmp_path, text, words, counts):
    np.save(tmp_path / "v.npy", MATRIX)
    (tmp_path / "vocab.txt").write_text(text)
    vocabulary = load(tmp_path / "v.npy").vocabulary
    assert list(vocabulary.words) == words
    assert (None if vocabulary.counts is None else vocabulary.counts.tolist()) == counts


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_what_is_written_is_read(random_space, tmp_path, suffix):
    random_space.save(tmp_path / f"v.{suffix}")
    vectors = load(tmp_path / f"v.{suffix}")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(vectors.vocabulary.counts, random_space.vocabulary.counts)
    np.testing.assert_array_equal(vectors.matrix, random_space.matrix)
    assert vectors.metadata == (random_space.metadata if suffix == "npz" else {})
    assert len(load(tmp_path / f"v.{suffix}", 7)) == 7


def test_numpy_loads_what_is_written(random_space, tmp_path):
    random_space.save(tmp_path / "v.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), random_space.matrix)
    lines = (tmp_path / "v.words.txt").read_text().splitlines()
    assert lines[:2] == ["word0\t500", "word1\t499"]
    random_space.save(tmp_path / "v.npz")
    with np.load(tmp_path / "v.npz") as arrays:
        assert arrays["words"].tolist() == list(random_space.vocabulary.words)
        np.testing.assert_array_equal(arrays["vectors"], random_space.matrix)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize(
    "arrays",
    [
        {"words": np.array(WORDS), "vectors": MATRIX},
        {"x": MATRIX.astype(float), "y": np.array(WORDS)},
        {"E": MATRIX, "vocab": np.array([word.encode() for word in WORDS]), "norms": np.ones(3)},
        {"matrix": MATRIX, "tokens": np.array(WORDS), "sources": np.array(WORDS[::-1]), "pairs": np.eye(3)},
    ],
)
def test_arrays_by_whatever_name(tmp_path, save, arrays):
    save(tmp_path / "v.npz", **arrays)
    vectors = load(tmp_path / "v.npz")
    assert vectors.vocabulary.words == tuple(WORDS)
    np.testing.assert_array_equal(vectors.matrix, MATRIX)


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"vectors": MATRIX}, r"an array of words, as words; got vectors \(float32, \(3, 2\)\)"),
        ({"words": np.array(WORDS)}, "expected a matrix of numbers, as vectors"),
        ({"x": MATRIX, "y": MATRIX, "words": np.array(WORDS)}, "expected a matrix of numbers, as vectors"),
        ({"x": MATRIX, "words": np.array(["a", "b"])}, "a word for each of 3 vectors, got 2"),
        ({"x": MATRIX, "words": np.array(["a", "", "b"])}, "got an empty one in row 2"),
        ({"x": MATRIX * np.nan, "words": np.array(WORDS)}, "NaN or infinity in those of 3 words"),
        ({"x": MATRIX, "words": np.array(WORDS), "counts": np.ones(2, int)}, "counts of 3 words"),
        (
            {"x": MATRIX, "words": np.array(WORDS), "counts": np.ones(3)},
            "counts as whole numbers, got float64",
        ),
        ({"x": MATRIX, "words": np.array(WORDS, object)}, "objects of Python, which can run code"),
        ({"x": np.array([[Exploding()]]), "words": np.array(WORDS)}, "objects of Python, which can run code"),
    ],
)
def test_odd_arrays_are_told(tmp_path, arrays, message):
    np.savez(tmp_path / "v.npz", **arrays)
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "v.npz")


def header(shape, kind="<f4"):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": kind, "fortran_order": False, "shape": shape})
    return file.getvalue()


@pytest.mark.parametrize("compress", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_claims_cost_no_memory(tmp_path, compress):
    with zipfile.ZipFile(tmp_path / "v.npz", "w", compress) as archive:
        archive.writestr("vectors.npy", header((1 << 20, 1 << 20)) + bytes(8))
        archive.writestr("words.npy", header((1 << 40,), "<U1") + bytes(4))
    (tmp_path / "v.npy").write_bytes(header((1 << 20, 1 << 20)) + bytes(8))
    (tmp_path / "words.txt").write_text("a\n")
    tracemalloc.start()
    with pytest.raises(FormatError, match=r"vectors.npy claims 4,398,046,511,\d+ bytes, got 136"):
        load(tmp_path / "v.npz")
    with pytest.raises(FormatError, match="expected 4,398,046,511,104 bytes of numbers, got 8"):
        load(tmp_path / "v.npy")
    assert tracemalloc.get_traced_memory()[1] < 10e6
    tracemalloc.stop()


@pytest.mark.parametrize("suffix", ["npy", "npz"])
def test_a_file_cut_anywhere_is_refused(tmp_path, suffix):
    vectors = Embeddings(MATRIX, Vocabulary(WORDS, np.array([3, 2, 1])), {"made": "by hand"})
    vectors.save(tmp_path / f"v.{suffix}")
    data = (tmp_path / f"v.{suffix}").read_bytes()
    for length in range(0, len(data), 1 if suffix == "npy" else 7):
        (tmp_path / f"v.{suffix}").write_bytes(data[:length])
        with pytest.raises(FormatError):
            load(tmp_path / f"v.{suffix}")


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.zeros(3), r"expected a matrix of real numbers, got float64 of shape \(3,\)"),
        (np.zeros((2, 2), complex), "expected a matrix of real numbers, got complex128"),
        (np.array(WORDS), "expected a matrix of real numbers, got <U8"),
        (np.array([[Exploding()]]), "objects of Python, which can run code"),
        (MATRIX[:2], "v.npy with words.txt: expected a word for each of 2 vectors, got 3"),
        (np.zeros((3, 0)), r"expected rows of numbers, got an array of shape \(3, 0\)"),
    ],
)
def test_other_arrays_are_refused(tmp_path, array, message):
    np.save(tmp_path / "v.npy", array)
    (tmp_path / "words.txt").write_text("\n".join(WORDS))
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "v.npy")


def test_a_matrix_alone_is_refused(tmp_path):
    np.save(tmp_path / "v.npy", MATRIX)
    with pytest.raises(
        FormatError, match=r"its words, one a line, .* name the file v\.words\.txt, .* or vocab"
    ):
        load(tmp_path / "v.npy")


@pytest.mark.parametrize(
    ("words", "suffix", "message"),
    [
        (["a\nb"], "npy", r"a list of words cannot hold the word 'a\\nb'"),
        (["a 1"], "npy", "a list cannot hold words such as 'a 1', which end in a count"),
        (["\ud800"], "npy", "not valid Unicode"),
        (["a\0"], "npz", r"cannot hold the word 'a\\x00'; save as safetensors"),
    ],
)
def test_words_that_cannot_be_written(tmp_path, words, suffix, message):
    with pytest.raises(InputError, match=message):
        Embeddings([[1.0]], words).save(tmp_path / f"v.{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".npy", ".npz"])
def test_float16_stays_float16(random_space, tmp_path, suffix):
    path = tmp_path / f"v{suffix}"
    random_space.save(path, dtype="float16")
    loaded = Embeddings.load(path)
    assert loaded.dtype == "float16"
    np.testing.assert_array_equal(loaded.matrix, random_space.astype("float16").matrix)
    with pytest.raises(InputError, match="expected float32 or float16 for numpy"):
        random_space.save(path, dtype="int8")
