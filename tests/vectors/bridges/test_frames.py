import sys

import numpy as np
import pyarrow as pa
import pytest

from embedkit import DependencyError, Embeddings, InputError


def test_a_frame_comes_in_and_goes_out(random_space):
    frame = random_space.to_frame("pyarrow")
    assert isinstance(frame, pa.Table)
    assert frame.column_names == ["word", *(f"d{i}" for i in range(12))]
    again = Embeddings.from_frame(frame, metadata={"from": "a table"})
    assert again.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(again.matrix, random_space.matrix)
    assert again.metadata == {"from": "a table"}


def test_the_columns_may_have_any_names_and_types_of_numbers():
    frame = pa.table({"x": pa.array([1, 2], pa.int64()), "term": ["a", "b"], "y": pa.array([0.5, 4])})
    vectors = Embeddings.from_frame(frame, words="term")
    assert (vectors.vocabulary.words, vectors.matrix.tolist()) == (("a", "b"), [[1, 0.5], [2, 4]])
    assert vectors.to_frame("pyarrow", words="term").column_names == ["term", "d0", "d1"]


FRAMES = [
    ({"a": ["b"]}, "expected a column 'word' of words, got the columns a"),
    ({"word": ["b"], "x": ["c"]}, "expected columns of numbers beside the words, got 'x' as String"),
    ({"word": ["b"]}, "expected columns of numbers beside the words, got none"),
    ({"word": ["b", None], "x": [1, 2]}, "expected a word, got None"),
    ({"word": ["b", "c"], "x": [1, None]}, "got NaN or infinity in those of 1 words: 'c'"),
]


@pytest.mark.parametrize(("columns", "message"), FRAMES)
def test_frames_that_are_no_vectors_are_refused(columns, message):
    with pytest.raises(InputError, match=message):
        Embeddings.from_frame(pa.table(columns))


def test_what_is_no_frame_is_refused():
    with pytest.raises(InputError, match=r"expected a data frame .* got dict"):
        Embeddings.from_frame({"word": ["a"]})


def test_a_library_that_is_unknown_or_missing_is_named(random_space, monkeypatch):
    with pytest.raises(InputError, match=r"expected a library of data frames, .* got 'excel'"):
        random_space.to_frame("excel")
    with pytest.raises(InputError, match=r"expected a library of data frames, .* got 'dask'$"):
        random_space.to_frame("dask")
    monkeypatch.setitem(sys.modules, "modin", None)
    with pytest.raises(DependencyError, match="a frame of modin needs modin: pip install modin"):
        random_space.to_frame("modin")


def test_the_column_of_words_is_not_named_as_a_dimension(random_space):
    with pytest.raises(InputError, match="a column of words named unlike the dimensions, got 'd0'"):
        random_space.to_frame("pyarrow", words="d0")


def test_columns_with_numbers_for_names():
    """As pandas names them: 0 is a column and no row."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"word": ["a"], 0: [1.0], 1: [2.0]})
    assert Embeddings.from_frame(frame).matrix.tolist() == [[1, 2]]
    with pytest.raises(InputError, match="a column 'word' of words, got the columns 0, 1"):
        Embeddings.from_frame(frame.drop(columns="word"))


def test_columns_of_one_name_are_refused():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(InputError, match="a name of its own for each column, got 'x' 2 times"):
        Embeddings.from_frame(pandas.DataFrame([["a", 1, 2]], columns=["word", "x", "x"]))
    with pytest.raises(InputError, match="a name of its own for each column, got 'x' 2 times"):
        Embeddings.from_frame(pa.Table.from_arrays([pa.array([1])] * 3, ["word", "x", "x"]))


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_of_other_libraries(library, random_space):
    pytest.importorskip(library)
    again = Embeddings.from_frame(random_space.to_frame(library))
    assert again.vocabulary.words == random_space.vocabulary.words
    np.testing.assert_array_equal(again.matrix, random_space.matrix)
