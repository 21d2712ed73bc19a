"""Padding and truncation at either end, by hand and against plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedkit import Sequences, pad, truncate
from embedkit.errors import InputError
from embedkit.text.sequences.sequences import joined

ROWS = [[1, 2, 3, 4], [], [5]]
ends = st.sampled_from(["pre", "post"])


@pytest.mark.parametrize(
    ("padding", "truncating", "expected"),
    [
        ("post", "post", [[1, 2, 3], [0, 0, 0], [5, 0, 0]]),
        ("post", "pre", [[2, 3, 4], [0, 0, 0], [5, 0, 0]]),
        ("pre", "post", [[1, 2, 3], [0, 0, 0], [0, 0, 5]]),
        ("pre", "pre", [[2, 3, 4], [0, 0, 0], [0, 0, 5]]),
    ],
)
def test_both_ends(padding, truncating, expected):
    assert pad(ROWS, 3, padding=padding, truncating=truncating).tolist() == expected


@given(
    st.lists(st.lists(st.integers(-(2**31), 2**31 - 1), max_size=9), max_size=9),
    st.none() | st.integers(1, 12),
    ends,
    ends,
    st.integers(-3, 3),
)
def test_rows_in_plain_python(rows, maxlen, padding, truncating, value):
    width = max(map(len, rows), default=0) if maxlen is None else maxlen
    cut = [row[:width] if truncating == "post" else row[max(0, len(row) - width) :] for row in rows]
    filled = [[value] * (width - len(row)) for row in cut]
    pairs = zip(cut, filled, strict=True)
    expected = [row + more if padding == "post" else more + row for row, more in pairs]
    found = pad(rows, maxlen, padding=padding, truncating=truncating, value=value)
    assert (found.shape, found.dtype, found.tolist()) == ((len(rows), width), np.int32, expected)
    if maxlen is not None:
        shorter = truncate(rows, maxlen, truncating=truncating)
        assert shorter.tolist() == cut


@pytest.mark.parametrize(
    "rows",
    [
        joined(ROWS),
        [np.array(row, np.uint8) for row in ROWS],
        [tuple(row) for row in ROWS],
        map(iter, ROWS),
        np.array(ROWS, object),
    ],
)
def test_all_that_holds_ids(rows):
    assert pad(rows).tolist() == [[1, 2, 3, 4], [0, 0, 0, 0], [5, 0, 0, 0]]


@pytest.mark.parametrize("longest", [20, 200])  # short and long texts are copied in different ways
@pytest.mark.parametrize("padding", ["pre", "post"])
@pytest.mark.parametrize("truncating", ["pre", "post"])
def test_sequences_are_padded_as_lists_are(longest, padding, truncating):
    generator = np.random.default_rng(1)
    rows = [generator.integers(1, 99, length).tolist() for length in generator.integers(0, longest, 50)]
    expected = []
    for row in rows:
        cut = row[:90] if truncating == "post" else row[-90:]
        filled = [0] * (90 - len(cut))
        expected.append(cut + filled if padding == "post" else filled + cut)
    arrays = [np.array(row, np.int64) for row in rows]
    for texts in (rows, arrays, joined(rows)):
        assert pad(texts, 90, padding=padding, truncating=truncating).tolist() == expected


def test_an_array_is_as_many_rows():
    rows = np.arange(6).reshape(2, 3)
    assert pad(rows, 4).tolist() == [[0, 1, 2, 0], [3, 4, 5, 0]]
    assert truncate(rows.astype(np.int64), 2).tolist() == [[0, 1], [3, 4]]


def test_a_truncated_text_is_a_value_of_the_same_kind():
    sequences = joined(ROWS)
    assert isinstance(truncate(sequences, 2), Sequences)
    assert sequences.tolist() == ROWS


IDS = "expected the ids of each text, such as .*Vocabulary.encode_all makes ids of tokens"


@pytest.mark.parametrize("call", [lambda rows: pad(rows, 2), lambda rows: truncate(rows, 2)])
@pytest.mark.parametrize(
    "rows",
    [
        "the cat",
        ["the cat"],
        [["the", "cat"]],
        [1, 2],
        7,
        [[1.5]],
        np.ones((2, 2)),
        np.arange(3),
        [[2**31]],
        [[None]],
    ],
)
def test_what_are_no_ids(call, rows):
    with pytest.raises(InputError, match=IDS):
        call(rows)


@pytest.mark.parametrize("call", [pad, truncate])
@pytest.mark.parametrize("maxlen", [0, -1, 2.0, "3", True])
def test_a_length_is_a_whole_number(call, maxlen):
    with pytest.raises(InputError, match=f"maxlen must be a whole number of at least 1, got {maxlen!r}"):
        call([[1]], maxlen)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"padding": "left"}, 'padding must be "pre" .before the ids. or "post" .after them., got \'left\''),
        ({"truncating": "end"}, "truncating must be \"pre\" .*, got 'end'"),
        ({"value": 2**31}, "value must be an id, a whole number of 32 bits, got 2147483648"),
        ({"value": None}, "value must be an id, .* got None"),
    ],
)
def test_options_that_are_none(options, message):
    with pytest.raises(InputError, match=message):
        pad(ROWS, 3, **options)
