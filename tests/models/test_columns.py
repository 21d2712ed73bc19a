"""Texts and labels come from columns of any library, and mean the same in all of them."""

import narwhals
import numpy as np
import pyarrow as pa
import pytest

from embedkit import InputError, TfidfClassifier
from embedkit.emoji.emojifier import Emojifier

TEXTS, LABELS = ["good film", "bad film"] * 10, ["pos", "neg"] * 10
LISTS = [["a", "b"], ["c"]] * 10


class Frame:
    """A table as pandas has it: its entries are those of an array, iterated are the names of its columns."""

    def __init__(self, **columns):
        self.columns = columns
        self.shape = (len(next(iter(columns.values()))), len(columns))

    def __iter__(self):
        return iter(self.columns)

    def __array__(self, dtype=None, copy=None):
        return np.array(list(zip(*self.columns.values(), strict=True)), object)


class Missing:
    """As pandas.NA: neither equal nor unequal to anything, and of no truth value."""

    def __eq__(self, other):
        return self

    __ne__ = __eq__
    __hash__ = object.__hash__

    def __bool__(self):
        raise TypeError("boolean value of NA is ambiguous")


def objects(values):
    array = np.empty(len(values), object)
    array[:] = [np.array(value) if isinstance(value, list) else value for value in values]
    return array


def series(name, values):
    library = pytest.importorskip(name)
    return library.Series(values)


COLUMNS = {
    "tuple": tuple,
    "generator": iter,
    "array": np.array,
    "objects": objects,
    "arrow": lambda values: pa.chunked_array([values[:3], values[3:]]),
    "arrow array": pa.array,
    "narwhals": lambda values: narwhals.from_native(pa.chunked_array([values]), series_only=True),
    "pandas": lambda values: series("pandas", values),
    "polars": lambda values: series("polars", values),
}


@pytest.fixture(scope="module")
def expected():
    return TfidfClassifier().fit(TEXTS, LABELS)


@pytest.mark.parametrize("column", COLUMNS.values(), ids=COLUMNS)
def test_columns_of_texts_and_labels(column, expected):
    model = TfidfClassifier().fit(column(TEXTS), column(LABELS))
    np.testing.assert_array_equal(model.predict_proba(column(TEXTS)), expected.predict_proba(TEXTS))
    assert model.classes_.tolist() == ["neg", "pos"]
    assert model.score(column(TEXTS), column(LABELS)) == 1
    assert model.score(column(TEXTS), column(LABELS[::-1])) == 0
    assert model.transform(column(TEXTS)).shape[0] == 20


@pytest.mark.parametrize("column", [COLUMNS[name] for name in COLUMNS if name != "array"])
def test_columns_of_several_labels(column):
    model = TfidfClassifier().fit(TEXTS, column(LISTS))
    assert model.classes_.tolist() == ["a", "b", "c"]
    assert model.predict(TEXTS[:2]) == [("a", "b"), ("c",)]
    assert model.score(TEXTS, column(LISTS)) == 1
    assert model.score(TEXTS, column([["a"], ["c"]] * 10)) == 0.5


@pytest.mark.parametrize(
    "table",
    [
        lambda **columns: np.array([*columns.values()]).T,
        lambda **columns: Frame(**columns),
        lambda **columns: pa.table(columns),
        lambda **columns: narwhals.from_native(pa.table(columns)),
        lambda **columns: pytest.importorskip("pandas").DataFrame(columns),
        lambda **columns: pytest.importorskip("polars").DataFrame(columns),
    ],
    ids=["array", "frame", "arrow", "narwhals", "pandas", "polars"],
)
def test_tables(table, expected):
    """One column of labels is a column; more are a matrix; of texts there must be a column."""
    column = table(label=LABELS)
    model = TfidfClassifier().fit(TEXTS, column)
    np.testing.assert_array_equal(model.predict_proba(TEXTS), expected.predict_proba(TEXTS))
    assert model.predict(TEXTS[:2]).tolist() == LABELS[:2]
    assert model.score(TEXTS, column) == expected.score(TEXTS, column) == 1
    several = table(first=[1, 0] * 10, second=[0, 1] * 10)
    matrix = TfidfClassifier().fit(TEXTS, several)
    assert matrix.predict(TEXTS[:2]).tolist() == [[1, 0], [0, 1]]
    assert matrix.score(TEXTS, several) == 1
    with pytest.raises(InputError, match=r"columns, as the model learned, got an array of shape \(20, 1\)"):
        matrix.score(TEXTS, table(first=[1, 0] * 10))
    for texts in (table(text=TEXTS), table(text=TEXTS, label=LABELS)):
        for ask in (model.predict, model.transform, lambda texts: TfidfClassifier().fit(texts, LABELS)):
            with pytest.raises(
                InputError, match=r"a column of texts, got a table .*(table\['text'\]|X\[:, 0\])"
            ):
                ask(texts)


def test_emoji_of_a_column():
    texts, emoji = ["we love her", "a ball game"] * 3, [":red_heart:", "⚾"] * 3
    expected = Emojifier(version=1).fit(texts, emoji)
    for column in (np.array(emoji)[:, None], pa.chunked_array([emoji]), Frame(label=emoji)):
        model = Emojifier(version=1).fit(texts, column)
        assert model.predict(texts).tolist() == expected.predict(texts).tolist() == ["❤️", "⚾"] * 3
        assert model.score(texts, column) == 1


@pytest.mark.parametrize("missing", [Missing(), None, float("nan"), "", np.datetime64("NaT")])
@pytest.mark.parametrize("column", [list, objects])
def test_missing_labels(column, missing):
    with pytest.raises(InputError, match=r"got none .* for 1 of 3, the first of them text 1"):
        TfidfClassifier().fit(TEXTS[:3], column(["pos", missing, "neg"]))
    with pytest.raises(InputError, match=r"got none .* for 1 of 3, the first of them text 1"):
        TfidfClassifier().fit(TEXTS[:2], [["pos", missing], ["neg"]])


def test_missing_labels_of_pandas():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(InputError, match=r"got none .* for 1 of 4, the first of them text 1"):
        TfidfClassifier().fit(TEXTS[:4], pandas.Series(["pos", None, "pos", "neg"], dtype="string"))


def test_labels_that_are_arrays_within_lists():
    with pytest.raises(InputError, match="labels that are all strings or all numbers, got ndarray"):
        TfidfClassifier().fit(TEXTS[:2], [[np.array(["a", "b"])], [np.array(["c"])]])


@pytest.mark.parametrize("texts", [None, 3, np.array("good film")])
def test_what_is_no_list_of_texts(texts, expected):
    with pytest.raises(InputError, match="expected a list of texts"):
        expected.predict(texts)
    with pytest.raises(
        InputError, match=r"got a table \(ndarray\); give one of its columns, such as X\[:, 0\]"
    ):
        expected.predict(np.array([["good film"]]))
    with pytest.raises(InputError, match=r"as text 0 .*; decode it, as bytes.decode does"):
        expected.predict([b"good film"])
    with pytest.raises(InputError, match=r"got a table \(dict\)"):
        expected.predict({"text": TEXTS})


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ([[0.5], [1.5, 2.0]] * 10, "continuous numbers such as 0.5"),
        ([["O", "B", "O"], ["B"]] * 10, r"each label of a text once, got \['O', 'B', 'O'\]"),
        ("ab" * 10, "expected a list of labels, one for each text, got str 'abab"),
        (dict(enumerate(LABELS)), "expected a list of labels, one for each text, got dict"),
    ],
)
def test_what_are_no_labels_of_texts(labels, message):
    with pytest.raises(InputError, match=message):
        TfidfClassifier().fit(TEXTS, labels)


def test_missing_labels_are_no_wrong_answers(expected):
    with pytest.raises(InputError, match=r"got none .* for 1 of 20, the first of them text 0"):
        expected.score(TEXTS, [None, *LABELS[1:]])


def test_as_many_labels_as_texts_are_scored(expected):
    with pytest.raises(InputError, match="expected a label for each of 20 texts, got 1"):
        expected.score(TEXTS, ["pos"])
