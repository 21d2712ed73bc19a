"""Sparse text becomes dense vectors, where that is bearable."""

import numpy as np
import pytest

from embedkit import FormatError, load


@pytest.fixture
def file(tmp_path):
    def write(content):
        path = tmp_path / "v"
        path.write_text(content)
        return path

    return write


@pytest.mark.parametrize(
    ("content", "words", "matrix"),
    [
        ("king 0:0.5 2:1\nqueen 1:2e-1\n", ("king", "queen"), [[0.5, 0, 1], [0, 0.2, 0]]),
        ("king 1:0.5 3:1\nqueen 2:-2\n", ("king", "queen"), [[0.5, 0, 1], [0, -2, 0]]),
        ("2 4\nking 0:0.5 2:1\nqueen 1:2\n", ("king", "queen"), [[0.5, 0, 1, 0], [0, 2, 0, 0]]),
        ("king\t5:0.1\r\nnothing\r\nNew York 4:2\r\n", ("king", "nothing", "New York"), None),
        ("\nking 1:1 2:2", ("king",), [[1, 2]]),
        ("3:2 1:1 2:2\n", None, None),
    ],
)
def test_rows(file, content, words, matrix):
    path = file(content)
    if words is None:
        with pytest.raises(FormatError, match=r"line 1: expected a word and pairs index:value, got '?b?'3:2"):
            load(path)
        return
    vectors = load(path)
    assert vectors.vocabulary.words == words
    if matrix:
        np.testing.assert_array_equal(vectors.matrix, np.array(matrix, np.float32))


def test_the_same_as_scikit_learn_reads(tmp_path):
    from sklearn.datasets import dump_svmlight_file, load_svmlight_file

    generator = np.random.default_rng(4)
    dense = generator.normal(size=(30, 9)) * (generator.random((30, 9)) < 0.4)
    dense[0] = 1
    dump_svmlight_file(dense, np.arange(30) + 100, str(tmp_path / "v"))
    vectors = load(tmp_path / "v")
    assert vectors.vocabulary.words == tuple(str(number) for number in range(100, 130))
    expected, _ = load_svmlight_file(str(tmp_path / "v"))
    np.testing.assert_array_equal(vectors.matrix, expected.toarray().astype(np.float32))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("king 1:0.5\nqueen 1:0.5 2:x\n", r"line 2: expected a word and pairs index:value, got b'queen 1"),
        ("king 1:0.5\nqueen 1:0.5 two words\n", "line 2: "),
        ("3 2\nking 1:0.5\nqueen 1:0.5\n", "the header promises 3 words, got 2: the file is cut off"),
        ("2 2\nking 0:1 7:0.5\nqueen 1:0.5\n", "the header promises 2 dimensions, got index 7"),
        ("king 1:1 999999999999:1\n", "got 1 words x 999,999,999,999 dimensions, 4,000.0 GB"),
        ("1 900000000\nking 1:1 2:1\n", "got 1 words x 900,000,000 dimensions, 3.6 GB"),
        ("king 1:0.5 2:1e999\n", "NaN or infinity in those of 1 words: 'king'"),
    ],
)
def test_what_is_wrong_is_told(file, content, message):
    with pytest.raises(FormatError, match=message):
        load(file(content))


def test_bad_lines_can_be_left_out(file):
    path = file("3 3\nking 1:0.5\nqueen 1\nman 0:1 2:4\nking 1:9\n")
    with pytest.warns(UserWarning, match="left out 1 lines that are not a word and pairs: 3"):
        vectors = load(path, skip_bad_rows=True)
    assert vectors.vocabulary.words == ("king", "man")
    np.testing.assert_array_equal(vectors.matrix, [[0, 0.5, 0], [1, 0, 4]])


def test_the_first_words_alone(file):
    vectors = load(file("a 1:1 2:1\nb 2:1\nthis is no row\n"), limit=2)
    assert vectors.vocabulary.words == ("a", "b")
