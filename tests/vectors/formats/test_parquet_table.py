"""Parquet tables of vectors, as pyarrow, pandas and polars write them."""

import numpy as np
import pytest

from embedkit import Embeddings, FormatError, InputError, Vocabulary, load

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

MATRIX = np.array([[1, 2], [3, 4], [5, 6]], np.float32)
WORDS = ["a", "New York", "é"]
LISTS = {
    "lists": pa.list_(pa.float32()),
    "large lists": pa.large_list(pa.float64()),
    "fixed lists": pa.list_(pa.float16(), 2),
    "whole numbers": pa.list_(pa.int8()),
}


@pytest.fixture
def table(tmp_path):
    def write(columns, **options):
        parquet.write_table(pa.table(columns), tmp_path / "v.parquet", **options)
        return tmp_path / "v.parquet"

    return write


def assert_same(vectors, counts=None):
    assert vectors.vocabulary.words == tuple(WORDS)
    np.testing.assert_array_equal(vectors.matrix, MATRIX)
    found = vectors.vocabulary.counts
    assert (None if found is None else found.tolist()) == counts


@pytest.mark.parametrize("kind", LISTS.values(), ids=LISTS)
def test_a_column_of_lists(table, kind):
    rows = MATRIX.astype(np.float16 if "half" in str(kind) else np.float32)
    cells = [list(map(int, row)) if "int" in str(kind) else list(row) for row in rows]
    assert_same(load(table({"text": WORDS, "vec": pa.array(cells, kind), "id": [7, 8, 9]})))


def test_a_column_for_each_dimension(table):
    columns = {"token": pa.array(WORDS).dictionary_encode(), "0": MATRIX[:, 0], "1": MATRIX[:, 1].astype(int)}
    assert_same(load(table({**columns, "count": [9, 7, 1]})), [9, 7, 1])


def test_a_frame_of_pandas_with_words_as_its_index(tmp_path):
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame(MATRIX, WORDS, ["x", "y"]).to_parquet(tmp_path / "v.parquet")
    assert_same(load(tmp_path / "v.parquet"))


def test_several_batches_and_a_limit(table):
    matrix = np.random.default_rng(1).normal(size=(40_000, 3)).astype(np.float32)
    words = [f"w{row}" for row in range(len(matrix))]
    path = table({"word": words, "vector": list(matrix)}, row_group_size=9000)
    np.testing.assert_array_equal(load(path).matrix, matrix)
    vectors = load(path, 20_000)
    assert list(vectors) == words[:20_000]
    np.testing.assert_array_equal(vectors.matrix, matrix[:20_000])


def test_what_is_written_is_read_by_us_and_by_others(random_space, tmp_path):
    random_space.save(tmp_path / "v.parquet")
    vectors = load(tmp_path / "v.parquet")
    assert vectors.vocabulary.words == random_space.vocabulary.words
    assert vectors.metadata == random_space.metadata
    np.testing.assert_array_equal(vectors.vocabulary.counts, random_space.vocabulary.counts)
    np.testing.assert_array_equal(vectors.matrix, random_space.matrix)
    read = parquet.read_table(tmp_path / "v.parquet").to_pydict()
    assert list(read) == ["word", "vector", "count"]
    np.testing.assert_array_equal(read["vector"], random_space.matrix)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"word": ["a"]}, r"a column of words, as 'word', and one of lists .* got word \(string\)"),
        ({"x": [1.0]}, r"got x \(double\)"),
        ({"x": ["a"], "y": ["b"], "z": [1.0]}, "expected a column of words"),
        ({"word": ["a"], "x": [[1.0]], "y": [[1.0]]}, "expected a column of words"),
        ({"word": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}, "row 2: expected 1 numbers in 'vector', got 2"),
        ({"word": ["a", "b"], "vector": [[1.0], None]}, "row 2: expected 1 numbers in 'vector', got none"),
        ({"word": ["a", None], "vector": [[1.0], [2.0]]}, "got an empty one in row 2"),
        ({"word": ["a", "b"], "vector": [[1.0], [None]]}, "NaN or infinity in those of 1 words: 'b'"),
        ({"word": ["a", "b"], "x": [1.0, None]}, "NaN or infinity in those of 1 words: 'b'"),
        ({"word": ["a"], "vector": [[1e300]]}, "NaN or infinity in those of 1 words: 'a'"),
        ({"word": ["a"], "vector": pa.array([[]], pa.list_(pa.float32()))}, "expected rows of numbers"),
    ],
)
def test_odd_tables_are_told(table, columns, message):
    with pytest.raises(FormatError, match=message):
        load(table(columns))


def test_bad_rows_can_be_left_out(table):
    path = table({"word": ["a", None, "b", "c", "a"], "x": [1.0, 2.0, None, 4.0, 5.0]})
    with pytest.warns(UserWarning, match="left out 1 rows with an empty word|repeated|with NaN or infinity"):
        assert list(load(path, skip_bad_rows=True)) == ["a", "c"]


def test_a_file_cut_or_damaged_anywhere_is_refused(tmp_path):
    vectors = Embeddings(MATRIX, Vocabulary(WORDS, np.array([3, 2, 1])))
    vectors.save(tmp_path / "v.parquet")
    data = (tmp_path / "v.parquet").read_bytes()
    for length in range(4, len(data), 13):
        (tmp_path / "v.parquet").write_bytes(data[:length])
        with pytest.raises(FormatError, match="a whole parquet table, got a damaged one"):
            load(tmp_path / "v.parquet")


@pytest.mark.parametrize("name", ["v.parquet", "v.fifu", "v.npz"])
def test_words_that_no_reader_takes_are_not_written(tmp_path, name):
    with pytest.raises(InputError, match="is not valid Unicode"):
        Embeddings([[1.0]], ["\ud800"]).save(tmp_path / name)
    with pytest.raises(InputError, match="cannot hold the word ''; leave that word out"):
        Embeddings([[1.0]], [""]).save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
