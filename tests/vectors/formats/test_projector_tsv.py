"""The projector's pair of files."""

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, load
from embedkit.vectors.formats import text_rows

NUMBERS = "1\t2\n3\t4.5\n-5\t6e-1\n"
MATRIX = np.array([[1, 2], [3, 4.5], [-5, 0.6]], np.float32)


@pytest.fixture
def pair(tmp_path):
    def write(metadata, numbers=NUMBERS, names=("vectors.tsv", "metadata.tsv")):
        (tmp_path / names[0]).write_text(numbers)
        (tmp_path / names[1]).write_text(metadata)
        return tmp_path / names[0]

    return write


@pytest.mark.parametrize(
    ("metadata", "words", "counts"),
    [
        ("cat\nNew York\né\n", ("cat", "New York", "é"), None),
        ("cat\r\nNew York\r\né", ("cat", "New York", "é"), None),
        ("word\ncat\ndog\né\n", ("cat", "dog", "é"), None),
        ("Count\tWord\n9\tcat\n7\tdog\n1\té\n", ("cat", "dog", "é"), [9, 7, 1]),
        ("title\tyear\ncat\t1\ndog\t2\né\t\n", ("cat", "dog", "é"), None),
        ("cat\tfeline\ndog\tcanine\né\tletter\n", ("cat", "dog", "é"), None),
    ],
)
def test_metadata_with_and_without_a_header(pair, metadata, words, counts):
    vectors = load(pair(metadata))
    assert vectors.vocabulary.words == words
    assert (None if vectors.vocabulary.counts is None else vectors.vocabulary.counts.tolist()) == counts
    np.testing.assert_array_equal(vectors.matrix, MATRIX)


@pytest.mark.parametrize(
    "names",
    [
        ("vectors.tsv", "metadata.tsv"),
        ("w2v_tensor.tsv", "w2v_metadata.tsv"),  # as gensim's word2vec2tensor calls them
        ("Embeddings.tsv", "metadata.tsv"),
        ("cats.tsv", "cats.metadata.tsv"),
        ("cats.tsv", "metadata.tsv"),
    ],
)
def test_names_of_the_pair(pair, names):
    assert list(load(pair("a\nb\nc\n", names=names))) == ["a", "b", "c"]


def test_a_folder_with_the_pair(pair):
    path = pair("a\nb\nc\n")
    assert list(load(path.parent)) == ["a", "b", "c"]
    assert list(load(path.parent, 2)) == ["a", "b"]


def test_what_gensim_writes_is_read(random_space, tmp_path):
    script = pytest.importorskip("gensim.scripts.word2vec2tensor")
    random_space.save(tmp_path / "v.txt")
    script.word2vec2tensor(str(tmp_path / "v.txt"), str(tmp_path / "v"))
    vectors = load(tmp_path / "v_tensor.tsv")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(vectors.matrix, random_space.matrix)


@pytest.mark.parametrize("few", [True, False])
def test_what_is_written_is_read(random_space, tmp_path, monkeypatch, few):
    if not few:
        monkeypatch.setattr(text_rows, "PURE_PYTHON_NUMBERS", 0)
    random_space.save(tmp_path / "vectors.tsv")
    vectors = load(tmp_path / "vectors.tsv")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(vectors.vocabulary.counts, random_space.vocabulary.counts)
    np.testing.assert_array_equal(vectors.matrix, random_space.matrix)
    assert (tmp_path / "metadata.tsv").read_text().startswith("word\tcount\nword0\t500\n")
    read = np.loadtxt(tmp_path / "vectors.tsv", np.float32, delimiter="\t")
    np.testing.assert_array_equal(read, random_space.matrix)


def test_words_alone_are_written_without_a_header(tmp_path):
    Embeddings([[0.5, 1]], ["New York"]).save(tmp_path / "cities.tsv")
    assert (tmp_path / "cities.tsv").read_bytes() == b"0.5\t1.0\n"
    assert (tmp_path / "cities.metadata.tsv").read_text() == "New York\n"


@pytest.mark.parametrize(
    ("metadata", "numbers", "message"),
    [
        ("a\nb\n", NUMBERS, "with metadata.tsv: expected a word for each of 3 vectors, got 2"),
        ("a\nb\nc\nd\ne\n", NUMBERS, "expected a word for each of 3 vectors, got 5"),
        ("a\n\nc\n", NUMBERS, "got an empty one in row 2"),
        ("word\tcount\na\t1\nb\nc\t2\n", NUMBERS, r"metadata\.tsv, line 3: expected 2 fields, got 1"),
        ("count\tword\n1\nb\t1\nc\t2\n", NUMBERS, r"metadata\.tsv, line 2: expected 2 fields, got 1"),
        ("a\nb\nc\nd\ne\nf\n", "1\t2\n" * 5 + "3\tx\n", "line 6: expected a word and 2 numbers"),
        ("a\nb\nc\nd\ne\nf\n", "1\t2\n" * 5 + "3\n", "line 6: expected a word and 2 numbers"),
        ("a\nb\n", "1\t2\nnan\t1\n", "NaN or infinity in those of 1 words: 'b'"),
    ],
)
def test_what_is_wrong_is_told(pair, metadata, numbers, message):
    with pytest.raises(FormatError, match=message):
        load(pair(metadata, numbers))


def test_vectors_alone_are_refused(tmp_path):
    (tmp_path / "v.tsv").write_text(NUMBERS)
    message = r"its words in v\.metadata\.tsv or metadata\.tsv beside it, got numbers alone, without words"
    with pytest.raises(FormatError, match=message):
        load(tmp_path / "v.tsv")


def test_numbers_between_tabs_can_be_words(tmp_path):
    (tmp_path / "v.tsv").write_text("0\t0.5\t1\n1\t0.25\t2\n")
    assert list(load(tmp_path / "v.tsv")) == ["0", "1"]


def test_what_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match=r"metadata of the projector cannot hold the word 'a\\tb'"):
        Embeddings([[1.0, 2]], ["a\tb"]).save(tmp_path / "v.tsv")
    assert not list(tmp_path.iterdir())
