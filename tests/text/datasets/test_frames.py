"""Data frames in and out."""

import sys

import narwhals
import numpy as np
import pyarrow as pa
import pytest

from embedkit import DependencyError, FormatError, InputError, Labeled, read_labeled
from embedkit.text.datasets.frames import _plain

TEXTS = ["a fine film", "what a bore", "fine, and no bore", "dull"]
LABELS = ["good", "bad", "good", "bad"]
TABLE = pa.table({"id": [1, 2, 3, 4], "review": TEXTS, "sentiment": LABELS, "stars": [5, 1, 4, 2]})


class Stream:
    """Columns that only Arrow's interface tells of."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "wrap", [lambda table: table, narwhals.from_native, Stream], ids=["native", "nw", "arrow"]
)
def test_frames_of_all_kinds_are_read(wrap):
    data = read_labeled(wrap(TABLE))
    assert (list(data.texts), list(data.labels)) == (TEXTS, LABELS)
    assert data.columns == "texts from column 'review', labels from column 'sentiment'"
    assert data.name == "the data frame"
    data = read_labeled(wrap(TABLE), text_column="2", label_column="stars", only="sentiment=good")
    assert (list(data.texts), list(data.labels)) == ([TEXTS[0], TEXTS[2]], ["5", "4"])


def test_lists_are_several_labels():
    frame = pa.table({"text": ["a", "b"], "labels": [["x", "y"], []]})
    assert read_labeled(frame).labels == [("x", "y"), ()]


@pytest.mark.parametrize("labels", [LABELS, [("x", "y"), (), ("x",), ("z",)]])
def test_there_and_back(labels):
    data = Labeled(TEXTS, labels)
    frame = data.to_frame("pyarrow")
    assert frame.column_names == ["text", "label"]
    again = read_labeled(frame)
    assert (again.texts, again.labels) == (TEXTS, labels)


@pytest.mark.parametrize(
    ("frame", "error", "message"),
    [
        (3, InputError, "expected a path or a data frame .* got int"),
        ([["a", "b"]], InputError, "got list"),
        (pa.chunked_array([["a", "b"]]), InputError, "got ChunkedArray"),
        (TABLE.slice(0, 0), InputError, "the data frame: expected rows, got none"),
        (
            pa.table({"text": ["a", None], "label": ["x", "y"]}),
            FormatError,
            "the data frame, line 2: expected a text",
        ),
        (
            pa.table({"text": ["a", "b"], "label": ["x", None]}),
            InputError,
            "the data frame, line 2: no label",
        ),
    ],
)
def test_what_cannot_be_read(frame, error, message):
    with pytest.raises(error, match=message):
        read_labeled(frame)


def test_a_column_that_is_not_there():
    with pytest.raises(InputError, match="the data frame: no column 'mood' for the label; there are 'id'"):
        read_labeled(TABLE, label_column="mood")


def test_libraries_that_are_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "modin", None)
    with pytest.raises(DependencyError, match="a frame of modin needs modin: pip install modin"):
        Labeled(TEXTS, LABELS).to_frame("modin")
    with pytest.raises(InputError, match=r"expected a library of data frames, .* got 'excel'"):
        Labeled(TEXTS, LABELS).to_frame("excel")
    from_arrow = narwhals.from_arrow
    monkeypatch.setattr(narwhals, "from_arrow", lambda frame, backend: from_arrow(frame, backend="modin"))
    with pytest.raises(DependencyError, match="columns of Arrow need pyarrow"):
        read_labeled(Stream(TABLE))


def test_columns_named_by_numbers():
    frame = pa.table({"0": TEXTS, "1": LABELS})
    data = read_labeled(frame, text_column=0, label_column=1)
    assert (list(data.texts), list(data.labels)) == (TEXTS, LABELS)
    data = read_labeled(TABLE, text_column=2, label_column=4)
    assert (list(data.texts), list(data.labels)) == (TEXTS, ["5", "1", "4", "2"])


def test_cells_as_numpy_has_them():
    """Frames of pandas hand out numbers, lists and sets of their own kinds."""
    assert type(_plain(np.int64(3))) is int
    assert _plain(np.bool_(True)) is True
    assert _plain(np.array(["x", "y"], object)) == ["x", "y"]
    assert _plain({"y", "x"}) == ["x", "y"]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_frames_of_other_libraries(library):
    frames = pytest.importorskip(library)
    frame = frames.DataFrame({"text": TEXTS, "label": [1, 0, 1, 0]})
    assert read_labeled(frame).labels == ["1", "0", "1", "0"]
    with pytest.raises(InputError, match="got Series"):
        read_labeled(frame["text"])


def test_frames_of_pandas():
    pandas = pytest.importorskip("pandas")
    numbers = pandas.DataFrame({"text": TEXTS, "label": pandas.array([1, 0, 1, 0], dtype="Int64")})
    assert read_labeled(numbers).labels == ["1", "0", "1", "0"]
    assert read_labeled(pandas.DataFrame({0: TEXTS, 1: LABELS})).labels == LABELS
    arrays = pandas.DataFrame({"text": TEXTS, "label": [np.array(["x", "y"]), np.array(["z"])] * 2})
    assert read_labeled(arrays).labels == [("x", "y"), ("z",)] * 2
    with pytest.raises(InputError, match="got 'text' 2 times"):
        read_labeled(pandas.DataFrame([["a", "b"]] * 3, columns=["text", "text"]))
